"""Incidents that a call may be about, as the call form lists them: how far, how long ago, and why they are alike."""

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.call import CallNotes
from workstation.domain.geometry import distance_m
from workstation.domain.records import Incident
from workstation.intake.similar import Likeness
from workstation.views.ages import age
from workstation.views.row_table import Column, Shown

SHARES = ("kind", "words", "number")
FULL = 100


@dataclass(frozen=True, slots=True)
class KnownLikeness:
    """A likeness with the words its incident is known by, and the call it was found for."""

    likeness: Likeness
    title: str
    incident: Incident | None
    call: CallNotes


def likeness_columns() -> list[Column[KnownLikeness]]:
    return [
        Column("desk.col.incident", lambda row: Shown(row.title)),
        Column(
            "desk.col.likeness", lambda row: Shown(_points(row.likeness.score), bar=min(1.0, row.likeness.score)), 110
        ),
        Column("intake.part.distance", lambda row: _known(_distance(row)), 80),
        Column("intake.part.time", lambda row: _known(_ago(row)), 110),
        *(_share(name) for name in SHARES),
    ]


def _distance(row: KnownLikeness) -> str:
    call, known = row.call, row.incident
    if known is None or known.lat is None or known.lon is None or call.lat is None or call.lon is None:
        return ""
    metres = distance_m(call.lat, call.lon, known.lat, known.lon)
    return f"{metres:.0f} m" if metres < 10_000 else f"{metres / 1000:.0f} km"


def _ago(row: KnownLikeness) -> str:
    at: datetime | None = None if row.incident is None else row.incident.occurred_at or row.incident.opened_at
    return "" if at is None else age(at, row.call.at)


def _share(name: str) -> Column[KnownLikeness]:
    """What a likeness owes to one thing that is the same, in points of a hundred."""

    def shown(row: KnownLikeness) -> Shown:
        value = row.likeness.parts.get(name)
        return _known("" if value is None else f"+{_points(value)}")

    return Column(f"intake.part.{name}", shown, 60)


def _known(text: str) -> Shown:
    return Shown(text, "text2") if text else Shown("—", "muted")


def _points(share: float) -> str:
    return f"{round(share * FULL)}"
