"""Deciding what stations said apart, by name: a change whose base is every one of the values that disagree.

Also what is decided where entries made apart left a unit in two places; a task on a finished incident is settled by the
ordinary commands of tasks and incidents.
"""

from workstation.commands.incident import check_closing
from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Change, Draft, Value
from workstation.domain.encoding import column_types, set_fields
from workstation.domain.errors import Refused
from workstation.domain.levels import Severity
from workstation.domain.records import Assignment
from workstation.situation import Conflict

SEVERITIES = ("level", "grade")
_SHAPES: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "bool": (bool,), "text": (str,)}


def decide(kind: str, record_id: str, field: str, value: Value, reason: str) -> Command:
    """Settle a disagreement by one of its values or another; a guarded field needs a reason.

    Refused: `conflict.none`, `conflict.person`, `conflict.reason`, `conflict.value`; for closed, what forbids closing.
    """

    def command(seat: Seat) -> Draft:
        found = _standing(seat, kind, record_id, field)
        if seat.author.startswith("rule:"):
            raise Refused("conflict.person")
        if found.guarded and not reason.strip():
            raise Refused("conflict.reason")
        _check_value(found, value)
        if (kind, field, value) == ("incident", "state", "closed"):
            check_closing(seat, record_id, besides=field)
        base = tuple(sorted(claim.ref for claim in found.heads))
        change = Change(kind, record_id, field, value, base)
        return Draft(seat.author, "conflict.decide", (change,), reason=reason.strip(), scope=seat.scope)

    return command


def keep_unit_at(unit: str, incident: str, reason: str) -> Command:
    """A unit that was committed to several incidents stays with one: the others let it go.

    Refused: `conflict.none`, `conflict.reason`.
    """

    def command(seat: Seat) -> Draft:
        standing = [one for one in seat.situation.find(Assignment, unit=unit) if one.released_at is None]
        others = [one for one in standing if one.incident != incident]
        if not others or len(others) == len(standing):
            raise Refused("conflict.none")
        if not reason.strip():
            raise Refused("conflict.reason")
        changes = [set_fields("assignment", one.id, state="released", released_at=seat.now) for one in others]
        return Draft(
            seat.author,
            "assignment.release",
            tuple(c for part in changes for c in part),
            reason.strip(),
            scope=seat.scope,
        )

    return command


def _standing(seat: Seat, kind: str, record_id: str, field: str) -> Conflict:
    for one in seat.situation.conflicts():
        if one.state in ("open", "rule") and (one.kind, one.id, one.field) == (kind, record_id, field):
            return one
    raise Refused("conflict.none")


def _check_value(conflict: Conflict, value: Value) -> None:
    """Any value that was said may be chosen; another must be of the field's own kind."""
    if any(claim.value == value and type(claim.value) is type(value) for claim in conflict.heads):
        return
    wanted = _SHAPES.get(column_types(conflict.kind)[conflict.field], ())
    fits = isinstance(value, wanted) and (isinstance(value, bool) is (wanted == (bool,)))
    if conflict.field in SEVERITIES:
        fits = value in tuple(Severity)
    if not fits or (isinstance(value, int) and value < 0) or (isinstance(value, str) and not value.strip()):
        raise Refused("conflict.value")
