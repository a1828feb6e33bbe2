"""Stations that speak of one incident apart, and what all of them say in the end, in whatever order they heard it."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.journals import opened
from tests.laws.apart import (
    EVENING,
    STATIONS,
    batches,
    disagreements,
    enrolled_copy,
    inbox,
    interleavings,
    passing_folder,
    say,
)
from tests.laws.held import refs
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Change, Draft, Value
from workstation.domain.entry import Entry
from workstation.domain.records import Incident
from workstation.journal import Batch, Journal
from workstation.situation import Conflict

NOBODY = STATIONS[-1]
Listed = tuple[tuple[str, str], ...]


class Field:
    """Stations that speak of one incident, and what all of them know in the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock(EVENING)
        self.entries: list[Entry] = []
        self.journals: dict[str, Journal] = {}

    def at(self, station: str) -> Journal:
        if station not in self.journals:
            self.journals[station] = enrolled_copy(self.folder, station, self.clock)
        return self.journals[station]

    def say(self, station: str, **values: object) -> None:
        self.clock.advance(60)
        self.entries.append(say(self.at(station), "i1", **values))

    def decide(self, station: str, conflict: Conflict, value: Value) -> None:
        self.clock.advance(60)
        base = tuple(sorted(claim.ref for claim in conflict.heads))
        change = Change(conflict.kind, conflict.id, conflict.field, value, base)
        self.entries += self.at(station).append([Draft("sup", "conflict.decide", (change,), reason="核对")])

    def tell(self, giver: str, taker: str) -> None:
        """One station hands another all it knows, on a stick."""
        for author in STATIONS:
            for batch in batches(self.at(giver), author):
                self.at(taker).accept(batch)

    def settled(self) -> tuple[Incident, Listed]:
        """The record, and the fields listed with their state: the same on every station after every order."""
        orders = list(interleavings([batches(journal, author) for author, journal in self.journals.items()]))
        for journal in self.journals.values():
            journal.close()
        enrolled_copy(self.folder, NOBODY, self.clock).close()
        outcomes = [self._heard(station, order) for station in (*self.journals, NOBODY) for order in orders]
        assert {digest for digest, _, _ in outcomes} == {outcomes[0][0]}
        return outcomes[0][1:]

    def _heard(self, station: str, order: Sequence[Batch]) -> tuple[str, Incident, Listed]:
        """What a station says that hears all entries in that order, behind what it knew already."""
        with passing_folder() as folder:
            shutil.copytree(self.folder / station, folder / station)
            journal = opened(folder, station, self.clock)
            for batch in order:
                journal.accept(batch)
            held, listed = refs(journal), journal.situation.conflicts()
            assert len(held) == len(set(held))
            assert {entry.ref for entry in self.entries} <= set(held)
            assert disagreements(self.entries).items() <= inbox(journal).items()
            found = journal.situation.get(Incident, "i1")
            assert found is not None
            digest = journal.digest()
            journal.close()
            return digest, found, tuple(sorted((one.field, one.state) for one in listed))


def known_to_both(field: Field, **values: object) -> None:
    """An incident that the centre opened while the line was up."""
    field.say("ZX", state="reported", title="积水", **values)
    field.tell("ZX", "JD03")
    field.tell("ZX", "JD07")
