"""Proof that the record was not altered: the chain, its signatures and keys, and that the tables are what it folds to.

Whoever alters a database file can make any value any other, text that is no text and trees that lead nowhere. So
everything is read here without trust, and what cannot be read is a fault of the entry it belongs to, never an error.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import DatabaseError
from typing import Any

import orjson

from workstation.journal.bench import Benches
from workstation.journal.codec import GENESIS, Header, Stamp, check_content, digest_of, signed_words
from workstation.journal.database import Database, DatabaseFault
from workstation.journal.ends import read_ends
from workstation.journal.erasure import erasure_faults
from workstation.journal.fault import Fault
from workstation.journal.fold import ROOT_STATION
from workstation.journal.forks import fork_faults
from workstation.journal.refold import table_faults
from workstation.journal.roots import root_faults
from workstation.journal.store import Store
from workstation.security.keys import is_signed
from workstation.security.sealing import Sealer

KeyOf = Callable[[str], bytes | None]
MOST = 100
"""Faults that are listed of one stream."""
_UNUSABLE = (ValueError, TypeError, LookupError, DatabaseError, DatabaseFault)


@dataclass(frozen=True, slots=True)
class Trust:
    """What a proof rests on: the stations' keys, the sealer of the space, and the ends written beside the database."""

    key_of: KeyOf
    sealer: Sealer
    benches: Benches
    ends_file: Path | None = None
    own: str = ""


def verify(store: Store, trust: Trust) -> Iterator[Fault]:
    """Every fault of the chain, or where it is whole, of the tables; nothing for a good journal.

    Reads one moment of the journal, though a station may write to it meanwhile.
    """
    ends = read_ends(trust.ends_file)
    try:
        with store.connection.moment():
            found = False
            for fault in _chain(store, trust, ends):
                found = True
                yield fault
            if not found:
                yield from table_faults(store, trust.benches())
    except _UNUSABLE as error:
        yield Fault("database", str(error))


def _chain(store: Store, trust: Trust, ends: Mapping[str, int] | Fault) -> Iterator[Fault]:
    connection = store.connection
    streams = connection.execute("select number, station, incarnation, form from stream").fetchall()
    for number, station, incarnation, form in streams:
        stream = _Stream(connection, number, (str(station), str(incarnation)), form)
        yield from _first(MOST, stream.entry_faults())
        yield from stream.signature_faults(_key(trust.key_of, str(station)))
        yield from stream.sealing_faults(trust.sealer)
    for table, name in (("entry", "number"), ("subject_key", "key")):
        strays = f"select {name} from {table} where stream not in (select number from stream)"
        yield from (Fault(f"{table} {name} {stray}", "belongs to no stream") for (stray,) in connection.execute(strays))
    if isinstance(ends, Fault):
        yield ends
    yield from _cut_off(connection, _known(connection, trust.own, {} if isinstance(ends, Fault) else ends))
    yield from erasure_faults(connection)
    yield from root_faults(connection)
    yield from fork_faults(connection, lambda station: _key(trust.key_of, station))
    yield from (Fault("database", found) for found in connection.damage())


def _first(most: int, faults: Iterator[Fault]) -> Iterator[Fault]:
    """No more faults of a stream than anybody reads: where one entry is pushed in, all behind it stand out of place."""
    for count, fault in enumerate(faults):
        if count == most:
            yield Fault(fault.where, "and more behind it, which are not listed")
            return
        yield fault


def _key(key_of: KeyOf, station: str) -> bytes | None:
    try:
        return key_of(station)
    except _UNUSABLE:
        return None


@dataclass(frozen=True, slots=True)
class _Stream:
    """One incarnation of one station, as it stands in the database."""

    connection: Database
    number: int
    name: tuple[str, str]
    form: Any

    def ref(self, seq: object) -> str:
        return f"{self.name[0]}/{self.name[1]}/{seq}"

    def entry_faults(self) -> Iterator[Fault]:
        """What is altered, missing, inserted or not in its place, entry by entry as far as the rows can be read."""
        if self.form not in GENESIS:
            yield Fault(self.ref(0), "of a format that is not known")
            return
        previous, seq, place = GENESIS[self.form], 0, 0
        rows = self._rows(
            "select seq, number, clock, raw, seen, precedence, scope, data_class, digest, hash, content"
            " from entry where stream=? order by seq"
        )
        for row in rows:
            if isinstance(row, Fault):
                yield Fault(self.ref(seq + 1), row.reason)
                return
            found, number, *header, stored, content = row
            if found != seq + 1:
                yield (
                    Fault(self.ref(seq + 1), "missing")
                    if _is_behind(found, seq)
                    else Fault(self.ref(found), "inserted")
                )
            if not _is_behind(number, place - 1):
                yield Fault(self.ref(found), f"arrived before {self.ref(seq)}, which it follows")
            reason = self._altered(previous, found, header, stored, content)
            if reason:
                yield Fault(self.ref(found), reason)
            previous = stored
            seq, place = _int(found, seq + 1), _int(number, place)
        yield from self._end(seq, previous)

    def _altered(self, previous: Any, seq: Any, header: list[Any], stored: Any, content: Any) -> str:
        """How an entry is not what its hash says; empty where it is."""
        *stamp, digest = header
        try:
            if content is not None and digest_of(content.encode()) != digest:
                return "content altered"
            if content is not None:
                check_content(orjson.loads(content))
            computed = Header(*self.name, seq, Stamp(*stamp), digest).hash(previous, self.form)
        except (ValueError, TypeError, AttributeError) as error:
            return f"altered: {error}"
        return "" if computed == stored else "header altered, or not in its place"

    def _end(self, seq: int, head: Any) -> Iterator[Fault]:
        end = self.connection.execute("select seq, hash from stream where number=?", [self.number]).fetchone()
        if end != (seq, head):
            yield Fault(self.ref(end[0]), "end of the stream is missing or altered")

    def signature_faults(self, public: bytes | None) -> Iterator[Fault]:
        """Batches whose signature does not vouch for the entries it was made for, and entries none vouches for."""
        rows = self._rows(
            "select b.first, b.last, b.hash, b.signature, e.hash from batch b"
            " left join entry e on e.stream = b.stream and e.seq = b.last where b.stream=? order by b.last"
        )
        signed = 0
        for row in rows:
            if isinstance(row, Fault):
                yield Fault(self.ref(signed + 1), row.reason)
                return
            first, last, digest, signature, chained = row
            if first != signed + 1:
                yield Fault(self.ref(signed + 1), "signature missing or altered")
            if reason := self._unsigned(public, last, (digest, chained), signature):
                yield Fault(self.ref(last), reason)
            signed = _int(last, signed)
        end = self.connection.execute("select coalesce(max(seq), 0) from entry where stream=?", [self.number])
        if _is_behind(end.fetchone()[0], signed - 1):
            yield Fault(self.ref(signed + 1), "not signed")

    def _unsigned(self, public: bytes | None, last: Any, hashes: tuple[Any, Any], signature: Any) -> str:
        if hashes[0] != hashes[1]:
            return "signed hash does not match the chain"
        if public is None:
            return "no key is known for this station"
        try:
            good = is_signed(public, signed_words(*self.name, last, hashes[0], self.form), signature)
        except (ValueError, TypeError, AttributeError):
            good = False
        return "" if good else "signature does not fit"

    def sealing_faults(self, sealer: Sealer) -> Iterator[Fault]:
        """Keys of sealed values that open nothing any more. A key destroyed to erase is none."""
        for row in self._rows("select key, seq, subject, wrapped from subject_key where stream=?"):
            if isinstance(row, Fault):
                yield row
                return
            key, seq, subject, wrapped = row
            if key != f"{self.name[0]}-{self.name[1]}-{seq}-{subject}" or not _opens(sealer, subject, wrapped):
                yield Fault(self.ref(seq), "key of a sealed value altered")

    def _rows(self, sql: str) -> Iterator[tuple[Any, ...] | Fault]:
        """Rows of this stream, and at last the fault that stands in the way of more."""
        try:
            yield from self.connection.execute(sql, [self.number])
        except DatabaseError as error:
            yield Fault(self.ref("-"), f"cannot be read: {error}")


def _int(found: object, otherwise: int) -> int:
    return found if isinstance(found, int) else otherwise


def _is_behind(found: object, seq: int) -> bool:
    """Whether a number lies behind the one that follows `seq`."""
    return isinstance(found, int) and found > seq + 1


def _opens(sealer: Sealer, subject: Any, wrapped: Any) -> bool:
    try:
        return wrapped is None or bool(sealer.seal(subject, wrapped, ""))
    except (ValueError, TypeError, AttributeError):
        return False


def _known(connection: Database, own: str, ends: Mapping[str, int]) -> dict[str, int]:
    """Where streams once ended: as was written beside the database, and ours as the hub confirmed it. What others say
    that they hold may be on its way to us yet."""
    known = dict(ends)
    confirmed = "select station, incarnation, seq from receipt where peer=? and station=?"
    for station, incarnation, seq in connection.execute(confirmed, [ROOT_STATION, own]):
        name = f"{station}/{incarnation}"
        known[name] = max(known.get(name, 0), _int(seq, 0))
    return known


def _cut_off(connection: Database, ends: Mapping[str, int]) -> Iterator[Fault]:
    for name, seq in ends.items():
        row = connection.execute(
            "select max(e.seq) from entry e join stream s on s.number=e.stream where s.station=? and s.incarnation=?",
            name.split("/"),
        ).fetchone()
        last = _int(row[0], 0)
        if last < seq:
            yield Fault(f"{name}/{last + 1}", f"cut off: entries up to {seq} were written")
