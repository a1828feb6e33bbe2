"""The journal of one space: append what is decided here, accept what was decided elsewhere, fold both the same way."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import orjson

from workstation.domain.clock import Clock, iso, millis
from workstation.domain.draft import Draft, Sealed
from workstation.domain.entry import Entry
from workstation.domain.records import Fork, Station
from workstation.journal import refold
from workstation.journal.batch import Batch, BatchRefused, Filling
from workstation.journal.bench import Bench, Benches, NotAllowed
from workstation.journal.codec import FORMAT, signed_words
from workstation.journal.ends import file_elsewhere, write_ends
from workstation.journal.erasure import Eraser
from workstation.journal.exchange import Exchange
from workstation.journal.fault import Fault
from workstation.journal.fold import ROOT_STATION, Fold
from workstation.journal.forks import finding, fork_of
from workstation.journal.granted import GrantBench
from workstation.journal.hybrid import HybridClock
from workstation.journal.opening import AS_LEFT, Opening, keep, mark, recognise
from workstation.journal.places import Place, file_of, open_database
from workstation.journal.proof import Trust, verify
from workstation.journal.screening import Screen
from workstation.journal.store import Link, Store, Stream
from workstation.journal.taking import NOTHING, Accepted, Reading, Taking
from workstation.journal.wholeness import Wholeness
from workstation.journal.writing import Pen, Vouching, Writer, linked
from workstation.security.keys import Identity
from workstation.security.permission import matrix, remits
from workstation.security.sealing import Sealer
from workstation.situation import Situation


class Journal:
    """One writer owns it. `identity` signs, `sealer` seals personal values, `clock` is the wall or the scenario.

    Made directly it takes the file as it is, for whoever only looks; `open` recognises copies and tells in `opened`.
    """

    def __init__(self, place: Place, identity: Identity, sealer: Sealer, clock: Clock) -> None:
        self.store = store = Store(open_database(place))
        self._version = store.version
        self._path = path = file_of(place)
        self.heads_file = path.with_suffix(".heads")
        self.exchange = Exchange(store, clock, identity.station)
        self.identity, self.sealer, self.clock = identity, sealer, clock
        self._hybrid = HybridClock(clock, store.newest(identity.station), int(store.meta("offset") or 0))
        self._hybrid.saw(store.newest())
        self.situation = Situation(store.connection)
        self._screen = Screen(store.connection, self.situation, self.public_key, clock)
        self.vouching: Vouching = lambda author: None
        self.judge_by(lambda: GrantBench(matrix, remits))
        refold.bring_forward(store, self._benches)
        self._eraser = Eraser(store)
        self._incarnation = self._current() or self._begin()
        self.opened, self.wholeness = Opening(AS_LEFT), Wholeness(None)
        self._ends_kept: dict[tuple[str, str], int] = {}

    @classmethod
    def open(cls, place: Place, identity: Identity, clock: Clock, sealer: Sealer) -> "Journal":
        """Open or create the journal at `place`: a damaged file is repaired, a copy begins its own incarnation."""
        whole = Wholeness(place)
        mended = whole.mend(identity, clock.now())
        journal = cls(place, identity, sealer, clock)
        journal.wholeness, journal.opened = whole, mended or journal._recognise()
        return journal

    def _recognise(self) -> Opening:
        asked = (self.store, self._path, self.identity.station)
        opening = recognise(*asked, self._incarnation)
        if opening.begun:
            with self.store.transaction():
                self._incarnation = self._current() or self._incarnation
                opening = recognise(*asked, self._incarnation)  # unless another process was first
                if opening.begun:
                    self._renew()
                    mark(self.store, afresh=True)
                    keep(self.store, opening, self.clock.now())
        mark(self.store, afresh=False)
        return opening

    def judge_by(self, benches: Benches) -> None:
        """Have entries judged from now on; the bench is shown all the root has said so far."""
        self._benches = benches
        self._judged: dict[str, int] | None = self._root_ends()
        self.taking = Taking(self.store, benches, self.public_key, self._look_through)

    def _look_through(self, entries: Sequence[Entry], bench: Bench) -> None:
        """As the root, say which of these count for nobody; should they not be taken after all, nothing was said."""
        if self.identity.station == ROOT_STATION and self._append([*self._screen.verdicts(entries, bench)]):
            self._judged = None

    def _root_ends(self) -> dict[str, int]:
        """How far the root's word is known here, in every incarnation of it."""
        return {one.incarnation: one.seq for one in self.store.streams() if one.station == ROOT_STATION}

    def set_offset(self, milliseconds: int) -> None:
        """What our clock lacks to the hub's, as last measured; what is written from now on is corrected by it."""
        self._hybrid.offset = milliseconds
        self.store.set_meta("offset", str(milliseconds))

    def close(self) -> None:
        """Write the streams' ends and let the database go."""
        try:
            self.keep_ends()
        finally:
            self.store.connection.close()
        self.wholeness.end()

    def keep_ends(self) -> None:
        """Write the streams' ends beside the database and elsewhere, where they have moved since; finish erasures."""
        self._eraser.scrub()
        ends = self.exchange.heads()
        if ends != self._ends_kept:
            write_ends(self.store, self.heads_file, file_elsewhere(self.store.meta("space") or ""))
            self._ends_kept = ends

    def reveal(self, sealed: Sealed) -> str | None:
        """The clear text of a sealed value; None when its subject was erased. The caller records the access."""
        token = orjson.loads(sealed.token)
        subject, wrapped = self.situation.sealed_key(token["key"]) or (sealed.subject, None)
        return self.sealer.open(subject, wrapped, token["token"])

    def verify(self) -> Iterator[Fault]:
        """Every fault of chain, signatures and tables; nothing for a good journal."""
        return verify(
            self.store, Trust(self.public_key, self.sealer, self._benches, self.heads_file, self.identity.station)
        )

    def rebuild(self) -> None:
        """Drop the folded tables and fold the chain again."""
        refold.rebuild(self.store, self._benches())

    def digest(self) -> str:
        """SHA-256 over all folded tables and the conflict inbox."""
        return refold.digest(self.store)

    @property
    def own(self) -> Stream:
        return self.store.stream(self.identity.station, self._incarnation)

    def new_id(self) -> str:
        """A name for a record made by the next entry: station, incarnation and seq."""
        self.catch_up()
        return f"{self.identity.station}-{self._incarnation}-{self.own.seq + 1}"

    def catch_up(self) -> bool:
        """Go on behind what another process wrote into this journal since; whether one did."""
        self.store.catch_up()
        changed = self._version != self.store.version
        if changed:
            self._version = self.store.version
            self._incarnation = self._current() or self._incarnation
            self._hybrid.follow(self.store.newest(self.identity.station))
            self._hybrid.saw(self.store.newest())
        if self._judged is None or (changed and self._root_ends() != self._judged):
            self.judge_by(self._benches)
        return changed

    def append(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Chain, sign and fold drafts in one transaction; those that change nothing are not written.

        Raises KeyError for a change to a field no kind has; then nothing of the call is written.
        """
        before = self._hybrid.last
        try:
            with self.store.transaction():
                self.catch_up()
                return self._append(drafts)
        except BaseException:
            self._hybrid.back_to(before)
            if self.identity.station == ROOT_STATION:
                self._judged = None  # what was not written is no law
            raise

    def _append(self, drafts: Sequence[Draft]) -> list[Entry]:
        stream, fold = self.own, Fold(self.store.connection, self.store.has)
        fold.load((change.kind, change.id) for draft in drafts for change in draft.changes)
        writer = Writer(self.store, stream, self._pen())
        number, first = self.store.next_number(), stream.seq + 1
        entries: list[Entry] = []
        links: list[Link] = []
        previous = stream.hash
        for draft in drafts:
            entry = writer.entry(draft, first + len(entries), fold)
            if entry is None:
                continue
            if reason := self.taking.own(entry):
                raise NotAllowed(reason, entry.act)  # before anything is written
            links.append(linked(entry, previous))
            previous = links[-1].hash
            fold.apply(entry, number + len(entries))
            entries.append(entry)
        if entries:
            self.store.add(stream, links, number)
            self.store.add_batch(stream, first, self._sign(stream))
            kinds = fold.touched_kinds
            fold.flush()
            self.taking.settle(entries)
            self._eraser.heed(kinds)
        return entries

    def _pen(self) -> Pen:
        seen = 0 if self.identity.station == ROOT_STATION else self.store.newest(ROOT_STATION)
        return Pen(self.sealer, self._hybrid, self.vouching, seen)

    def accept(self, batch: Batch, reading: Reading | None = None) -> Accepted:
        """Verify a batch against its author's key and the chain held here, and fold what is new of it.

        Known entries are passed over, so that a batch may come any number of times. Raises BatchRefused; where the
        batch proves a fork, that is told in an entry of our own first.
        """
        try:
            return self._accept(batch, reading)
        except BatchRefused as refusal:
            if fork := fork_of(self.store, batch, self.public_key(batch.station)):
                self._tell(fork)
                raise BatchRefused("fork", fork.id, refusal.have) from refusal
            raise

    def _tell(self, fork: Fork) -> None:
        if not self.situation.count(Fork, station=fork.station, incarnation=fork.incarnation):  # once is enough
            self.append([finding(fork, self.identity.station, self.situation, self.clock.now())])

    def _accept(self, batch: Batch, reading: Reading | None) -> Accepted:
        if batch.last <= self.store.head(batch.station, batch.incarnation):
            filling = self.taking.known(batch)
            return self.fill(filling) if filling.contents else NOTHING
        reading = self.taking.read(batch) if reading is None else reading
        with self._receiving():
            accepted = self.taking.batch(batch, reading, millis(self.clock.now()))
            if (batch.station, batch.incarnation) == (self.identity.station, self._incarnation):
                self._renew()  # somebody knows more of us than we do: this is an older state of what we were
            self._eraser.heed(accepted.kinds)
        self._saw_all(accepted.entries)
        return accepted

    @contextmanager
    def _receiving(self) -> Iterator[None]:
        """A transaction in which others' entries come in."""
        with self.store.transaction():
            self.catch_up()
            yield
            self._judged = self._judged or self._root_ends()

    def _saw_all(self, entries: Sequence[Entry]) -> None:
        """Go on behind these entries of one stream, whose clock never runs back."""
        if entries and entries[-1].station == self.identity.station:
            self._hybrid.follow(entries[-1].clock)
        elif entries:
            any(self._hybrid.saw(entry.clock) for entry in reversed(entries))

    def fill(self, filling: Filling) -> Accepted:
        """Fold contents whose headers came before them. Raises BatchRefused."""
        with self._receiving():
            accepted = self.taking.filling(filling)
            self._eraser.heed(accepted.kinds)
        any(self._hybrid.saw(entry.clock) for entry in reversed(accepted.entries))
        return accepted

    def public_key(self, station: str) -> bytes | None:
        """The key a station signs with: our own, the hub's as pinned at enrolment, or one the hub enrolled."""
        if station == self.identity.station:
            return self.identity.public
        if station == ROOT_STATION:
            pinned = self.store.meta("root_key")
            return bytes.fromhex(pinned) if pinned else None
        enrolled = self.situation.get(Station, station)
        return bytes.fromhex(enrolled.public_key) if enrolled and enrolled.public_key else None

    def pin_root(self, public: bytes) -> None:
        """Trust this key as the hub's; it then vouches for every other station's."""
        self.store.set_meta("root_key", public.hex())

    def _sign(self, stream: Stream) -> bytes:
        return self.identity.sign(signed_words(stream.station, stream.incarnation, stream.seq, stream.hash))

    def _current(self) -> str | None:
        """The incarnation we write in; none for a new journal, or where our stream is of an earlier format."""
        begun = self.store.meta("incarnation")
        if begun and self.store.head(self.identity.station, begun):
            return begun if self.store.stream(self.identity.station, begun).form == FORMAT else None
        return begun

    def _begin(self) -> str:
        with self.store.transaction():
            return self._current() or self._renew()  # unless another process was first

    def _renew(self) -> str:
        """Begin a new incarnation, within a transaction."""
        self._incarnation = secrets.token_hex(4)
        self.store.set_meta("incarnation", self._incarnation)
        self.store.set_meta("begun", iso(self.clock.now()))
        return self._incarnation
