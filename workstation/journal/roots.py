"""The root of a day: the hub's word on where every stream ended, which nobody can move afterwards unnoticed.

It is one short number that fits on paper: whoever keeps the printed line can show years later that the journal of that
day is the one there was.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from workstation.domain.integrity import Root
from workstation.journal.database import Database
from workstation.journal.fault import Fault


class End(NamedTuple):
    """Where a stream ends: its last entry and that entry's hash in hex."""

    station: str
    incarnation: str
    seq: int
    hash: str


def root_of(day: str, at: datetime, ends: Sequence[End]) -> Root:
    """The root of a day (ISO date, UTC) over the streams' ends."""
    listed = sorted(ends)
    entries = sum(end.seq for end in listed)
    return Root(id=day, at=at, ends=[list(end) for end in listed], entries=entries, digest=digest_of_ends(listed))


def digest_of_ends(ends: Sequence[Sequence[Any]]) -> str:
    """SHA-256 over one line a stream, `station/incarnation/seq hash`, in the order of their names."""
    lines = [f"{station}/{incarnation}/{seq} {head}\n" for station, incarnation, seq, head in ends]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def printed(root: Root) -> str:
    """The root as it goes on paper: date, digest in groups of eight, entries, and the ends it stands for."""
    digest = root.digest or ""
    groups = " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
    lines = [f"{end[0]}/{end[1]}/{end[2]}  {end[3]}" for end in root.ends or () if isinstance(end, list)]
    return "\n".join([f"{root.id}  {groups}  ({root.entries})", *lines])


def root_faults(connection: Database) -> Iterator[Fault]:
    """Roots whose digest is not that of their ends, and ends that are no longer in the chain.

    A stream of which less is held here may simply not have come yet; its own file of ends tells that.
    """
    for day, text, digest in connection.execute("select id, ends, digest from root"):
        try:
            ends = [End(*end) for end in orjson.loads(text)]
            sound = digest_of_ends(ends) == digest
        except (ValueError, TypeError):
            ends, sound = [], False
        if not sound:
            yield Fault(f"root {day}", "its digest is not that of its ends")
        for end in ends:
            if _is_other(connection, end):
                ref = f"{end.station}/{end.incarnation}/{end.seq}"
                yield Fault(ref, f"is not the one that the root of {day} names")


def _is_other(connection: Database, end: End) -> bool:
    found = connection.execute(
        "select e.hash from entry e join stream s on s.number = e.stream"
        " where s.station = ? and s.incarnation = ? and e.seq = ?",
        [end.station, end.incarnation, end.seq],
    ).fetchone()
    return found is not None and (not isinstance(found[0], bytes) or found[0].hex() != end.hash)
