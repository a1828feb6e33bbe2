"""The rules of intake: weights, thresholds, radii and windows by kind, from `resources/intake.yaml`.

A file and not constants, because a city learns its own values, and switches automatic merging off for a kind by
setting its threshold above 1. Restricted kinds never merge by themselves, whatever the file says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from workstation.content import folder, read_yaml
from workstation.domain.errors import ContentError

PARTS = ("distance", "time", "kind", "words")


@dataclass(frozen=True, slots=True)
class KindRule:
    """For one kind: how far apart in metres and minutes two words about one incident may be, and when it joins."""

    radius_m: float
    window_min: float
    automatic: float


@dataclass(frozen=True, slots=True)
class Rules:
    """See the file for what each value means."""

    weights: Mapping[str, float]
    number_bonus: float
    same_family: float
    same_area: float
    proposed: float
    known: float
    default: KindRule
    kinds: Mapping[str, KindRule]
    family: Mapping[str, int]
    reach_km: Mapping[str, float]
    complaints: frozenset[str]
    restricted: frozenset[str]

    def of(self, kind: str | None) -> KindRule:
        return self.kinds.get(kind or "", self.default)

    def reach_of(self, kind: str | None) -> float:
        return self.reach_km.get(kind or "", self.reach_km["default"])

    def alike(self, first: str, second: str) -> float:
        """The kind part: 1 the same, `same_family` easily confused, 0 else."""
        if first == second:
            return 1.0
        family = self.family.get(first)
        return self.same_family if family is not None and family == self.family.get(second) else 0.0


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table of incident types."""

    code: str
    zh: str
    en: str
    restricted: bool

    @property
    def short(self) -> tuple[str, str]:
        """Its Chinese and English name without what stands in brackets."""
        zh, en = (name.split("(")[0].strip() for name in (self.zh, self.en))
        return zh, en


@cache
def kinds() -> dict[str, Kind]:
    """The incident types by code."""
    rows = read_yaml(folder("resources") / "tables" / "incident_types.yaml")["types"]
    return {row["code"]: Kind(row["code"], row["zh"], row["en"], bool(row.get("restricted"))) for row in rows}


@cache
def read_rules() -> Rules:
    """The rules of this installation. Raises ContentError for a value that is missing or no number."""
    path = folder("resources") / "intake.yaml"
    try:
        return _rules(read_yaml(path))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ContentError(path.name, "", f"{type(error).__name__}: {error}") from error


def _rules(table: Mapping[str, Any]) -> Rules:
    default = KindRule(
        float(table["default"]["radius_m"]), float(table["default"]["window_min"]), float(table["automatic"])
    )
    weights = {part: float(table["weights"][part]) for part in PARTS}
    if abs(sum(weights.values()) - 1.0) > 1e-9:
        raise ValueError("weights must add up to 1")
    return Rules(
        weights=weights,
        number_bonus=float(table["number_bonus"]),
        same_family=float(table["same_family"]),
        same_area=float(table["same_area"]),
        proposed=float(table["proposed"]),
        known=float(table["known"]),
        default=default,
        kinds={code: _kind_rule(row, default) for code, row in table["kinds"].items()},
        family={code: number for number, codes in enumerate(table["families"]) for code in codes},
        reach_km={code: float(value) for code, value in table["reach_km"].items()},
        complaints=frozenset(map(str, table["complaints"])),
        restricted=frozenset(kind.code for kind in kinds().values() if kind.restricted),
    )


def _kind_rule(row: Mapping[str, Any], default: KindRule) -> KindRule:
    return KindRule(
        float(row.get("radius_m", default.radius_m)),
        float(row.get("window_min", default.window_min)),
        float(row.get("automatic", default.automatic)),
    )
