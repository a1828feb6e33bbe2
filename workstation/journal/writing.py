"""From draft to entry: seal what is personal, say nothing twice, name the base, chain."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from workstation.domain.draft import Change, Draft, Value
from workstation.domain.encoding import column_types
from workstation.domain.entry import Entry
from workstation.domain.precedence import precedence_of
from workstation.domain.record import DELETED, WHOLE
from workstation.domain.records import KINDS
from workstation.journal.batch import SubjectKey
from workstation.journal.codec import Header, digest_of, encode_content, stamp_of, vouched_words
from workstation.journal.fold import Fold
from workstation.journal.hybrid import HybridClock
from workstation.journal.merge import Head, are_disputed
from workstation.journal.store import Link, Store, Stream
from workstation.journal.vouched import asks_signature
from workstation.security.keys import Identity
from workstation.security.sealing import Sealer

Vouching = Callable[[str], Identity | None]


@dataclass(frozen=True, slots=True)
class Pen:
    """What an entry is written with: the sealer, the clock, the keys of whoever is logged in, and the clock of the
    root's newest word held here."""

    sealer: Sealer
    hybrid: HybridClock
    vouching: Vouching
    seen: int


class Writer:
    """Turns drafts into entries of one stream."""

    def __init__(self, store: Store, stream: Stream, pen: Pen) -> None:
        self._store = store
        self._stream = stream
        self._pen = pen
        self._sealer = pen.sealer

    def entry(self, draft: Draft, seq: int, fold: Fold) -> Entry | None:
        """The entry a draft becomes, or None when it would change nothing. Raises KeyError for an unknown field."""
        last = {(change.kind, change.id, change.field): change for change in draft.changes}
        settled = [self._settle(change, seq, fold) for change in last.values()]
        changes = tuple(change for change in settled if change is not None)
        if not changes:
            return None
        changes += tuple(_seen(changes, fold))
        hybrid = self._pen.hybrid
        entry = Entry(
            station=self._stream.station,
            incarnation=self._stream.incarnation,
            seq=seq,
            clock=hybrid.next(),
            scope=draft.scope,
            data_class=draft.data_class,
            author=draft.author,
            act=draft.act,
            reason=draft.reason,
            cause=draft.cause,
            changes=changes,
            raw=hybrid.raw,
            seen=self._pen.seen,
            precedence=precedence_of(changes),
        )
        author = self._pen.vouching(draft.author) if asks_signature(draft.act, changes) else None
        return entry._replace(voucher=author.sign(vouched_words(entry)).hex()) if author else entry

    def _settle(self, change: Change, seq: int, fold: Fold) -> Change | None:
        if change.kind not in KINDS or change.field not in column_types(change.kind):
            raise KeyError(f"{change.kind} has no field {change.field}")
        heads = fold.heads(change.kind, change.id, change.field)
        sealed = column_types(change.kind)[change.field] == "sealed"
        if self._is_silent(change, heads, sealed):
            return None
        if sealed and self._store.is_erased(change.id):
            return None
        value = self._seal(change, seq) if sealed else change.value
        return change._replace(value=value, base=_base(heads) if change.base is None else change.base)

    def _is_silent(self, change: Change, heads: Sequence[Head], sealed: bool) -> bool:
        if change.base is not None and set(change.base) != set(_base(heads)):
            return False
        if not heads:
            return change.value is None
        if are_disputed(heads):
            return False
        present = heads[-1].value
        return (self._open(change.id, present) if sealed else present) == change.value

    def _seal(self, change: Change, seq: int) -> Value:
        if change.value is None:
            return None
        known = self._store.key_of(change.id)
        if known is None:
            known = (
                f"{self._stream.station}-{self._stream.incarnation}-{seq}-{change.id}",
                self._sealer.new_key(change.id),
            )
            self._store.add_keys(self._stream.number, [SubjectKey(known[0], seq, change.id, known[1])])
        return {"key": known[0], "token": self._sealer.seal(change.id, known[1], str(change.value))}

    def _open(self, subject: str, value: Value) -> Value:
        if not isinstance(value, dict):
            return value
        row = self._store.connection.execute("select wrapped from subject_key where key=?", [value["key"]]).fetchone()
        return self._sealer.open(subject, row[0] if row else None, str(value["token"]))


def linked(entry: Entry, previous: bytes) -> Link:
    """An entry behind the one of that hash."""
    content = encode_content(entry)
    header = Header(entry.station, entry.incarnation, entry.seq, stamp_of(entry), digest_of(content))
    return Link(header, header.hash(previous), content)


def _base(heads: Sequence[Head]) -> tuple[str, ...]:
    return tuple(head.ref for head in heads)


def _seen(changes: Iterable[Change], fold: Fold) -> Iterator[Change]:
    """For each record that is deleted, or was: what its author had seen of it, so that what was not seen is listed."""
    names: dict[tuple[str, str], dict[str, Value]] = defaultdict(dict)
    for change in changes:
        names[change.kind, change.id][change.field] = change.value
    for key, said in names.items():
        if said.get(DELETED) or fold.is_gone(*key):
            yield Change(*key, WHOLE, None, fold.known(*key))
