"""The names that conditions may use: what each means, its unit, and which of the city's instruments measure it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from workstation.content import folder, read_yaml
from workstation.domain.errors import ContentError
from workstation.words import pick


@dataclass(frozen=True, slots=True)
class Indicator:
    """`sensors`: types of sensor whose values it is; `incident`: the field of the incident it reads; `calls`: report
    types counted over `minutes`; `alert`: the kind of warning whose colour it is. None of them: somebody enters it."""

    name: str
    zh: str
    en: str
    unit: str = ""
    sensors: tuple[str, ...] = ()
    above: float | None = None
    incident: str = ""
    calls: tuple[str, ...] = ()
    minutes: float = 30.0
    alert: str = ""

    @property
    def label(self) -> str:
        return pick(self.zh, self.en)


@cache
def indicators() -> Mapping[str, Indicator]:
    """All of them by name. Raises ContentError naming the row that cannot be read."""
    path = folder("resources") / "tables" / "indicators.yaml"
    found = {}
    for name, row in read_yaml(path)["indicators"].items():
        try:
            lists = {key: tuple(row[key]) for key in ("sensors", "calls") if key in row}
            found[name] = Indicator(name, **{**row, **lists})
        except TypeError as error:
            raise ContentError(path.name, name, str(error)) from error
    return found


@cache
def known_names() -> frozenset[str]:
    return frozenset(indicators())
