"""Erasing a person: the order to destroy every key of a subject, for good, with a name and a reason."""

from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.errors import Refused
from workstation.domain.integrity import Erasure

MAY_ERASE = ("SEC", "SUP")


def erase(subject: str, reason: str) -> Command:
    """Destroy the keys of the personal values in the record `subject`.

    Refused: `erasure.role`, `erasure.reason`, `erasure.done`.
    """

    def command(seat: Seat) -> Draft:
        if seat.role.upper() not in MAY_ERASE:
            raise Refused("erasure.role")
        if not reason.strip():
            raise Refused("erasure.reason")
        if seat.situation.get(Erasure, subject) is not None:
            raise Refused("erasure.done")
        order = Erasure(id=subject, reason=reason.strip(), by=seat.author, at=seat.now)
        return Draft(seat.author, "erasure.order", changes_of(order), reason=reason.strip(), scope=seat.scope)

    return command
