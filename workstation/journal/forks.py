"""Forks: one station that signed two different entries under one reference. Proven, kept, and shown as a record.

A proof is self-contained: the hash before the fork and, of both sides, the headers from the first that differs up to a
head the station signed. Whoever holds the station's key can check it, and nobody without can make one. A batch that is
merely damaged on its way proves nothing, since its entries do not lead to the head that was signed.

`proof` is `{form, previous, sides: [{headers: [[clock, raw, seen, precedence, scope, data_class, digest], ...],
signature}, {...}]}`, hashes in hex.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from workstation.domain.draft import Draft, Value
from workstation.domain.encoding import changes_of
from workstation.domain.entry import Entry
from workstation.domain.records import Fork, Station
from workstation.journal.batch import Batch, SentEntry
from workstation.journal.codec import GENESIS, Header, Stamp, digest_of, signed_words
from workstation.journal.database import Database
from workstation.journal.fault import Fault
from workstation.journal.store import Store, Stream
from workstation.security.keys import is_signed
from workstation.situation import Situation

AUTHOR = "rule:forks"
KeyOf = Callable[[str], bytes | None]
Headers = Sequence[Header]


def fork_of(store: Store, batch: Batch, public: bytes | None) -> Fork | None:
    """The fork that a batch proves against what is held here; None where it proves none."""
    head = store.head(batch.station, batch.incarnation)
    if not head or not 1 <= batch.first <= head or not _is_signed(batch, public):
        return None
    stream = store.stream(batch.station, batch.incarnation)
    theirs = _headers(stream, batch.first, batch.entries)
    before = _hash_before(store, stream, batch.first)
    if _end(theirs, before, batch.form) != batch.hash:
        return None
    ours = _headers(stream, batch.first, store.entries(stream.number, batch.first, min(batch.last, head)))
    apart = next((place for place, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None)
    if apart is None:
        return None
    seq = batch.first + apart
    last, signature = store.connection.execute(
        "select last, signature from batch where stream=? and last>=? order by last limit 1", [stream.number, seq]
    ).fetchone()
    ours = _headers(stream, seq, store.entries(stream.number, seq, last))
    proof: dict[str, Value] = {
        "form": batch.form,
        "previous": _hash_before(store, stream, seq).hex(),
        "sides": [_side(ours, signature), _side(theirs[apart:], batch.signature)],
    }
    ref = f"{stream.station}/{stream.incarnation}/{seq}"
    return Fork(id=ref, station=stream.station, incarnation=stream.incarnation, seq=seq, proof=proof)


def finding(fork: Fork, station: str, situation: Situation, now: datetime) -> Draft:
    """The entry by which `station` tells of a fork it found: by a rule of its own, in its region."""
    here = situation.get(Station, station)
    scope = (here.region if here is not None else None) or ""
    return Draft(AUTHOR, "fork.find", changes_of(replace(fork, found_by=station, found_at=now)), scope=scope)


def is_proven(station: str, incarnation: str, seq: int, proof: Any, public: bytes | None) -> bool:
    """Whether a proof shows that the station signed two different entries `seq`."""
    try:
        form, previous = proof["form"], bytes.fromhex(proof["previous"])
        sides = [_read_side((station, incarnation), seq, side) for side in proof["sides"]]
        if len(sides) != 2 or sides[0][0][0] == sides[1][0][0] or public is None:
            return False
        return all(
            is_signed(
                public, signed_words(station, incarnation, end[-1].seq, _end(end, previous, form), form), signature
            )
            for end, signature in sides
        )
    except (ValueError, TypeError, LookupError, AttributeError):
        return False


def proves_nothing(entry: Entry, key_of: KeyOf) -> bool:
    """Whether an entry tells of a fork without its proof, or as another's than its name says."""
    told: dict[str, dict[str, Value]] = {}
    for kind, name, field, value, _ in entry.changes:
        if kind == "fork":
            told.setdefault(name, {})[field] = value
    return not all(_is_told_right(name, fields, key_of) for name, fields in told.items())


def _is_told_right(name: str, fields: Mapping[str, Value], key_of: KeyOf) -> bool:
    station, incarnation, seq = (*name.split("/"), "", "")[:3]
    if not seq.isdecimal() or not is_proven(station, incarnation, int(seq), fields.get("proof"), key_of(station)):
        return False
    named = {"station": station, "incarnation": incarnation, "seq": int(seq)}
    return all(fields.get(field, value) == value for field, value in named.items())


def fork_faults(connection: Database, key_of: KeyOf) -> Iterator[Fault]:
    """Forks that are told and not proven."""
    for name, station, incarnation, seq, proof in connection.execute(
        "select id, station, incarnation, seq, proof from fork"
    ):
        try:
            told = orjson.loads(proof)
            proven = name == f"{station}/{incarnation}/{seq}"
            proven = proven and is_proven(station, incarnation, seq, told, key_of(station))
        except (ValueError, TypeError):
            proven = False
        if not proven:
            yield Fault(f"fork {name}", "its proof proves nothing")


def _is_signed(batch: Batch, public: bytes | None) -> bool:
    if public is None or batch.form not in GENESIS or len(batch.entries) != batch.last - batch.first + 1:
        return False
    words = signed_words(batch.station, batch.incarnation, batch.last, batch.hash, batch.form)
    return is_signed(public, words, batch.signature)


def _headers(stream: Stream, first: int, entries: Sequence[SentEntry]) -> list[Header]:
    name = (stream.station, stream.incarnation)
    digests = [digest_of(one.content) if one.content else one.digest for one in entries]
    return [
        Header(*name, first + place, one.stamp, digest)
        for place, (one, digest) in enumerate(zip(entries, digests, strict=True))
    ]


def _hash_before(store: Store, stream: Stream, seq: int) -> bytes:
    if seq == 1:
        return GENESIS[stream.form]
    return store.hash_at(stream.station, stream.incarnation, seq - 1) or b""


def _end(headers: Headers, previous: bytes, form: int) -> bytes:
    for header in headers:
        previous = header.hash(previous, form)
    return previous


def _side(headers: Headers, signature: bytes) -> dict[str, Value]:
    return {"headers": [[*one.stamp, one.digest.hex()] for one in headers], "signature": signature.hex()}


def _read_side(name: tuple[str, str], seq: int, side: Any) -> tuple[list[Header], bytes]:
    headers = [
        Header(*name, seq + place, Stamp(*stamp), bytes.fromhex(digest))
        for place, (*stamp, digest) in enumerate(side["headers"])
    ]
    return headers, bytes.fromhex(side["signature"])
