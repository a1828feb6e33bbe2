"""Deciding what stations said apart: a change whose base is every one of the values that disagree."""

from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Change, Draft, Value
from workstation.domain.errors import Refused


def decide(kind: str, record_id: str, field: str, value: Value, reason: str) -> Command:
    """Settle a disagreement by name. Refused: `conflict.none`, `conflict.reason`."""

    def command(seat: Seat) -> Draft:
        open_ones = (one for one in seat.situation.conflicts() if one.state in ("open", "rule"))
        found = next((one for one in open_ones if (one.kind, one.id, one.field) == (kind, record_id, field)), None)
        if found is None:
            raise Refused("conflict.none")
        if not reason.strip():
            raise Refused("conflict.reason")
        base = tuple(sorted(claim.ref for claim in found.heads))
        change = Change(kind, record_id, field, value, base)
        return Draft(seat.author, "conflict.decide", (change,), reason=reason.strip(), scope=seat.scope)

    return command
