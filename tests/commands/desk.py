"""A desk over one journal: what whoever sits there does, and the rule that refuses it."""

import pytest

from workstation.commands.seat import Command, Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.errors import Refused
from workstation.journal import Journal
from workstation.words.refusals import refusal_text


class Desk:
    """`station` and `scope` are where the desk stands, whosever journal it is."""

    def __init__(self, journal: Journal, clock: ManualClock, station: str, scope: str = "") -> None:
        self.journal, self.clock, self.station, self.scope = journal, clock, station, scope

    def seat(self, author: str, role: str, station: str = "") -> Seat:
        return Seat(
            author,
            role,
            station or self.station,
            self.scope,
            self.clock.now(),
            self.journal.situation,
            self.journal.new_id,
        )

    def does(self, author: str, role: str, command: Command, station: str = "") -> Draft:
        draft = command(self.seat(author, role, station))
        self.journal.append([draft])
        return draft

    def refusal(self, author: str, role: str, command: Command, station: str = "") -> str:
        """The rule that refuses it, which can be told in words."""
        with pytest.raises(Refused) as caught:
            self.does(author, role, command, station)
        assert refusal_text(caught.value) != caught.value.rule
        return caught.value.rule
