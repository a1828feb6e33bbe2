"""Once a day the hub takes accounts out of service by which nobody came in for ninety days (等保 access control).

A log-in counts as far as its station has told the hub of it: what a station kept for itself for so long lets nobody
write there either, since it may not be alone for more than three days. An administrator puts an account back.
"""

from datetime import UTC, datetime

from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.entry import Entry
from workstation.domain.records import Account, Grant
from workstation.security.review import DISUSED, disused
from workstation.situation import Situation
from workstation.words import t

AUTHOR = "rule:disuse"


class Disuse:
    """The hub's reaction to a new day (UTC)."""

    def __init__(self) -> None:
        self._day = ""

    def after(self, entry: Entry, situation: Situation, now: datetime) -> list[Draft]:
        return []

    def tick(self, situation: Situation, now: datetime) -> list[Draft]:
        day = now.astimezone(UTC).date().isoformat()
        if day == self._day:
            return []
        self._day = day
        due = disused(situation.find(Account), situation.find(Grant), situation.last_sign_ins(), now)
        reason = t("administration.disused", days=DISUSED.days)
        return [
            Draft(AUTHOR, "account.suspend", set_fields("account", one.id, state="suspended"), reason) for one in due
        ]
