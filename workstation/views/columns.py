"""What each list of the desk shows of a row: words for codes, ages with words, unknown as a word."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import isnan

from workstation.domain.happenings import ClosedIncident
from workstation.domain.records import Alarm, Incident, Located, Quarantine, Record, Report, Source, Step, Task, Verdict
from workstation.intake.rules import kinds
from workstation.intake.titles import title_in
from workstation.situation import TimelineLine
from workstation.views.ages import age, clock_text, due_words, short_time
from workstation.views.row_table import Column, Shown, severity_shown
from workstation.views.snapshot import QueueRow, severity_of
from workstation.views.workplace import Workplace
from workstation.words import catalogue, language, pick, reworded, say_again, t

Now = Callable[[], datetime]
NameOf = Callable[[str | None], str]


@dataclass(frozen=True, slots=True)
class SensorNow:
    """A sensor's name and its newest value; None where nothing was measured."""

    name: str = ""
    value: float | None = None


TOLD = ("level", "deaths", "missing", "injured", "trapped")
TELLING = ("incident.level.set", "incident.casualties.set", "conflict.decide")
"""The acts whose values a line tells, and which of them."""
_ROW = re.compile(r"(?P<sheet>.*?) ?row (?P<number>\d+)")
FINISHED = ("done", "skipped", "not_applicable")
"""The states of a step at which nothing more is to be done."""
OVERRUN_COLOUR = {"yellow": "yellow_iii", "red": "red_i", "escalated": "red_i"}


def word(prefix: str, value: str | None) -> str:
    """The word for a code; the code where there is none, "unknown" for nothing."""
    if value is None:
        return t("unknown")
    key = f"{prefix}.{value}"
    return t(key) if key in catalogue() else value


def kind_word(code: str | None) -> str:
    """A type of incident by its name in the table of types."""
    kind = kinds().get(code or "")
    return f"{code} {pick(kind.zh, kind.en)}" if kind else t("unknown")


def author_text(author: str) -> str:
    """A person by name, a rule by what it does; whose words may not be read here is said so."""
    if not author:
        return t("inbox.withheld")
    return word("desk.author", author.removeprefix("rule:")) if author.startswith("rule:") else author


def title_of(incident: Incident, name_of: NameOf) -> str:
    """An incident's title in the current language; of one that is closed to who sits here, that it is."""
    if isinstance(incident, ClosedIncident):
        return t("restriction.vacant" if incident.is_vacant else "member.closed")
    return title_in(language(), incident, name_of)


def title_on_map(workplace: Workplace, kind: str, id_: str) -> str | None:
    """The title of what the pointer is over on the map, where it is an incident."""
    incident = workplace.situation().get(Incident, id_) if kind == "incident" else None
    return title_of(incident, workplace.name_of) if incident else None


def subject_text(record: Record | None, name_of: NameOf) -> str:
    """What a line or a dispute is about, in the current language: empty for a record that bears no name."""
    if isinstance(record, Incident):
        return title_of(record, name_of)
    if isinstance(record, Source):
        return _source(record.name or record.id)
    if isinstance(record, Located) and record.place:
        return name_of(record.place)
    if isinstance(record, Verdict):
        return record.id
    return (
        pick(getattr(record, "name_zh", None), getattr(record, "name_en", None)) or getattr(record, "title", None) or ""
    )


def queue_columns(now: Now, name_of: NameOf) -> list[Column[QueueRow]]:
    return [
        Column("desk.col.severity", lambda row: severity_shown(row.severity, row.incident.state == "reported"), 112),
        Column("desk.col.incident", lambda row: Shown(title_of(row.incident, name_of))),
        Column("desk.col.state", lambda row: Shown(word("incident.state", row.incident.state), "text2"), 86, 480),
        Column("desk.col.due", lambda row: _due(row, now()), 92),
        Column("desk.col.age", lambda row: Shown(age(row.incident.opened_at, now()), "text2"), 104, 460),
    ]


def _due(row: QueueRow, now: datetime) -> Shown:
    if row.due is None:
        return Shown("—", "muted")
    return Shown(due_words(row.due.at, now), "red_i" if row.due.at < now else "text")


def alarm_columns(now: Now, sensors: Callable[[str], SensorNow], name_of: NameOf) -> list[Column[Alarm]]:
    """`sensors` gives a sensor with its newest measurement, which moves on while the alarm stands. Its age is since it
    came to its present level: one that has just become worse is new."""
    return [
        Column("desk.col.severity", lambda one: _alarm_mark(one), 112),
        Column("desk.col.alarm", lambda one: Shown(sensors(one.sensor or "").name or _group(one, name_of))),
        Column("desk.col.value", lambda one: _value(one, sensors(one.sensor or "")), 96),
        Column("desk.col.state", lambda one: Shown(word("alarm.state", one.state), _alarm_colour(one)), 104),
        Column("desk.col.age", lambda one: Shown(age(one.observed_at or one.raised_at, now()), "text2"), 104, 520),
    ]


def _group(one: Alarm, name_of: NameOf) -> str:
    """What an alarm without one sensor is about: how many fell silent, and where."""
    if one.indicator != "source_silence":
        return one.place or one.id
    where = name_of(one.place) if one.place else t("desk.everywhere")
    return t("desk.silent", count=round(one.value or 0), where=where)


def _alarm_mark(one: Alarm) -> Shown:
    filled = one.state in ("raised", "returned")
    stale = bool(one.stale) or one.state == "cleared"
    return severity_shown(severity_of(one), filled, stale)


def _value(one: Alarm, sensor: SensorNow) -> Shown:
    """The newest value while the alarm stands; at the end the one it was cleared by. Not a number is unknown."""
    if one.stale:
        return Shown(t("quality.stale"), "muted")
    value = one.value if sensor.value is None or one.state == "cleared" else sensor.value
    if value is not None and isnan(value):
        return Shown(t("unknown"), "muted")
    unit = t("desk.sensors") if one.indicator == "source_silence" else one.unit or ""
    return Shown("—" if value is None else f"{value:.4g} {unit}")


def _alarm_colour(one: Alarm) -> str:
    return {"raised": "text", "returned": "yellow_iii", "cleared": "muted"}.get(one.state or "", "text2")


def log_columns(
    about: Callable[[TimelineLine], str] | None = None, named: Callable[[TimelineLine], str] = lambda line: ""
) -> list[Column[TimelineLine]]:
    """`about` names what a line is about, where the list is not about one incident; `named` what of the incident it
    speaks of."""
    columns: list[Column[TimelineLine]] = [
        Column("desk.col.time", lambda line: Shown(clock_text(line.at), "text2"), 76),
        Column("desk.col.station", lambda line: Shown(line.station, "text2"), 54, 380),
        Column("desk.col.who", lambda line: Shown(author_text(line.author), "text2"), 84),
        Column(
            "desk.col.what", lambda line: Shown(said_text(line, named(line)), "yellow_iii" if line.late else "text")
        ),
    ]
    if about is not None:
        columns.append(Column("desk.col.about", lambda line: Shown(about(line), "text2"), 190, 500))
    return columns


def said_text(line: TimelineLine, named: str = "") -> str:
    """What a line says: the act, on what, the values that matter of it, why."""
    late = f"[{t('document.late')}] " if line.late else ""
    values = "".join(f" · {word('desk.field', one.field)} {one.value}" for one in line.changes if one.field in TOLD)
    reason = f" — {reworded(line.reason)}" if line.reason else ""
    on = f" · {named}" if named else ""
    return f"{late}{word('act', line.act)}{on}{values if line.act in TELLING else ''}{reason}"


def task_columns(now: Now, said: Callable[[Task], str]) -> list[Column[Task]]:
    """`said` gives a task's title in the current language."""
    return [
        Column("desk.col.task", lambda one: Shown(said(one))),
        Column("desk.col.office", lambda one: Shown(one.office or "—", "text2"), 54),
        Column("desk.col.state", lambda one: Shown(word("task.state", one.state)), 92, 400),
        Column("desk.col.delivered", lambda one: _delivered(one), 96),
        Column("desk.col.due", lambda one: _task_due(one, now()), 96),
    ]


def _delivered(one: Task) -> Shown:
    if one.delivered_at is None:
        phoned = t("desk.phoned", name=one.phoned_by) if one.phoned_by else t("desk.not_delivered")
        return Shown(phoned, "yellow_iii")
    return Shown(short_time(one.delivered_at), "text2")


def _task_due(one: Task, now: datetime) -> Shown:
    if one.done_at is not None:
        return Shown(t("desk.done_at", time=short_time(one.done_at)), "text2")
    late = one.due_at is not None and one.due_at < now
    return Shown(due_words(one.due_at, now), "red_i" if late else "text")


def step_columns(now: Now) -> list[Column[Step]]:
    return [
        Column("desk.col.step", lambda one: Shown(one.step or "", "text2"), 46),
        Column("desk.col.what", lambda one: Shown(pick(one.title_zh, one.title_en))),
        Column("desk.col.role", lambda one: Shown(word("role", one.role), "text2"), 86, 400),
        Column("desk.col.state", lambda one: _step_state(one), 96),
        Column("desk.col.due", lambda one: _step_due(one, now()), 100),
    ]


def _step_state(one: Step) -> Shown:
    return Shown(word("step.state", one.state), "muted" if one.state in FINISHED else "text")


def _step_due(one: Step, now: datetime) -> Shown:
    if one.state in FINISHED:
        return Shown(short_time(one.done_at), "muted")
    return Shown(due_words(one.due_at, now), OVERRUN_COLOUR.get(one.overrun or "", "text"))


def report_columns() -> list[Column[Report]]:
    return [
        Column("desk.col.time", lambda one: Shown(short_time(one.received_at or one.occurred_at), "text2"), 56),
        Column("desk.col.source", lambda one: Shown(_source(one.source), "text2"), 76, 420),
        Column("desk.col.text", lambda one: Shown(one.text or one.title or "—")),
        Column("desk.col.likeness", lambda one: _likeness(one), 116),
        Column("desk.col.merge", lambda one: Shown(word("desk.merge", one.merge), "text2"), 76),
    ]


def _source(source: str | None) -> str:
    """A source by its name; what follows a colon says which table or desk it came through."""
    return word("desk.source", source.partition(":")[0] if source else None)


def _likeness(one: Report) -> Shown:
    return Shown("—", "muted") if one.score is None else Shown(f"{one.score:.2f}", bar=min(1.0, one.score))


def source_columns(now: Now) -> list[Column[Source]]:
    return [
        Column("desk.col.source", lambda one: Shown(_source(one.name or one.id)), 120),
        Column("desk.col.state", lambda one: _source_state(one), 96),
        Column("desk.col.since", lambda one: Shown(age(one.since, now()), "text2"), 130),
        Column("desk.col.reason", lambda one: Shown(one.reason or "", "text2")),
    ]


def _source_state(one: Source) -> Shown:
    good = one.state == "ok"
    return Shown(word("desk.feed", one.state), "text" if good else "muted")


def quarantine_columns() -> list[Column[Quarantine]]:
    return [
        Column("desk.col.time", lambda one: Shown(clock_text(one.received_at), "text2"), 76),
        Column("desk.col.source", lambda one: Shown(_source(one.source)), 96),
        Column("desk.col.record", lambda one: Shown(_record(one.record)), 110),
        Column("desk.col.field", lambda one: Shown(one.field or "—", "text2"), 130, 420),
        Column("desk.col.reason", lambda one: Shown(_why(one))),
    ]


def _record(name: str | None) -> str:
    """Which record it is, as its source has it; the row of a table in the desk's language."""
    row = _ROW.fullmatch(name or "")
    return t("desk.record.row", sheet=row["sheet"], number=row["number"]).strip() if row else name or "—"


def _why(one: Quarantine) -> str:
    """The reason in the desk's language, where it is known how to say it."""
    told = say_again(one.reason_key or "", one.reason_values or {})
    return told or one.reason or "—"


def identity(row: QueueRow | Quarantine | Alarm | Report | Step | Task | Source | TimelineLine) -> str:
    """What a row is known by."""
    if isinstance(row, QueueRow):
        return row.incident.id
    return row.ref if isinstance(row, TimelineLine) else row.id
