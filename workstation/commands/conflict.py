"""Deciding what stations said apart, by name: a change whose base is every one of the values that disagree.

Also what is decided where entries made apart left a unit in two places; a task on a finished incident is settled by the
ordinary commands of tasks and incidents.
"""

from collections.abc import Iterator
from math import inf

from workstation.commands.incident import check_closing
from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Change, Draft, Value
from workstation.domain.encoding import column_types, set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Assignment
from workstation.intake.values import codes_of
from workstation.situation import Conflict

PLACE = ("lat", "lon", "grid", "street", "place", "located")
"""What together tells where something is."""
_BOUNDS = {"lat": (-90.0, 90.0), "lon": (-180.0, 180.0)}
_NAMING = frozenset(
    (
        "street",
        "grid",
        "office",
        "owner",
        "unit",
        "incident",
        "merged_into",
        "report",
        "task",
        "run",
        "step",
        "playbook",
    )
)
"""Fields that name something else: what nobody said is most likely a slip."""
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
        changes = (_settling(found, value), *_settled_with(seat, found, value))
        return Draft(seat.author, "conflict.decide", changes, reason=reason.strip(), scope=seat.scope)

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


def _settling(conflict: Conflict, value: Value) -> Change:
    """The change whose base is every value that disagrees."""
    base = tuple(sorted(claim.ref for claim in conflict.heads))
    return Change(conflict.kind, conflict.id, conflict.field, value, base)


def _settled_with(seat: Seat, conflict: Conflict, value: Value) -> Iterator[Change]:
    """What is decided with it: a place is where one of them said, and no point between what two said."""
    refs = {claim.ref for claim in conflict.heads if claim.value == value}
    if conflict.field not in PLACE or len(refs) != 1:
        return
    for other in seat.situation.conflicts():
        is_so = other.state in ("open", "rule") and (other.kind, other.id) == (conflict.kind, conflict.id)
        if is_so and other.field in PLACE and other.field != conflict.field:
            yield from (_settling(other, claim.value) for claim in other.heads if claim.ref in refs)


def _check_value(conflict: Conflict, value: Value) -> None:
    """Any value that was said may be chosen; another must be of the field's own kind."""
    if any(claim.value == value and type(claim.value) is type(value) for claim in conflict.heads):
        return
    wanted = _SHAPES.get(column_types(conflict.kind)[conflict.field], ())
    fits = isinstance(value, wanted) and (isinstance(value, bool) is (wanted == (bool,)))
    if codes := codes_of(conflict.kind, conflict.field):
        fits = value in codes
    least, most = _BOUNDS.get(conflict.field, (0, inf))
    if isinstance(value, int | float):
        fits = fits and least <= value <= most
    if not fits or conflict.field in _NAMING or (isinstance(value, str) and not value.strip()):
        raise Refused("conflict.value")
