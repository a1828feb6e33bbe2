"""The journal of one space: append what is decided here, accept what was decided elsewhere, fold both the same way."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from workstation.domain.clock import Clock, iso, millis
from workstation.domain.draft import Draft, Sealed
from workstation.domain.entry import Entry
from workstation.domain.records import Station
from workstation.journal import refold
from workstation.journal.batch import Batch, BatchRefused, SentEntry
from workstation.journal.codec import (
    Header,
    check_content,
    digest_of,
    encode_content,
    entry_of,
    signed_words,
)
from workstation.journal.ends import write_ends
from workstation.journal.exchange import Exchange
from workstation.journal.fault import Fault
from workstation.journal.fold import ROOT_STATION, Fold
from workstation.journal.hybrid import HybridClock
from workstation.journal.proof import Trust, verify
from workstation.journal.schema import open_database
from workstation.journal.store import Link, Store, Stream
from workstation.journal.writing import Writer
from workstation.security.keys import Identity, is_signed
from workstation.security.sealing import Sealer
from workstation.situation import Situation


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a batch brought: the new entries in order, and the kinds they changed."""

    entries: tuple[Entry, ...]
    kinds: frozenset[str]


class Journal:
    """One writer owns it. `identity` signs, `sealer` seals personal values, `clock` is the wall or the scenario."""

    def __init__(self, path: Path, identity: Identity, sealer: Sealer, clock: Clock) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.store = store = Store(open_database(path))
        self.heads_file = path.with_suffix(".heads")
        self.exchange = Exchange(store, clock)
        self.identity = identity
        self.sealer = sealer
        self.clock = clock
        self._hybrid = HybridClock(clock, store.newest())
        self.situation = Situation(store.connection)
        self._incarnation = store.meta("incarnation") or self._begin()

    @classmethod
    def open(cls, path: Path, identity: Identity, clock: Clock, sealer: Sealer) -> "Journal":
        """Open or create the journal database at `path`."""
        return cls(path, identity, sealer, clock)

    def close(self) -> None:
        """Write the streams' ends beside the database and let it go."""
        write_ends(self.store, self.heads_file)
        self.store.connection.close()

    def reveal(self, sealed: Sealed) -> str | None:
        """The clear text of a sealed value; None when its subject was erased. The caller records the access."""
        token = orjson.loads(sealed.token)
        subject, wrapped = self.situation.sealed_key(token["key"]) or (sealed.subject, None)
        return self.sealer.open(subject, wrapped, token["token"])

    def verify(self) -> Iterator[Fault]:
        """Every fault of chain, signatures and tables; nothing for a good journal."""
        return verify(self.store, Trust(self.public_key, self.sealer, self.heads_file))

    def rebuild(self) -> None:
        """Drop the folded tables and fold the chain again."""
        refold.rebuild(self.store)

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
        changed = self.store.catch_up()
        if changed:
            self._hybrid.saw(self.store.newest())
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
            raise

    def _append(self, drafts: Sequence[Draft]) -> list[Entry]:
        stream, fold = self.own, Fold(self.store.connection, self.store.has)
        fold.load((change.kind, change.id) for draft in drafts for change in draft.changes)
        writer = Writer(self.store, stream, self.sealer, self._hybrid.next)
        number, first = self.store.next_number(), stream.seq + 1
        entries: list[Entry] = []
        links: list[Link] = []
        previous = stream.hash
        for draft in drafts:
            entry = writer.entry(draft, first + len(entries), fold)
            if entry is None:
                continue
            links.append(_link(entry, encode_content(entry), previous))
            previous = links[-1].hash
            fold.apply(entry, number + len(entries))
            entries.append(entry)
        if entries:
            self.store.add(stream, links, number)
            self.store.add_batch(stream, first, self._sign(stream))
            fold.flush()
        return entries

    def accept(self, batch: Batch) -> Accepted:
        """Verify a batch against its author's key and the chain held here, and fold what is new of it.

        Known entries are passed over, so that a batch may come any number of times. Raises BatchRefused.
        """
        if batch.last <= self.store.head(batch.station, batch.incarnation):
            self._check_known(batch)
            return Accepted((), frozenset())
        with self.store.transaction():
            self.catch_up()
            return self._accept(batch)

    def _accept(self, batch: Batch) -> Accepted:
        stream = self.store.stream(batch.station, batch.incarnation)
        if batch.first > stream.seq + 1 or len(batch.entries) != batch.last - batch.first + 1:
            raise BatchRefused("gap", f"{batch.station}/{batch.incarnation}/{batch.first}", stream.seq)
        first, fresh = stream.seq + 1, batch.entries[stream.seq + 1 - batch.first :]
        links, entries = self._chain(stream, fresh)
        self._check_signature(batch)
        if links[-1].hash != batch.hash:
            raise BatchRefused("chain", entries[0].ref, stream.seq)
        number, fold = self.store.next_number(), Fold(self.store.connection, self.store.has)
        fold.load({(change.kind, change.id) for entry in entries for change in entry.changes})
        for offset, entry in enumerate(entries):
            fold.apply(entry, number + offset)
        self.store.add(stream, links, number, millis(self.clock.now()))
        self.store.add_keys(stream.number, batch.keys)
        self.store.add_batch(stream, first, batch.signature)
        kinds = fold.touched_kinds
        fold.flush()
        self._hybrid.saw(max(entry.clock for entry in entries))
        return Accepted(tuple(entries), kinds)

    def _chain(self, stream: Stream, sent: Sequence[SentEntry]) -> tuple[list[Link], list[Entry]]:
        links, entries, previous = [], [], stream.hash
        for seq, one in enumerate(sent, stream.seq + 1):
            ref = f"{stream.station}/{stream.incarnation}/{seq}"
            try:
                decoded = orjson.loads(one.content)
                check_content(decoded)
            except ValueError as error:
                raise BatchRefused("malformed", ref, stream.seq) from error
            head = (stream.station, stream.incarnation, seq, one.clock, one.scope, one.data_class)
            header = Header(*head, digest_of(one.content))
            previous = header.hash(previous)
            links.append(Link(header, previous, one.content))
            entries.append(entry_of(header, decoded))
        return links, entries

    def _check_known(self, batch: Batch) -> None:
        row = self.store.connection.execute(
            "select hash from entry where stream=? and seq=?",
            [self.store.stream(batch.station, batch.incarnation).number, batch.last],
        ).fetchone()
        if row is None or row[0] != batch.hash:
            raise BatchRefused("fork", f"{batch.station}/{batch.incarnation}/{batch.last}")

    def _check_signature(self, batch: Batch) -> None:
        ref = f"{batch.station}/{batch.incarnation}/{batch.last}"
        public = self.public_key(batch.station)
        if public is None:
            raise BatchRefused("unknown_station", ref)
        if not is_signed(
            public, signed_words(batch.station, batch.incarnation, batch.last, batch.hash), batch.signature
        ):
            raise BatchRefused("signature", ref)

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

    def _begin(self) -> str:
        incarnation = secrets.token_hex(4)
        with self.store.transaction():
            if begun := self.store.meta("incarnation"):  # another process was first
                return begun
            self.store.set_meta("incarnation", incarnation)
            self.store.set_meta("begun", iso(self.clock.now()))
        return incarnation


def _link(entry: Entry, content: bytes, previous: bytes) -> Link:
    head = (entry.station, entry.incarnation, entry.seq, entry.clock, entry.scope, entry.data_class)
    header = Header(*head, digest_of(content))
    return Link(header, header.hash(previous), content)
