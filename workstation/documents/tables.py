"""The tables of an incident's report: rows of plain text, masked, in the language asked for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workstation.domain.clock import CITY_ZONE
from workstation.domain.records import Alarm, Report, Step, Task
from workstation.intake.values import value_in
from workstation.security.masking import scrub
from workstation.situation import Base, Claim, Conflict, Name, TimelineLine
from workstation.words import catalogue, reworded, tell

BAR_PX = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """`look`: a class of the template's styles; `bar`: the length of a bar before the text, in pixels."""

    text: str
    look: str = ""
    bar: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """One part of the report. No rows: the part says that there is none."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Speaker:
    """The words of one language, whatever the desk's own is. `names`: Chinese and English name of streets, offices
    and places by what the records hold of them."""

    language: str
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def t(self, key: str, **values: object) -> str:
        return tell(self.language, key, **values)

    def word(self, prefix: str, value: str | None) -> str:
        """The word for a code; the code itself where the catalogue has none, "unknown" for nothing."""
        if value is None:
            return self.t("unknown")
        key = f"{prefix}.{value}"
        return self.t(key) if key in catalogue() else value

    def name(self, code: str | None) -> str:
        """The name of a street, an office or a place; what the record holds where there is no other."""
        return self.pick(*self.names.get(code, (code, code))) if code else self.t("unknown")

    def by(self, station: str, author: str) -> str:
        """Who wrote an entry: a person by name, a rule by what it does."""
        rule = author.removeprefix("rule:")
        return f"{station} {self.word('desk.author', rule) if rule != author else author}"

    def at(self, moment: datetime | None) -> str:
        return "—" if moment is None else moment.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M:%S")

    def clock(self, moment: datetime | None) -> str:
        return "—" if moment is None else moment.astimezone(CITY_ZONE).strftime("%H:%M:%S")

    def pick(self, zh: str | None, en: str | None) -> str:
        return (zh or en if self.language == "zh" else en or zh) or ""


def timeline_table(lines: Iterable[TimelineLine], subjects: Mapping[str, Name], say: Speaker) -> Table:
    """What was done when and by whom; `subjects` names on what, by a line's reference."""
    rows = []
    for line in lines:
        act = say.word("act", line.act)
        late = f" [{say.t('document.late')}]" if line.late else ""
        named = say.pick(*subjects.get(line.ref, ("", "")))
        on = f" · {scrub(named)}" if named else ""
        what = f"{act}{on}{late}" + (f" — {scrub(reworded(line.reason, say.language))}" if line.reason else "")
        rows.append((Cell(say.at(line.at)), Cell(say.by(line.station, line.author)), Cell(what)))
    return _table(say, "timeline", ("time", "who", "what"), rows)


def task_table(tasks: Iterable[Task], steps: Iterable[Step], say: Speaker) -> Table:
    """A task that carries out a step is called as the step is."""
    called = {step.id: say.pick(step.title_zh, step.title_en) for step in steps}
    rows = [
        (
            Cell(say.clock(one.sent_at)),
            Cell(scrub(called.get(one.step or "") or one.title or "")),
            Cell(say.name(one.office)),
            Cell(say.word("task.state", one.state)),
            Cell(say.clock(one.delivered_at)),
            Cell(say.clock(one.done_at)),
            Cell(scrub(one.result or one.return_reason or "")),
        )
        for one in sorted(tasks, key=lambda task: (task.sent_at is None, task.sent_at, task.id))
    ]
    return _table(say, "tasks", ("sent", "task", "office", "state", "delivered", "done", "result"), rows)


def step_table(steps: Iterable[Step], say: Speaker) -> Table:
    rows = [
        (
            Cell(one.step or ""),
            Cell(say.pick(one.title_zh, one.title_en)),
            Cell(say.word("role", one.role)),
            Cell(say.word("step.state", one.state)),
            Cell(say.clock(one.planned_at)),
            Cell(say.clock(one.done_at), one.overrun or ""),
            Cell(say.word("overrun", one.overrun), one.overrun or ""),
        )
        for one in sorted(steps, key=lambda step: (step.run or "", step.position or 0, step.id))
    ]
    return _table(say, "steps", ("step", "what", "role", "state", "planned", "actual", "result"), rows)


def report_table(reports: Iterable[Report], say: Speaker, caller: Callable[[Report], str]) -> Table:
    """`caller` gives the masked name and number of who called."""
    rows = []
    for one in sorted(reports, key=lambda report: (report.received_at is None, report.received_at, report.id)):
        score = "—" if one.score is None else f"{one.score:.2f}"
        bar = round((one.score or 0) * BAR_PX)
        rows.append(
            (
                Cell(say.clock(one.received_at or one.occurred_at)),
                Cell(say.word("desk.source", (one.source or "").partition(":")[0] or None)),
                Cell(scrub(one.text or one.title or "")),
                Cell(caller(one)),
                Cell(score, bar=bar),
            )
        )
    return _table(say, "reports", ("time", "source", "text", "caller", "score"), rows)


def alarm_table(alarms: Iterable[Alarm], say: Speaker, sensor: Callable[[str], str]) -> Table:
    """`sensor` gives an instrument's name."""
    rows = [
        (
            Cell(say.clock(one.raised_at)),
            Cell(sensor(one.sensor) if one.sensor else say.name(one.place)),
            Cell(say.word("severity", one.peak or one.level)),
            Cell("—" if one.value is None else f"{one.value:.4g} {one.unit or ''}"),
            Cell(say.clock(one.cleared_at)),
            Cell(say.word("alarm.state", one.state)),
        )
        for one in sorted(alarms, key=lambda alarm: (alarm.raised_at is None, alarm.raised_at, alarm.id))
    ]
    return _table(say, "alarms", ("time", "sensor", "peak", "value", "cleared", "state"), rows)


def conflict_table(conflicts: Iterable[tuple[Conflict, Base]], say: Speaker) -> Table:
    """Each disagreement with what all had seen before, and who decided it, when and why."""
    rows = []
    for one, base in conflicts:
        decision = "" if one.decision is None else f"{_claim(one, one.decision, say)} — {scrub(one.decision.reason)}"
        rows.append(
            (
                Cell(f"{say.word('desk.kind', one.kind)} · {say.word('desk.field', one.field)}"),
                Cell(_base(one, base, say)),
                Cell(" / ".join(_claim(one, claim, say) for claim in one.heads)),
                Cell(say.word("conflict.state", one.state)),
                Cell(decision),
            )
        )
    return _table(say, "conflicts", ("field", "base", "said", "state", "decision"), rows)


def _base(conflict: Conflict, base: Base, say: Speaker) -> str:
    if base.claim is None:
        return say.t("document.nothing_said" if base.is_known else "unknown")
    return _claim(conflict, base.claim, say)


def _claim(conflict: Conflict, claim: Claim, say: Speaker) -> str:
    value = scrub(value_in(say.language, say.name, (conflict.kind, conflict.field), claim.value))
    return f"{value} ({say.by(claim.station, claim.author)}, {say.at(claim.at)})"


def _table(say: Speaker, title: str, columns: tuple[str, ...], rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(say.t(f"document.{title}"), tuple(say.t(f"document.{name}") for name in columns), tuple(rows))
