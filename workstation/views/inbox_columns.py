"""What the inbox and the values in it show: words for codes, names for records, both clocks where they differ."""

from collections.abc import Callable
from datetime import datetime, timedelta

from workstation.domain.draft import Value
from workstation.domain.records import Record, Task
from workstation.intake.values import value_in
from workstation.situation import Awaited, Breach, Claim, Conflict
from workstation.views.ages import age, full_time
from workstation.views.columns import NameOf, author_text, subject_text, word
from workstation.views.inbox import Matter
from workstation.views.row_table import Column, Shown
from workstation.words import language, t

SAME_CLOCK = timedelta(seconds=2)
COLOURS = {"open": "red_i", "guard": "red_i", "rule": "text2", "awaiting": "yellow_iii", "decided": "muted"}
Now = Callable[[], datetime]


def value_text(name_of: NameOf, place: tuple[str, str], value: Value) -> str:
    """A field's value in the language of the desk; `place` is kind and field."""
    return value_in(language(), name_of, place, value)


def record_text(matter: Matter, name_of: NameOf) -> str:
    """What a matter is about: its kind and its name, and of a task also its incident."""
    one, named = matter.about, subject_text(matter.subject, name_of)
    own = matter.record.title if isinstance(matter.record, Task) else ""
    names = [own, named] if named != own else [named]
    return f"{word('desk.kind', one.kind)} {' · '.join(filter(None, names)) or one.id}"


def field_text(matter: Matter) -> str:
    one = matter.about
    if isinstance(one, Conflict):
        return word("desk.field", one.field)
    return t(f"inbox.rule.{one.rule}") if isinstance(one, Breach) else t("inbox.not_arrived")


def incident_text(record: Record, name_of: NameOf) -> str:
    number, named = getattr(record, "number", None) or record.id, subject_text(record, name_of)
    return number if named in ("", number) else f"{number} {named}"


def matter_columns(now: Now, name_of: NameOf) -> list[Column[Matter]]:
    return [
        Column("desk.col.state", lambda one: _state(one), 96),
        Column("desk.col.record", lambda one: Shown(record_text(one, name_of))),
        Column("desk.col.field", lambda one: Shown(field_text(one)), 118),
        Column("desk.col.values", lambda one: Shown(_count(one), "text2"), 60, 380),
        Column("desk.col.since", lambda one: Shown(age(one.since, now()), "text2"), 104, 460),
    ]


def _state(matter: Matter) -> Shown:
    return Shown(word("conflict.state", matter.state), COLOURS[matter.state])


def _count(matter: Matter) -> str:
    one = matter.about
    if isinstance(one, Awaited):
        return "—"
    return str(len(one.heads if isinstance(one, Conflict) else one.incidents))


def claim_columns(name_of: NameOf, place: Callable[[], tuple[str, str]]) -> list[Column[Claim]]:
    """`place` tells the kind and field whose values are listed."""
    return [
        Column("desk.col.value", lambda one: Shown(value_text(name_of, place(), one.value)), 112),
        Column("desk.col.who", lambda one: Shown(who_text(one)), 112),
        Column("desk.col.time", lambda one: Shown(moment_text(one), "text2"), 160, 420),
        Column("desk.col.reason", lambda one: Shown(one.reason or t("inbox.no_reason"), "text2")),
    ]


def who_text(claim: Claim) -> str:
    """Author and station."""
    return f"{author_text(claim.author)} · {claim.station}"


def moment_text(claim: Claim) -> str:
    """The corrected time, and the station's own clock where it told another."""
    at = full_time(claim.at)
    if claim.raw_at is None or abs(claim.raw_at - claim.at) < SAME_CLOCK:
        return at
    return t("inbox.both_clocks", at=at, raw=full_time(claim.raw_at))


def matter_key(matter: Matter) -> str:
    return matter.key


def claim_key(claim: Claim) -> str:
    return claim.ref
