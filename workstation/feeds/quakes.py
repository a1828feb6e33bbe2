"""What USGS GeoJSON and QuakeML share: the table that gives an earthquake its severity and an event its type."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from workstation.content import folder, read_yaml
from workstation.domain.errors import ContentError
from workstation.domain.levels import Severity


@dataclass(frozen=True, slots=True)
class QuakeTable:
    """`steps`: (least magnitude, severity), greatest first. `types`: event type to our incident type or None."""

    steps: tuple[tuple[float, Severity], ...]
    types: dict[str, str | None]
    depth_types: frozenset[str]
    evaluation_modes: frozenset[str]

    def severity(self, magnitude: float | None, type_: str | None) -> str | None:
        """The severity for showing; None below the lowest step, for no magnitude and for what is no earthquake."""
        if magnitude is None or type_ is None:
            return None
        return next((step.value for least, step in self.steps if magnitude >= least), None)


@cache
def quake_table() -> QuakeTable:
    """`resources/mappings/quakes.yaml`. Raises ContentError."""
    path = folder("resources") / "mappings" / "quakes.yaml"
    found: dict[str, Any] = read_yaml(path)
    try:
        steps = tuple((float(row["magnitude"]), Severity(row["severity"])) for row in found["severity"])
        types = {str(name): code for name, code in found["types"].items()}
        return QuakeTable(
            tuple(sorted(steps, reverse=True)),
            types,
            frozenset(found["depth_types"]),
            frozenset(found["evaluation_modes"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ContentError(path.name, "", str(error)) from error
