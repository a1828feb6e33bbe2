"""Carrying a command out: what it drafts is appended, and what nothing else allows under the glass its author broke."""

from collections.abc import Callable, Sequence

from workstation.commands.glass import lies_behind, own_glass, under_glass
from workstation.commands.members import check_members
from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Draft
from workstation.domain.entry import Entry
from workstation.journal import NotAllowed
from workstation.station.placing import placed, said_first


def take_in(drafts: Sequence[Draft], append: Callable[[Sequence[Draft]], list[Entry]]) -> int:
    """How many entries came of what a feed brought. Where somebody else said one of its names before, that keeps none
    of the others from coming in, and stands beside it in the inbox."""
    try:
        return len(append(drafts))
    except NotAllowed:
        return sum(len(append([said_first(draft)])) for draft in drafts)


def carry_out(command: Command, seat: Seat, append: Callable[[Sequence[Draft]], list[Entry]]) -> Entry | None:
    """The entry of a command, None where it changed nothing. Raises Refused."""
    draft = placed(command(seat), seat.situation, seat.scope)
    try:
        check_members(seat, draft)
        entries = append([draft])
    except NotAllowed as refused:
        glass = own_glass(seat)
        if glass is None or not lies_behind(refused):
            raise
        entries = append([under_glass(draft, glass)])
    return entries[0] if entries else None
