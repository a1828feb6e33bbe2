"""What who sits there stands on: the grants of their account or, in a space without accounts, the role alone."""

from dataclasses import replace
from datetime import UTC, datetime

from workstation.commands.seat import Seat
from workstation.domain.records import Account, Grant
from workstation.security.authority import standing
from workstation.security.permission import matrix

_SEATS = {"OPERATOR": "OP", "STREET": "ST"}
"""The roles a desk without accounts is opened in, as the matrix calls them."""
_EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


def held_by(seat: Seat) -> tuple[Grant, ...]:
    """What who sits there stands on. In a space without accounts nothing was granted to anybody: the role they sat down
    in, over the seat's own region."""
    if seat.situation.count(Account):
        account = seat.situation.get(Account, seat.author)
        return standing(account, seat.situation.find(Grant, account=seat.author))
    role = _SEATS.get(seat.role.upper(), seat.role.upper())
    held = Grant(id=seat.role, account=seat.author, role=role, region=seat.scope, level=4)
    return (replace(held, purposes=[*sorted(matrix().purposes)], valid_from=_EVER[0], valid_to=_EVER[1]),)
