"""Folding: entries become rows of typed tables, in the transaction that appends them.

A `Fold` is one unit of work. It loads the heads of each record it meets, applies the merge rule in memory, and `flush`
writes heads, tables, history and conflicts at once, in the order of their keys; so many entries cost a few bulk
statements.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache

import orjson

from workstation.domain.draft import Value
from workstation.domain.encoding import column_types
from workstation.domain.entry import Entry
from workstation.domain.record import DELETED, WHOLE
from workstation.domain.records import KINDS, ROOT_KINDS
from workstation.journal.database import Database, Target, picked
from workstation.journal.merge import Arrived, Head, Rank, Said, Standing, are_disputed, shown
from workstation.journal.tables import NUL, Record, show

RecordKey = tuple[str, str]
ROOT_STATION = "HUB"
Told = tuple[dict[str, Value], dict[str, tuple[str, ...]]]
"""What an entry says of one record: values and bases, by field."""
_HEADS = Target("heads", ("kind", "id", "fields"), ("kind", "id"))
_HISTORY = Target("history", ("kind", "id", "entry"), ("kind", "id", "entry"), keep=True)
_CONFLICT = Target(
    "conflict",
    ("kind", "id", "field", "decided", "guarded", "state", "heads"),
    ("kind", "id", "field", "decided"),
)


@cache
def guards(kind: str) -> dict[str, Rank]:
    """The guarded fields of a kind and how each orders its values by severity."""
    return {f.name: f.metadata["rank"] for f in fields(KINDS[kind]) if "rank" in f.metadata}


class Fold:
    """Applies entries to records in one database. Raises nothing for unknown kinds: a newer peer may know more."""

    def __init__(self, database: Database, arrived: Arrived) -> None:
        self._database = database
        self._arrived = arrived
        self._applied: set[str] = set()
        self._records: dict[RecordKey, Standing] = {}
        self._touched: dict[RecordKey, frozenset[str]] = {}
        self._kinds: frozenset[str] = frozenset()
        self._history: list[tuple[str, str, int]] = []
        self._split: set[tuple[str, str, str]] = set()
        self._disputed: set[tuple[str, str, str]] = set()
        self._decided: dict[tuple[str, str, str, str], list[str]] = {}

    @property
    def touched_kinds(self) -> frozenset[str]:
        """The kinds of all records that were changed."""
        return frozenset({*self._kinds, *(kind for kind, _ in self._touched)})

    def load(self, keys: Iterable[RecordKey]) -> None:
        """Bring what stands of these records into memory, with one statement a few hundred records."""
        missing: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            if key not in self._records:
                self._records[key] = Standing({}, {})
                missing[key[0]].append(key[1])
        for kind, ids in missing.items():
            self._records.update(standing_of(self._database, kind, ids))

    def heads(self, kind: str, record_id: str, name: str) -> list[Head]:
        """The heads of one field, the latest last; none where nothing was said of it."""
        return self._record((kind, record_id)).heads(name)

    def is_gone(self, kind: str, record_id: str) -> bool:
        """Whether a record is shown as deleted."""
        return bool(shown(self.heads(kind, record_id, DELETED)))

    def known(self, kind: str, record_id: str) -> tuple[str, ...]:
        """Every head of a record, as an author sees it who takes it for gone."""
        return tuple(sorted(self._record((kind, record_id)).said))

    def apply(self, entry: Entry, number: int) -> None:
        """Fold one entry, `number` being its place in the order of arrival here."""
        self.apply_all([(entry, number)])

    def apply_all(self, numbered: Iterable[tuple[Entry, int]]) -> None:
        """Fold entries in their order, having loaded all of the records they speak of."""
        told = [(entry, number, _told(entry)) for entry, number in numbered]
        self.load({key for _, _, records in told for key in records})
        for entry, number, records in told:
            ref, clock = entry.ref, entry.clock
            self._applied.add(ref)
            for key, (values, bases) in records.items():
                self._take(key, ref, (clock, values), bases)
                if values:
                    self._history.append((*key, number))

    def _take(self, key: RecordKey, ref: str, said: Said, bases: dict[str, tuple[str, ...]]) -> None:
        """Fold what an entry says of one record."""
        standing, values = self._records[key], said[1]
        if WHOLE in bases:
            standing.await_(WHOLE, (ref, *bases.pop(WHOLE)))
        if not values:
            self._touched.setdefault(key, frozenset())
            return
        if bases or standing.said or standing.awaited:
            self._merge(key, ref, said, bases)
        else:
            standing.said[ref] = said
        names = frozenset(values)
        self._touched[key] = self._touched[key] | names if key in self._touched else names

    def _merge(self, key: RecordKey, ref: str, said: Said, bases: Mapping[str, tuple[str, ...]]) -> None:
        """Merge what an entry says of a record of which something was said, be it elsewhere."""
        standing, (clock, values) = self._records[key], said
        if DELETED not in values:
            standing.arrived(DELETED, ref)  # named by who decided whether the record is there
        for name, value in values.items():
            if standing.says(ref, name):
                continue
            base, before = bases.get(name, ()), standing.counted(name)
            if before > 1:
                self._disputed.add((*key, name))
            standing.apply(name, Head(ref, clock, value), base, self._has)
            if before and standing.counted(name) > 1:
                self._split.add((*key, name))
            if len(base) > 1:
                self._decided[(*key, name, ref)] = sorted(base)

    def _has(self, ref: str) -> bool:
        """Whether an entry was folded before, be it by this very fold."""
        return ref in self._applied or self._arrived(ref)

    def _record(self, key: RecordKey) -> Standing:
        if key not in self._records:
            self.load([key])
        return self._records[key]

    def flush(self) -> None:
        """Write everything touched since the last flush."""
        touched = sorted(self._touched)
        self._database.put(_HEADS, [(*key, _encode(self._records[key])) for key in touched])
        self._database.put(_HISTORY, sorted(self._history))
        groups: dict[tuple[str, frozenset[str]], list[Record]] = defaultdict(list)
        for key in touched:
            standing = self._records[key]
            names = self._touched[key] | {DELETED} if WHOLE in standing.awaited else self._touched[key]
            groups[key[0], names].append((key[1], standing))
        for (kind, names), records in groups.items():
            if not names:  # what was said changes no field, and is known of the record all the same
                continue
            show(self._database, (kind, names), guards(kind), records)
        self._write_conflicts()
        self._kinds = self.touched_kinds
        self._touched.clear()
        self._history.clear()
        self._split.clear()
        self._disputed.clear()
        self._decided.clear()

    def _write_conflicts(self) -> None:
        live: list[tuple[object, ...]] = []
        for key in [key for key in self._touched if WHOLE in self._records[key].awaited]:
            self._split.discard((*key, DELETED))
            self._disputed.add((*key, DELETED))
            live += _buried(key, self._records[key])
        for kind, record_id, name in self._split:
            heads = self._records[kind, record_id].heads(name)
            if are_disputed(heads):
                guarded = int(name in guards(kind))
                live.append((kind, record_id, name, "", guarded, "open" if guarded else "rule", _heads_json(heads)))
        settled = "delete from conflict where kind=? and id=? and field=? and decided=''"
        for one in sorted(self._disputed):
            self._database.execute(settled, one)
        decided: list[tuple[object, ...]] = [
            (kind, record_id, name, ref, int(name in guards(kind)), "decided", orjson.dumps(base).decode())
            for (kind, record_id, name, ref), base in self._decided.items()
        ]
        self._database.put(_CONFLICT, live + decided)


def standing_of(database: Database, kind: str, ids: Iterable[str]) -> Iterator[tuple[RecordKey, Standing]]:
    """What stands of those of these records of which something was said."""
    named = (one for one in ids if NUL not in one)
    for record_id, blob in picked(database, "select id, fields from heads where kind = ? and id in", [kind], named):
        yield (kind, record_id), _decode(blob)


def _buried(key: RecordKey, standing: Standing) -> Iterator[tuple[object, ...]]:
    """The row of the inbox of a record that was deleted while others, who did not know, went on working on it: each
    change that nobody saw who took the record for gone claims that it still is there."""
    gone, claims = standing.heads(DELETED), standing.missed_by
    if claims or are_disputed(gone):
        heads = sorted([*gone, *claims], key=lambda one: one.order)
        yield (*key, DELETED, "", int(bool(claims)), "open" if claims else "rule", _heads_json(heads))


def spoken_of(entry: Entry) -> set[RecordKey]:
    """The records of which an entry says something that can be folded here."""
    return {*_told(entry)}


def _told(entry: Entry) -> dict[RecordKey, Told]:
    """What an entry says of each record, as far as it can be folded here."""
    told: dict[RecordKey, Told] = {}
    names = _foldable(entry.station == ROOT_STATION)
    for kind, record_id, name, value, base in entry.changes:
        if name not in names.get(kind, ()) or NUL in record_id:
            continue
        values, bases = told.get((kind, record_id)) or told.setdefault((kind, record_id), ({}, {}))
        if name == WHOLE:
            bases[WHOLE] = (*bases.get(WHOLE, ()), *(base or ()))
            continue
        values.setdefault(name, value)
        if base:
            bases.setdefault(name, base)
    return told


@cache
def _foldable(is_root: bool) -> dict[str, frozenset[str]]:
    """The names by which the fields of each kind may be changed."""
    kinds = KINDS.keys() if is_root else KINDS.keys() - ROOT_KINDS
    return {kind: frozenset((*column_types(kind), WHOLE)) for kind in kinds}


def _heads_json(heads: list[Head]) -> str:
    return orjson.dumps([[head.ref, head.clock, head.value] for head in heads], option=orjson.OPT_SORT_KEYS).decode()


def _encode(standing: Standing) -> bytes:
    return orjson.dumps([standing.said, {name: sorted(refs) for name, refs in standing.awaited.items()}])


def _decode(blob: bytes) -> Standing:
    said, awaited = orjson.loads(blob)
    return Standing(said, {name: set(refs) for name, refs in awaited.items()})
