"""What each list of the desk shows of a row: words for codes, ages with words, unknown as a word."""

from collections.abc import Callable
from datetime import datetime

from workstation.domain.records import Alarm, Report, Source, Step, Task
from workstation.intake.rules import kinds
from workstation.situation import Conflict, TimelineLine
from workstation.views.ages import age, clock_text, due_words, short_time
from workstation.views.palette import SeverityMark
from workstation.views.row_table import Column, Shown, severity_shown
from workstation.views.snapshot import QueueRow, severity_of
from workstation.words import catalogue, pick, t

Now = Callable[[], datetime]
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


def queue_columns(now: Now) -> list[Column[QueueRow]]:
    return [
        Column("desk.col.severity", lambda row: severity_shown(row.severity, row.incident.state == "reported"), 118),
        Column("desk.col.incident", lambda row: Shown(row.incident.title or row.incident.id)),
        Column("desk.col.state", lambda row: Shown(word("incident.state", row.incident.state), "text2"), 66),
        Column("desk.col.due", lambda row: _due(row, now()), 96),
        Column("desk.col.age", lambda row: Shown(age(row.incident.opened_at, now()), "text2"), 84),
    ]


def _due(row: QueueRow, now: datetime) -> Shown:
    if row.due is None:
        return Shown("—", "muted")
    return Shown(due_words(row.due.at, now), "red_i" if row.due.at < now else "text")


def alarm_columns(now: Now) -> list[Column[Alarm]]:
    return [
        Column("desk.col.severity", lambda one: _alarm_mark(one), 118),
        Column("desk.col.alarm", lambda one: Shown(one.place or one.sensor or one.id)),
        Column("desk.col.value", lambda one: _value(one), 104),
        Column("desk.col.state", lambda one: Shown(word("alarm.state", one.state), _alarm_colour(one)), 104),
        Column("desk.col.age", lambda one: Shown(age(one.raised_at, now()), "text2"), 84),
    ]


def _alarm_mark(one: Alarm) -> Shown:
    severity = severity_of(one)
    if severity is None:
        return Shown(t("unknown"), "muted")
    filled = one.state in ("raised", "returned")
    stale = bool(one.stale) or one.state == "cleared"
    return Shown(t(f"severity.{severity.value}"), "muted" if stale else "text", SeverityMark(severity, filled, stale))


def _value(one: Alarm) -> Shown:
    if one.stale:
        return Shown(t("quality.stale"), "muted")
    return Shown("—" if one.value is None else f"{one.value:g} {one.unit or ''}")


def _alarm_colour(one: Alarm) -> str:
    return {"raised": "text", "returned": "yellow_iii", "cleared": "muted"}.get(one.state or "", "text2")


def log_columns() -> list[Column[TimelineLine]]:
    return [
        Column("desk.col.time", lambda line: Shown(clock_text(line.at), "text2"), 78),
        Column("desk.col.station", lambda line: Shown(line.station), 64),
        Column("desk.col.who", lambda line: Shown(_author(line.author), "text2"), 104),
        Column("desk.col.what", lambda line: Shown(_said(line), "yellow_iii" if line.late else "text")),
    ]


def _author(author: str) -> str:
    return word("desk.author", author.removeprefix("rule:")) if author.startswith("rule:") else author


def _said(line: TimelineLine) -> str:
    late = f"[{t('document.late')}] " if line.late else ""
    reason = f" — {line.reason}" if line.reason else ""
    return f"{late}{word('act', line.act)}{reason}"


def task_columns(now: Now) -> list[Column[Task]]:
    return [
        Column("desk.col.task", lambda one: Shown(one.title or one.id)),
        Column("desk.col.office", lambda one: Shown(one.office or "—", "text2"), 60),
        Column("desk.col.state", lambda one: Shown(word("task.state", one.state)), 76),
        Column("desk.col.delivered", lambda one: _delivered(one), 92),
        Column("desk.col.due", lambda one: _task_due(one, now()), 96),
    ]


def _delivered(one: Task) -> Shown:
    if one.delivered_at is None:
        return Shown(t("desk.not_delivered"), "yellow_iii")
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
        Column("desk.col.role", lambda one: Shown(word("role", one.role), "text2"), 78),
        Column("desk.col.state", lambda one: _step_state(one), 100),
        Column("desk.col.due", lambda one: _step_due(one, now()), 100),
    ]


def _step_state(one: Step) -> Shown:
    done = one.state in ("done", "skipped", "not_applicable")
    return Shown(word("step.state", one.state), "muted" if done else "text")


def _step_due(one: Step, now: datetime) -> Shown:
    if one.state in ("done", "skipped", "not_applicable"):
        return Shown(short_time(one.done_at), "muted")
    return Shown(due_words(one.due_at, now), OVERRUN_COLOUR.get(one.overrun or "", "text"))


def report_columns() -> list[Column[Report]]:
    return [
        Column("desk.col.time", lambda one: Shown(short_time(one.received_at or one.occurred_at), "text2"), 56),
        Column("desk.col.source", lambda one: Shown(word("desk.source", one.source), "text2"), 84),
        Column("desk.col.text", lambda one: Shown(one.text or one.title or "—")),
        Column("desk.col.likeness", lambda one: _likeness(one), 116),
        Column("desk.col.merge", lambda one: Shown(word("desk.merge", one.merge), "text2"), 76),
    ]


def _likeness(one: Report) -> Shown:
    return Shown("—", "muted") if one.score is None else Shown(f"{one.score:.2f}", bar=min(1.0, one.score))


def conflict_columns() -> list[Column[Conflict]]:
    return [
        Column("desk.col.state", lambda one: _conflict_state(one), 92),
        Column("desk.col.record", lambda one: Shown(f"{word('desk.kind', one.kind)} {one.id}"), 200),
        Column("desk.col.field", lambda one: Shown(word("desk.field", one.field)), 100),
        Column("desk.col.said", lambda one: Shown(" / ".join(f"{c.station} {c.author}: {c.value}" for c in one.heads))),
    ]


def _conflict_state(one: Conflict) -> Shown:
    return Shown(word("conflict.state", one.state), "yellow_iii" if one.state == "open" else "text2")


def source_columns(now: Now) -> list[Column[Source]]:
    return [
        Column("desk.col.source", lambda one: Shown(word("desk.source", one.name or one.id)), 160),
        Column("desk.col.state", lambda one: _source_state(one), 130),
        Column("desk.col.since", lambda one: Shown(age(one.since, now()), "text2"), 130),
        Column("desk.col.reason", lambda one: Shown(one.reason or "", "text2")),
    ]


def _source_state(one: Source) -> Shown:
    good = one.state == "ok"
    return Shown(word("desk.feed", one.state), "text" if good else "muted")


def identity(row: QueueRow | Alarm | Report | Step | Task | Source | Conflict | TimelineLine) -> str:
    """What a row is known by."""
    if isinstance(row, QueueRow):
        return row.incident.id
    if isinstance(row, Conflict):
        return f"{row.kind} {row.id} {row.field} {row.decided}"
    return row.ref if isinstance(row, TimelineLine) else row.id
