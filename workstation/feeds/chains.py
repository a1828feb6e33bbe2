"""Update and cancel chains of CAP: which known alerts a new one replaces or withdraws, whatever order they arrive in.

Only the sender itself may replace or withdraw what it sent, and only within one status: a drill's Cancel never lifts an
actual warning. What cannot be matched changes nothing, as a warning shown too long harms less than one lifted wrongly.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from workstation.domain.draft import Value
from workstation.domain.records import Alert

STATE_BY = {"Update": "superseded", "Cancel": "cancelled"}


@dataclass(frozen=True, slots=True)
class Turn:
    """The alert `alert_id` is now `state` (superseded, cancelled) because of the alert `by`."""

    alert_id: str
    state: str
    by: str


def follow(known: Iterable[Alert], new: Alert) -> tuple[Turn, ...]:
    """What the arrival of `new` means for the known alerts, and what known later ones mean for it. Pure; each alert
    once, a withdrawal before a replacement."""
    turns: dict[str, Turn] = {}
    for other in known:
        for later, earlier in ((new, other), (other, new)):
            if other.id == new.id or not _answers(later, earlier):
                continue
            found = Turn(earlier.id, STATE_BY[str(later.message_type)], later.id)
            if earlier.id not in turns or found.state == "cancelled":
                turns[earlier.id] = found
    return tuple(turns.values())


def _answers(later: Alert, earlier: Alert) -> bool:
    if later.message_type not in STATE_BY or (later.sender, later.status) != (earlier.sender, earlier.status):
        return False
    if later.sent is None or earlier.sent is None or later.sent < earlier.sent:
        return False
    if later.identifier == earlier.identifier:  # an update should carry a new identifier; some senders keep the old
        return later.sent > earlier.sent
    return any(_names(reference, earlier) for reference in later.references or [])


def _names(reference: Value, alert: Alert) -> bool:
    if not isinstance(reference, dict):
        return False
    if reference.get("id"):
        return reference["id"] == alert.id
    return reference.get("identifier") == alert.identifier and reference.get("sender") in (None, alert.sender)
