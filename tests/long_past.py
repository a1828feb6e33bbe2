"""What a centre's journal is mostly of: incidents long over; and a few that are not, as old as they may be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import KINDS
from workstation.journal import Journal

OPEN = ("fire", "flood")
Rows = dict[str, dict[str, tuple[Any, ...]]]


def long_over(first: int, end: int) -> Iterator[Draft]:
    """Incidents with a report, a task, a unit on the way and a line of the log, from the call to the closure."""
    for number in range(first, end):
        name, unit = f"old{number}", f"u{number % 3}"
        told = set_fields("incident", name, title=f"第{number}起", level="III", state="reported")
        yield Draft("wang", "incident.open", (*told, *set_fields("report", f"r:{name}", incident=name, text="积水")))
        ordered = set_fields("task", f"t:{name}", incident=name, title="到场核实", state="sent", office="JD03")
        yield Draft("wang", "task.send", ordered)
        yield Draft("wang", "unit.state", set_fields("unit", unit, state="dispatched", place=name))
        yield Draft("wang", "log.add", set_fields("log", f"l:{name}", incident=name, text="到场"))
        yield Draft("wang", "task.done", set_fields("task", f"t:{name}", state="done", result="积水已退"))
        closed = (*set_fields("incident", name, state="closed"), *set_fields("unit", unit, state="available"))
        yield Draft("wang", "incident.close", closed)


def not_over(names: Iterable[str] = OPEN) -> Iterator[Draft]:
    """What was begun as long ago and is not over: incidents with all that belongs to them, an alarm, a unit's name."""
    for name in names:
        told = set_fields("incident", name, title=f"{name}积水", level="IV", state="reported", deaths=0)
        yield Draft("wang", "incident.open", (*told, *set_fields("report", f"r:{name}", incident=name, text="被困")))
        yield Draft("wang", "run.start", set_fields("run", f"run:{name}", incident=name, state="running"))
        yield Draft("wang", "step.begin", set_fields("step", f"s:{name}", incident=name, state="active"))
        yield Draft("wang", "task.send", set_fields("task", f"t:{name}", incident=name, state="sent"))
        yield Draft("wang", "task.done", set_fields("task", f"t:{name}", state="done"))
        yield Draft("wang", "assign", set_fields("assignment", f"a:{name}", incident=name, unit="u1"))
        yield Draft("wang", "incident.note", set_fields("incident", name, summary="水深一米"))
    yield Draft("rule:threshold", "alarm.raise", set_fields("alarm", "alarm:s1", state="raised", level="II"))
    yield Draft("content", "unit.found", set_fields("unit", "u9", name_zh="九号泵车", state="available"))


def drawn_in(old: str) -> Draft:
    """An entry about an open incident that also speaks of one that is over."""
    both = (*set_fields("incident", "flood", place="人民路"), *set_fields("incident", old, summary="与人民路同因"))
    return Draft("wang", "incident.note", both)


@dataclass(frozen=True)
class Shown:
    """Every row that a station's tables show, by kind and id, and its inbox."""

    rows: Rows
    inbox: list[Any]

    @classmethod
    def of(cls, journal: Journal) -> "Shown":
        execute = journal.store.connection.execute
        rows = {kind: {row[0]: tuple(row) for row in execute(f'select * from "{kind}"')} for kind in KINDS}
        return cls(rows, journal.situation.conflicts(state="open"))

    def otherwise(self, there: "Shown") -> list[tuple[str, str]]:
        """Records that are shown otherwise than there."""
        return [(kind, name) for kind, name, row in self._all() if row != there.rows[kind].get(name)]

    def untrue(self, there: "Shown") -> list[tuple[str, str]]:
        """Records of which something is shown that is not so there, be it less than there."""
        return [
            (kind, name)
            for kind, name, row in self._all()
            if any(one not in (None, other) for one, other in zip(row, there.rows[kind][name], strict=True))
        ]

    def _all(self) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
        return ((kind, name, row) for kind, rows in self.rows.items() for name, row in rows.items())

    def names(self, kind: str) -> set[str]:
        return set(self.rows[kind])
