"""A damaged database file is replaced by what is good in it, before the journal is opened.

The damaged file is kept as it is, under another name. The repaired one is built beside it and put in its place at the
end, so that a power cut in the middle of the repair leaves either the one or the other. Tables are folded again from
the chain; if entries of our own may be missing, the station goes on in a new incarnation; and the exchange with the
hub begins from nothing, which brings back what is lacking.
"""

import secrets
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from sqlite3 import SQLITE_CORRUPT, SQLITE_NOTADB, DatabaseError, connect

from workstation.domain.clock import iso
from workstation.domain.entry import Entry
from workstation.domain.region import ROOT
from workstation.journal import refold
from workstation.journal.codec import GENESIS, signed_words
from workstation.journal.database import Database, Target
from workstation.journal.ends import file_elsewhere, known_ends
from workstation.journal.erasure import KIND, Eraser
from workstation.journal.opening import DAMAGED, Opening, keep, mark
from workstation.journal.past import Past
from workstation.journal.room import telling_of_room
from workstation.journal.salvage import ENTRY, Name, Saved, salvage
from workstation.journal.sqlite import open_sqlite
from workstation.journal.store import Store
from workstation.security.keys import Identity

_SIDES = ("-wal", "-shm")
_STREAM = Target("stream", ("number", "station", "incarnation", "seq", "hash", "form"))
_ENTRY = Target("entry", tuple(ENTRY.split(", ")))
_BATCH = Target("batch", ("number", "stream", "first", "last", "hash", "signature"))
_KEY = Target("subject_key", ("key", "stream", "seq", "subject", "wrapped"))
_RECEIPT = Target("receipt", ("peer", "station", "incarnation", "seq", "at"))
_META = Target("meta", ("name", "value"))


@dataclass(slots=True)
class AsJudged:
    """A bench that repeats what was judged when the entries came: who judges next is not known yet at a repair."""

    refused: Mapping[str, str] = field(default_factory=dict)

    def learn(self, entry: Entry) -> None:
        return None

    def verdict(self, entry: Entry, past: Past) -> str:
        return self.refused.get(entry.ref, "")

    def look_ahead(self, entry: Entry) -> None:
        return None

    def region(self, entry: Entry) -> str:
        return ROOT

    def unheard(self, entry: Entry) -> int:
        return 0


def mend(path: Path, identity: Identity, now: datetime) -> Opening | None:
    """Repair the database at `path` where it is damaged, and tell what was done; None for a good one, or for none.

    Raises Refused (`disk_full`) where there is no room for the repair; then everything is as it was.
    """
    with telling_of_room():
        return _mend(path, identity, now)


def _mend(path: Path, identity: Identity, now: datetime) -> Opening | None:
    _finish(path)
    reason = wound(path)
    if not reason:
        return None
    ends = known_ends(path.with_suffix(".heads"))
    names = [_name(name) for name in ends]
    saved = salvage(path, identity.station, names)
    ends = known_ends(path.with_suffix(".heads"), file_elsewhere(saved.meta.get("space", "")))
    begun = _may_lack(saved, identity.station, ends)
    aside = f"{path.name}.damaged-{iso(now).replace(':', '')}"
    opening = Opening(DAMAGED, begun, {"reason": reason, "saved": saved.entries, "aside": aside})
    _build(_mending(path), saved, identity, (opening, now))
    _exchange(path, path.with_name(aside))
    return opening


def wound(path: Path) -> str:
    """What is wrong with a database file as a whole; empty for a good one, or where there is none.

    Reads the whole structure: about 1.3 ms a megabyte.
    """
    if not path.is_file():
        return ""
    if not path.stat().st_size:
        return "empty" if known_ends(path.with_suffix(".heads")) else ""
    try:
        with closing(connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection:
            found = str(connection.execute("pragma quick_check(1)").fetchone()[0])
    except DatabaseError as error:
        if getattr(error, "sqlite_errorcode", SQLITE_CORRUPT) & 0xFF not in (SQLITE_CORRUPT, SQLITE_NOTADB):
            raise
        return str(error)
    return "" if found == "ok" else found.splitlines()[-1]


def _name(text: str) -> Name:
    station, _, incarnation = text.partition("/")
    return station, incarnation


def _may_lack(saved: Saved, station: str, ends: Mapping[str, int]) -> bool:
    """Whether entries of our own present incarnation may be missing."""
    incarnation = saved.meta.get("incarnation")
    stream = next((one for one in saved.streams if one.name == (station, incarnation)), None)
    known = ends.get(f"{station}/{incarnation}", 0)
    return stream is None or stream.told != stream.seq or stream.seq < known


def _mending(path: Path) -> Path:
    return path.with_name(f"{path.name}.mending")


def _build(path: Path, saved: Saved, identity: Identity, told: tuple[Opening, datetime]) -> None:
    """A whole new database of what was saved."""
    opening, now = told
    for side in ("", *_SIDES):
        path.with_name(path.name + side).unlink(missing_ok=True)
    with closing(open_sqlite(path)) as database:
        with database.writing():
            _put(database, saved, identity)
        store = Store(database)
        refold.rebuild(store, AsJudged(_refused(saved)))
        with store.transaction():
            Eraser(store).heed({KIND})
            if opening.begun:
                store.set_meta("incarnation", secrets.token_hex(4))
                store.set_meta("begun", iso(now))
            mark(store, afresh=opening.begun)
            keep(store, opening, now)


def _put(database: Database, saved: Saved, identity: Identity) -> None:
    free = max((row[0] for stream in saved.streams for row in stream.batches), default=0) + 1
    streams, entries, batches = [], [], []
    for stream in saved.streams:
        head = stream.entries[-1][10] if stream.entries else GENESIS[stream.form]
        streams.append((stream.number, *stream.name, stream.seq, head, stream.form))
        entries += stream.entries
        batches += stream.batches
        signed = stream.batches[-1][3] if stream.batches else 0
        if signed < stream.seq:
            words = signed_words(*stream.name, stream.seq, head, stream.form)
            batches.append((free, stream.number, signed + 1, stream.seq, head, identity.sign(words)))
            free += 1
    numbers = {row[0] for row in streams}
    database.put(_STREAM, streams)
    database.put(_ENTRY, sorted(entries))
    database.put(_BATCH, sorted(batches))
    database.put(_KEY, [row for row in saved.keys if row[1] in numbers])
    database.put(_RECEIPT, saved.receipts)
    database.put(_META, [(name, value) for name, value in saved.meta.items() if not name.startswith("cursor:")])


def _refused(saved: Saved) -> dict[str, str]:
    """The verdicts that stood beside the entries, by reference."""
    rows = ((stream.name, row) for stream in saved.streams for row in stream.entries)
    return {f"{name[0]}/{name[1]}/{row[2]}": row[14] for name, row in rows if row[14]}


def _exchange(path: Path, aside: Path) -> None:
    """Put the damaged file aside and the repaired one in its place."""
    path.replace(aside)
    for side in _SIDES:
        if (found := path.with_name(path.name + side)).is_file():
            found.replace(aside.with_name(aside.name + side))
    _mending(path).replace(path)


def _finish(path: Path) -> None:
    """Go on with a repair that was cut off between the two names: the repaired file is whole by then."""
    if not path.exists() and _mending(path).is_file():
        asides = sorted(path.parent.glob(f"{path.name}.damaged-*"))
        aside = next((one for one in reversed(asides) if not one.name.endswith(_SIDES)), None)
        for side in _SIDES:
            if (found := path.with_name(path.name + side)).is_file() and aside is not None:
                found.replace(aside.with_name(aside.name + side))
        _mending(path).replace(path)
