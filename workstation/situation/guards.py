"""What no command would have allowed and came about because stations were apart, and what speaks of what is not here.

Both are computed from the tables alone, so every station that holds the same entries lists the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workstation.domain.clock import parse_iso
from workstation.situation.readable import Readable
from workstation.situation.timeline import MEMBERS

MOST = 200


@dataclass(frozen=True, slots=True)
class Breach:
    """A record in a state its guards forbid. `rule` names the guard: `task_on_finished`, a task open on an incident
    that is finished; `unit_twice`, a unit committed to several incidents. `incidents` are the ones concerned."""

    rule: str
    kind: str
    id: str
    incidents: tuple[str, ...]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Awaited:
    """A record that speaks of an incident which has not arrived."""

    kind: str
    id: str
    incident: str


_TASKS = """
select t.id, t.incident, t.sent_at, i.closed_at, i.ended_at from task t cross join incident i
where i.id = t.incident and t.state in ('sent', 'delivered', 'acknowledged', 'under_way', 'on_scene')
and coalesce(t.deleted, 0) = 0 and i.state in ('closed', 'false_report', 'merged', 'handed_over')
order by t.id limit ?
"""
_UNITS = """
select a.unit, a.incident, a.assigned_at from assignment a
where a.released_at is null and coalesce(a.deleted, 0) = 0 and a.incident is not null and a.unit in (
  select unit from assignment where released_at is null and coalesce(deleted, 0) = 0 and unit is not null
  group by unit having count(distinct incident) > 1
)
order by a.unit, a.incident limit ?
"""


def breaches_of(db: Readable) -> list[Breach]:
    tasks = [
        Breach(
            "task_on_finished",
            "task",
            row["id"],
            (row["incident"],),
            _latest([row["sent_at"], row["closed_at"] or row["ended_at"]]),
        )
        for row in db.query(_TASKS, [MOST])
    ]
    units = [
        Breach(
            "unit_twice",
            "unit",
            unit,
            tuple(dict.fromkeys(row["incident"] for row in rows)),
            _latest([row["assigned_at"] for row in rows]),
        )
        for unit, rows in _by_unit(db.query(_UNITS, [MOST])).items()
    ]
    return tasks + units


def _by_unit(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    grouped: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["unit"]].append(row)
    return grouped


def awaited_references(db: Readable) -> list[Awaited]:
    """Looked up through the index of incidents named, so that a hundred thousand reports cost one step each."""
    found: list[Awaited] = []
    for kind in MEMBERS:
        sql = (
            f"select r.id, r.incident from (select distinct incident from \"{kind}\" where incident > '') named"
            f' cross join "{kind}" r where r.incident = named.incident'
            " and not exists (select 1 from incident i where i.id = named.incident) and coalesce(r.deleted, 0) = 0"
            " order by r.id limit ?"
        )
        found += [Awaited(kind, row["id"], row["incident"]) for row in db.query(sql, [MOST])]
    return found


def _latest(times: Iterable[str | None]) -> datetime | None:
    known = [time for time in times if time]
    return parse_iso(max(known)) if known else None
