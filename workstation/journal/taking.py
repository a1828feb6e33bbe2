"""Taking what others wrote: checked against its author's key and the chain held here, judged, and folded.

Whatever comes may come any number of times, in any pieces and from anybody: what vouches for it is its author's
signature, not who carried it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import orjson

from workstation.domain.entry import Entry
from workstation.domain.records import KINDS
from workstation.journal.batch import Batch, BatchRefused, Filling, SentEntry, SubjectKey
from workstation.journal.bench import Bench, Benches
from workstation.journal.codec import (
    GENESIS,
    Header,
    check_canonical,
    check_content,
    digest_of,
    entry_of,
    is_name,
    signed_words,
)
from workstation.journal.emergency import Credit
from workstation.journal.fold import ROOT_STATION, Fold
from workstation.journal.past import Past
from workstation.journal.refold import fold_records, taught
from workstation.journal.rejudging import judge_again
from workstation.journal.store import Link, Store, Stream
from workstation.security.keys import is_signed

A_FEW = 500
"""New entries judged, folded and stored at a time: so few that all they need stays in the processor's cache. Five
thousand at each step took a fifth longer."""
KeyOf = Callable[[str], bytes | None]
Screening = Callable[[Sequence[Entry], Bench], None]
"""Looks through new entries, whose signatures hold, before they are judged: to say of them what they are judged by."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a batch brought: the new entries in order, those of them that do not count and why, the kinds changed."""

    entries: tuple[Entry, ...]
    kinds: frozenset[str]
    refused: tuple[tuple[Entry, str], ...] = ()

    def and_(self, more: "Accepted") -> "Accepted":
        """All that this and what came behind it brought."""
        return Accepted(self.entries + more.entries, self.kinds | more.kinds, self.refused + more.refused)


NOTHING = Accepted((), frozenset())


Reading = Sequence[tuple[Header, Entry | None]]
"""What the entries of a batch say: header, and the entry itself where its content is there."""


class Taking:
    """One journal's way in. Call within a transaction."""

    def __init__(self, store: Store, benches: Benches, key_of: KeyOf, screen: Screening) -> None:
        self._store = store
        self._benches = benches
        self._bench = taught(store, benches())
        self._key_of = key_of
        self._credit = Credit(store)
        self._screen = screen

    def read(self, batch: Batch) -> Reading:
        """Read the entries of a batch, which asks nothing of the tables: on another thread, while the writer still puts
        the batch before it on the disk. Raises BatchRefused for content that is malformed."""
        found: list[tuple[Header, Entry | None]] = []
        look_ahead = self._bench.look_ahead
        for seq, one in enumerate(batch.entries, batch.first):
            digest = digest_of(one.content) if one.content else one.digest
            header = Header(batch.station, batch.incarnation, seq, one.stamp, digest)
            entry = _read(header, one.content) if one.content else None
            found.append((header, entry))
            if entry is not None and entry.voucher:
                look_ahead(entry)
        return found

    def batch(self, batch: Batch, reading: Reading, now: int) -> Accepted:
        """Chain, judge and fold what is new of a batch; `now` in milliseconds. Raises BatchRefused."""
        if batch.form not in GENESIS:
            raise BatchRefused("format", _ref(batch, batch.last))
        if not (is_name(batch.station) and is_name(batch.incarnation)):
            raise BatchRefused("malformed", _ref(batch, batch.last))
        stream = self._store.stream(batch.station, batch.incarnation, batch.form)
        if batch.last <= stream.seq:  # another process was first
            return self.filling(self.known(batch))
        if batch.first > stream.seq + 1 or len(batch.entries) != batch.last - batch.first + 1:
            raise BatchRefused("gap", _ref(batch, batch.first), stream.seq)
        first = stream.seq + 1
        fresh = slice(first - batch.first, None)
        links = self._chain(stream, batch.entries[fresh], reading[fresh])
        self._check_signature(batch, stream)
        if links[-1].hash != batch.hash:
            raise BatchRefused("chain", _ref(batch, first), stream.seq)
        before = self.filling(self._late(batch, stream))
        root = self._store.newest(ROOT_STATION)
        entries = [entry for _, entry in reading[fresh]]
        self._screen([entry for entry in entries if entry is not None], self._bench)
        taken = self._judged(stream, links, entries, now)
        self._store.add_keys(stream.number, _own_keys(batch, stream))
        self._store.add_batch(stream, first, batch.signature)
        return before.and_(self._settled(taken, root))

    def known(self, batch: Batch) -> Filling:
        """Take from a batch we hold already the keys that we lack, should they have been lost here; what is left to
        take are the contents whose headers alone came before.

        Raises BatchRefused where it is not the one we hold: the proof of a fork.
        """
        if self._store.hash_at(batch.station, batch.incarnation, batch.last) != batch.hash:
            raise BatchRefused("fork", _ref(batch, batch.last))
        stream = self._store.stream(batch.station, batch.incarnation)
        self._store.add_keys(stream.number, _own_keys(batch, stream))
        return self._late(batch, stream)

    def _late(self, batch: Batch, stream: Stream) -> Filling:
        """The contents in a batch that are lacking here of entries we hold."""
        brought = {seq: one.content for seq, one in enumerate(batch.entries, batch.first) if one.content}
        lacking = self._store.lacking(stream, list(brought))
        contents = tuple((seq, brought[seq]) for seq in lacking if seq in brought)
        return Filling(batch.station, batch.incarnation, contents, batch.keys if contents else ())

    def filling(self, filling: Filling) -> Accepted:
        """Fold contents that follow their headers. Raises BatchRefused for one that its header does not name."""
        if not filling.contents or not self._store.head(filling.station, filling.incarnation):
            return NOTHING
        stream = self._store.stream(filling.station, filling.incarnation)
        waiting = self._store.lacking(stream, [seq for seq, _ in filling.contents])
        contents = [(seq, content) for seq, content in filling.contents if seq in waiting]
        entries, numbers = [], []
        for seq, content in contents:
            header, number = waiting[seq]
            if digest_of(content) != header.digest:
                raise BatchRefused("chain", f"{filling.station}/{filling.incarnation}/{seq}")
            entries.append(_read(header, content))
            numbers.append(number)
        self._store.add_keys(stream.number, _own_keys(filling, stream))
        self._screen(entries, self._bench)
        fold = Fold(self._store.connection, self._store.has)
        refused = self._folded(fold, list(zip(entries, numbers, strict=True)))
        self._store.fill(stream, contents)  # behind the folding: until then none of them counts as having been here
        for entry, reason in refused:
            self._store.refuse(stream, entry.seq, reason)
        taken = Accepted(tuple(entries), fold.touched_kinds, tuple(refused))
        return self._called_in(self._settled(taken, self._store.newest(ROOT_STATION)))

    def _called_in(self, taken: Accepted) -> Accepted:
        """Judge again what was taken on its author's word, where what has come now tells whether it held."""
        past = Past(self._store.connection)
        judged = [(one, self._bench.verdict(one, past)) for one in self._credit.call_in(taken.entries)]
        broken = [(one, reason) for one, reason in judged if reason]
        for one, reason in broken:
            self._store.refuse(self._store.stream(one.station, one.incarnation), one.seq, reason)
        if not broken:
            return taken
        fold_records(self._store, self._bench, [one for one, _ in broken])
        return replace(taken, kinds=frozenset(KINDS), refused=(*taken.refused, *broken))

    def own(self, entry: Entry) -> str:
        """Why an entry that is about to be written here may not be; what the root itself writes is the law."""
        if entry.station != ROOT_STATION:
            return self._bench.verdict(entry, Past(self._store.connection))
        self._bench.learn(entry)
        return ""

    def settle(self, entries: Sequence[Entry], root: int = 0) -> bool:
        """Judge again what was here before new entries, should they tell to: whether all tables are others now. `root`
        is the clock of its newest word before, where these may be older."""
        return judge_again(self._store, self._benches, entries, root)

    def _settled(self, taken: Accepted, root: int) -> Accepted:
        return replace(taken, kinds=frozenset(KINDS)) if self.settle(taken.entries, root) else taken

    def _chain(self, stream: Stream, sent: Sequence[SentEntry], reading: Reading) -> list[Link]:
        """The entries as they follow what is here. A stream's clock never runs back, and what its author had seen of
        the root must be here to judge it by."""
        links, previous = [], stream.hash
        last, root = stream.clock, self._store.newest(ROOT_STATION)
        for one, (header, _) in zip(sent, reading, strict=True):
            if one.stamp.clock <= last or one.stamp.seen > root:
                reason = "backdated" if one.stamp.clock <= last else "root"
                raise BatchRefused(reason, f"{stream.station}/{stream.incarnation}/{header.seq}", stream.seq)
            last, previous = one.stamp.clock, header.hash(previous, stream.form)
            links.append(Link(header, previous, one.content, 0 if one.content else one.lacks))
        return links

    def _judged(self, stream: Stream, links: list[Link], entries: Sequence[Entry | None], now: int) -> Accepted:
        """Judge, fold and store new entries of a stream, a few at a time."""
        fold, number = Fold(self._store.connection, self._store.has), self._store.next_number()
        taken: list[Entry] = []
        refused: list[tuple[Entry, str]] = []
        for at in range(0, len(links), A_FEW):
            some, first = links[at : at + A_FEW], links[at].header.seq
            read = [entry for entry in entries[at : at + A_FEW] if entry is not None]
            unheeded = self._folded(fold, [(entry, number + at + entry.seq - first) for entry in read])
            for entry, reason in unheeded:
                some[entry.seq - first] = some[entry.seq - first]._replace(refused=reason)
            self._store.add(stream, some, number + at, now)
            taken += read
            refused += unheeded
        return Accepted(tuple(taken), fold.touched_kinds, tuple(refused))

    def _folded(self, fold: Fold, numbered: Sequence[tuple[Entry, int]]) -> list[tuple[Entry, str]]:
        """Fold what counts; what does not comes back with the reason."""
        counts, refused = [], []
        past = Past(self._store.connection, [entry for entry, _ in numbered])
        for entry, number in numbered:
            if entry.station == ROOT_STATION:
                self._bench.learn(entry)
            elif reason := self._bench.verdict(entry, past):
                refused.append((entry, reason))
                continue
            counts.append((entry, number))
        self._credit.give([entry for entry, _ in counts], past)
        fold.apply_all(counts)
        fold.flush()
        return refused

    def _check_signature(self, batch: Batch, stream: Stream) -> None:
        public = self._key_of(batch.station)
        if public is None:
            raise BatchRefused("unknown_station", _ref(batch, batch.last))
        words = signed_words(batch.station, batch.incarnation, batch.last, batch.hash, stream.form)
        if not is_signed(public, words, batch.signature):
            raise BatchRefused("signature", _ref(batch, batch.last))


def _own_keys(brought: Batch | Filling, stream: Stream) -> list[SubjectKey]:
    """The keys that were made by entries of this stream: no signature is over them, so that another's would be taken
    from whoever brought it first."""
    begin = f"{stream.station}-{stream.incarnation}-"
    return [key for key in brought.keys if key.key == f"{begin}{key.seq}-{key.subject}" and key.seq <= stream.seq]


def _ref(batch: Batch, seq: int) -> str:
    return f"{batch.station}/{batch.incarnation}/{seq}"


def _read(header: Header, content: bytes) -> Entry:
    try:
        decoded = orjson.loads(content)
        check_content(decoded)
        check_canonical(content, decoded)
    except ValueError as error:
        raise BatchRefused("malformed", f"{header.station}/{header.incarnation}/{header.seq}") from error
    return entry_of(header, decoded)
