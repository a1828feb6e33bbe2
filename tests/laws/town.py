"""A town that works apart: a hub, a district's hub, offices and twins of offices, each a journal in its own folder;
what its people were told is safe, and what went with a disk.

A participant is named as its folder: by its station, or for a twin by its station and a number.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from unittest.mock import patch

from tests.hands import WHOLE, Hand, Line, play_round
from tests.journals import SEALER, identity
from tests.laws.apart import EVENING, STATIONS, enrolled_copy
from tests.laws.held import Contents, contents, refs
from workstation.commands.administration import create_account, revoke_grant
from workstation.commands.seat import Command, Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.entry import Entry
from workstation.domain.record import WHOLE as WHOLE_RECORD
from workstation.domain.records import Grant, Station
from workstation.journal import Batch, BatchRefused, Heads, Journal, NotAllowed, Sight, Want, everything
from workstation.journal.exchange import Exchange
from workstation.security.authority import may_read
from workstation.security.permission import remits
from workstation.sync import rounds
from workstation.sync.bundle import to_follow
from workstation.sync.sight import USUAL_LEVEL, StationSight
from workstation.wire import WireError

HUB, OFFICES, DISTRICT = "HUB", STATIONS[:3], STATIONS[3]
OUTSIDE = "JD07"
"""The office that may not read what happens in the other street."""
SCOPES = {"flood": "990100", "fire": "990101003"}
GRANTED = {"liqiang": ("SUP", "990100"), "wangfang": ("OP", "990100"), "zhaomin": ("ST", "990101003")}
KEYS = {login: identity(login) for login in GRANTED}
ACTS = {
    "level": "incident.level.set",
    "title": "incident.open",
    "trapped": "incident.casualties.set",
    "deleted": "retention.delete",
    "evacuation": "incident.state.responding",
}
AS_THEY_LIKE = {**remits(), **{act: {**remits()[act], ("incident", field): None} for field, act in ACTS.items()}}
AS_THEY_LIKE["retention.delete"] = {**AS_THEY_LIKE["retention.delete"], ("incident", WHOLE_RECORD): None}
AS_THEY_LIKE["conflict.decide"] = {**remits()["conflict.decide"], **{("incident", field): None for field in ACTS}}
"""What acts may change here: no more than one field is asked of each, and that at any time."""
HUBS = {"ZX": HUB, "JD03": DISTRICT, "JD07": DISTRICT, DISTRICT: HUB}
"""Where each station's line leads."""
PASSES = 6
"""Rounds of everybody after which all must be equal: the longest way leads over the district to the city and back."""


@dataclass(frozen=True)
class Terms:
    """How a round goes: behind how many requests the line breaks, how many entries a page holds, and of which entries
    the contents come first."""

    holds: int = WHOLE
    page: int = 5000
    first: Sight = everything

    @contextmanager
    def kept(self) -> Iterator[None]:
        """While the exchange goes by these terms."""
        with (
            patch.multiple(rounds, PAGE=self.page, FOLLOWING=self.page),
            patch.multiple(Exchange, first=lambda *asked: self.first, pressing=lambda *asked: self.first),
        ):
            yield


ALL_AT_ONCE = Terms()


class Town:
    """Who takes part, what was there before anybody wrote (`founding`), what they were told is safe (`acknowledged`),
    and what nobody else held when a disk was lost (`lost`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._law = patch("workstation.journal.journal.remits", lambda: AS_THEY_LIKE)
        self._law.start()
        names = (HUB, DISTRICT, *OFFICES)
        self.clocks = {name: ManualClock(EVENING) for name in names}
        self.journals = {name: enrolled_copy(folder, name, self.clocks[name]) for name in names}
        self.offices = list(OFFICES)
        self.acknowledged: dict[str, Entry] = {}
        self.lost: Contents = set()
        self.copies: list[tuple[str, Path]] = []
        self.travelled: list[tuple[str, Batch]] = []
        self._met: set[str] = set()
        self._numbers = count(1)
        self.founding = set(refs(self.journals[HUB]))
        for journal in self.journals.values():
            journal.vouching = KEYS.get

    def close(self) -> None:
        """Let all go as they are."""
        self._law.stop()
        for journal in self.journals.values():
            journal.store.connection.close()

    def hand(self, who: str) -> Hand:
        return Hand(self.journals[who], self.folder / who)

    def new_path(self, name: str) -> Path:
        return self.folder / f"{name}-{next(self._numbers)}"

    def open(self, who: str) -> Journal:
        """Open a journal again, whatever was done to its folder meanwhile."""
        name = who.partition("~")[0]
        place = self.folder / who / "journal.sqlite"
        journal = self.journals[who] = Journal.open(place, identity(name), self.clocks[who], SEALER)
        journal.vouching = KEYS.get
        self._met.discard(who)
        return journal

    def write(self, who: str, author: str, change: Change, act: str = "") -> None:
        """Somebody writes at a station, unless its bench does not let him."""
        draft = Draft(author, act or ACTS[change.field], (change,), scope=SCOPES[change.id])
        journal = self.journals[who]
        if not sees(journal, station_of(who), draft.scope):
            return
        self.clocks[who].advance(1)
        with suppress(NotAllowed):
            self.acknowledged |= {entry.ref: entry for entry in journal.append([draft])}

    def root_does(self, command: Command, role: str = "SEC") -> None:
        """An administrator does something at the hub, as the desk there does it."""
        hub, clock = self.journals[HUB], self.clocks[HUB]
        clock.advance(1)
        draft = command(Seat("sec", role, HUB, "", clock.now(), hub.situation, hub.new_id))
        self._root_writes(draft)

    def _root_writes(self, draft: Draft) -> Contents:
        written = {entry.ref: entry for entry in self.journals[HUB].append([draft])}
        self.acknowledged |= written
        return set(written)

    def found_authority(self) -> None:
        """From now on people write by what they were granted."""
        for login in GRANTED:
            self.root_does(create_account(login, login, KEYS[login].public.hex()), "SYS")
            self.grant(login)

    def grant(self, login: str) -> None:
        role, region = GRANTED[login]
        self.clocks[HUB].advance(1)
        now = self.clocks[HUB].now()
        terms = Grant(
            id=f"grant:{login}:{self.journals[HUB].new_id()}",
            account=login,
            role=role,
            region=region,
            level=3,
            purposes=["duty"],
            valid_from=now - timedelta(days=9),
            valid_to=now + timedelta(days=9),
        )
        self._root_writes(Draft("sec", "grant.give", changes_of(terms), scope=region))

    def revoke(self, which: int) -> None:
        """Take one of the grants that are in force."""
        held = [one.id for one in self.journals[HUB].situation.find(Grant, order="id") if one.revoked_at is None]
        if held:
            self.root_does(revoke_grant(held[which % len(held)], "x"))

    def widen(self, station: str) -> Contents:
        """From now on a station may read what happens in the whole city; the entry that says so, if it is news."""
        self.clocks[HUB].advance(1)
        return self._root_writes(Draft("HUB", "station.enrol", set_fields("station", station, region="990100")))

    def hand_over(self, giver: str, taker: str, streams: list[tuple[str, str]], limit: int) -> None:
        """Hand over what the other lacks of these streams, in their order, and may read as far as the giver knows."""
        source, target = self.journals[giver], self.journals[taker]
        ends, held = source.exchange.heads(), target.exchange.heads()
        for name in streams:
            seen = Want(limit, self.sight(giver, taker))
            for batch in source.exchange.missing({**ends, name: held.get(name, 0)}, seen):
                self.deliver(taker, to_follow(batch))

    def sight(self, giver: str, taker: str) -> StationSight:
        """What a participant may read of another's journal, as that other one knows it."""
        return StationSight(self.journals[giver], station_of(taker))

    def deliver(self, taker: str, batch: Batch) -> None:
        """Give a batch; one that is out of its turn is refused whole and changes nothing."""
        self.travelled.append((station_of(taker), batch))
        journal = self.journals[taker]
        held, root = journal.store.head(batch.station, batch.incarnation), journal.store.newest(HUB)
        early = {"gap"} if batch.first > held + 1 else set()
        early |= {"root"} if max(one.stamp.seen for one in batch.entries) > root else set()
        before = journal.digest() if early else ""
        try:
            journal.accept(batch)
        except BatchRefused as refused:
            assert refused.reason in early
            assert journal.digest() == before

    def exchange(self, who: str, terms: Terms = ALL_AT_ONCE) -> bool:
        """A round with the hub over a line that may break; whether it came to its end."""
        line = Line(self.hand(HUBS[station_of(who)]), station_of(who), terms.holds)
        try:
            with terms.kept():
                play_round(self.hand(who), line, has_met=who in self._met)
        except WireError:
            assert terms.holds < WHOLE
            return False
        self._met.add(who)
        return True

    def copy(self, who: str) -> None:
        """Somebody keeps a copy of a station's folder, as it stands when it is closed."""
        self.journals[who].close()
        kept = self.new_path("copy")
        shutil.copytree(self.folder / who, kept)
        self.copies.append((who, kept))
        assert self.open(who).opened.happened == "as_left"

    def restore(self, which: int, in_place: bool) -> None:
        """A disk was lost: an older copy takes its place, as a new folder or written into the very file."""
        who, kept = self.copies[which % len(self.copies)]
        journal, place = self.journals[who], self.folder / who
        before, own = contents(journal), journal.own
        name, end = (own.station, own.incarnation), own.seq
        journal.close()
        if in_place:
            shutil.copyfile(kept / "journal.sqlite", place / "journal.sqlite")
            for beside in place.glob("journal.sqlite-*"):
                beside.unlink()
        else:
            shutil.rmtree(place)
            shutil.copytree(kept, place)
        journal = self.open(who)
        assert journal.opened.begun or journal.store.head(*name) == end
        assert not journal.opened.begun or journal.own.seq == 0
        self.lost |= before - self.held()

    def twin(self, which: int) -> None:
        """A copy is opened beside its original: two go on under one station's name."""
        if not self.copies:
            self.copy(self.offices[which % len(self.offices)])
        who, kept = self.copies[which % len(self.copies)]
        if who not in self.offices or len(self.journals) > 5:
            return
        name = f"{station_of(who)}~{len(self.journals)}"
        shutil.copytree(kept, self.folder / name)
        self.clocks[name] = ManualClock(self.clocks[who].now())
        self.offices.append(name)
        assert self.open(name).opened.begun

    def held(self) -> Contents:
        """All that anybody holds with its content."""
        return set().union(*(contents(journal) for journal in self.journals.values()))

    def come_to_rest(self) -> None:
        """Every line is up: all play rounds, some over the district's hub, until nothing more comes."""
        for _ in range(PASSES):
            before = self._reached()
            for who in (*self.offices, DISTRICT):
                assert self.exchange(who)
            if before == self._reached():
                return
        raise AssertionError("no rest")

    def _reached(self) -> list[tuple[int, Heads]]:
        """What each holds and believes its hub to hold: one that was set back is handed again what it lacks as soon as
        that is known."""
        return [(journal.exchange.end(), journal.exchange.confirmed(HUB)) for journal in self.journals.values()]


def station_of(who: str) -> str:
    """The station's name that a participant goes by."""
    return who.partition("~")[0]


def sees(judge: Journal, station: str, scope: str) -> bool:
    """Whether a station may read what lies there, as a journal knows it."""
    told = judge.situation.get(Station, station)
    return may_read((told.region if told else None) or "", USUAL_LEVEL, scope, 2)
