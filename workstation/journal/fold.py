"""Folding: entries become rows of typed tables, in the transaction that appends them.

A `Fold` is one unit of work. It loads the heads of each record it meets, applies the merge rule in memory, and `flush`
writes heads, tables, history and conflicts at once; so a batch of five thousand entries costs a few bulk statements.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache, lru_cache

import orjson

from workstation.domain.draft import Change
from workstation.domain.encoding import column_types, to_column
from workstation.domain.entry import Entry
from workstation.domain.records import KINDS
from workstation.journal.database import Database, Target
from workstation.journal.merge import Arrived, FieldState, Head, Rank

RecordKey = tuple[str, str]
DELETED, WHOLE = "deleted", "whole_record"
"""The tombstone's field, and no field: a change to WHOLE says by its base what its author had seen of all fields of a
record that it deletes or that is deleted. The fold remembers the union of what was seen."""
ROOT_STATION = "HUB"
ROOT_KINDS = frozenset({"station", "account", "grant", "root"})
_NUL = "\0"
"""Not every database holds it in a text: no record is named with it, and tables show it as no character."""
_AS_THEY_ARE = {"text": str, "time": str}
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
        self._records: dict[RecordKey, dict[str, FieldState]] = {}
        self._touched: dict[RecordKey, set[str]] = defaultdict(set)
        self._history: list[tuple[str, str, int]] = []
        self._split: set[tuple[str, str, str]] = set()
        self._disputed: set[tuple[str, str, str]] = set()
        self._decided: dict[tuple[str, str, str, str], list[str]] = {}

    @property
    def touched_kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, _ in self._touched)

    def load(self, keys: Iterable[RecordKey]) -> None:
        """Bring the heads of these records into memory, with one statement a few hundred records."""
        missing: dict[str, list[str]] = defaultdict(list)
        for kind, record_id in keys:
            if (kind, record_id) not in self._records:
                self._records[kind, record_id] = {}
                if _NUL not in record_id:
                    missing[kind].append(record_id)
        for kind, ids in missing.items():
            for start in range(0, len(ids), 500):
                part = ids[start : start + 500]
                sql = f"select id, fields from heads where kind = ? and id in ({','.join('?' * len(part))})"
                for record_id, blob in self._database.execute(sql, [kind, *part]):
                    self._records[kind, record_id] = _decode(blob)

    def state(self, kind: str, record_id: str, name: str) -> FieldState:
        """The heads of one field; an empty one where nothing was said of it."""
        return self._record((kind, record_id)).setdefault(name, FieldState())

    def is_gone(self, kind: str, record_id: str) -> bool:
        """Whether a record is shown as deleted."""
        state = self._record((kind, record_id)).get(DELETED)
        return state is not None and bool(state.shown())

    def known(self, kind: str, record_id: str) -> tuple[str, ...]:
        """Every head of a record, as an author sees it who takes it for gone."""
        record = self._record((kind, record_id))
        return tuple(sorted({head.ref for state in record.values() for head in state.heads}))

    def apply(self, entry: Entry, number: int) -> None:
        """Fold one entry, `number` being its place in the order of arrival here."""
        ref, is_root = entry.ref, entry.station == ROOT_STATION
        self._applied.add(ref)
        seen: dict[RecordKey, tuple[dict[str, FieldState], set[str]]] = {}
        for change in entry.changes:
            name, key = change.field, (change.kind, change.id)
            is_whole = name == WHOLE
            if not _foldable(is_root, change.kind, DELETED if is_whole else name) or _NUL in change.id:
                continue
            if is_whole:
                self.state(*key, WHOLE).awaited |= {ref, *(change.base or ())}
                continue
            if key not in seen:
                seen[key] = (self._record(key), self._touched[key])
            record, touched = seen[key]
            touched.add(name)
            head = Head(ref, entry.clock, change.value)
            if change.base or name in record:
                self._supersede(key, change, head)
            else:
                record[name] = FieldState([head])
        for record, touched in seen.values():
            if DELETED in record and DELETED not in touched:
                record[DELETED].awaited -= {ref}  # named by who decided whether the record is there
        self._history += [(kind, record_id, number) for kind, record_id in seen]

    def _supersede(self, key: RecordKey, change: Change, head: Head) -> None:
        """Apply a change to a field about which something was said, or that speaks of something said elsewhere."""
        state = self.state(*key, change.field)
        if any(known.ref == head.ref for known in state.heads):
            return
        if len(state.heads) > 1:
            self._disputed.add((*key, change.field))
        base = change.base or ()
        state.apply(head, base, self._has)
        if len(state.heads) > 1:
            self._split.add((*key, change.field))
        if len(base) > 1:
            self._decided[(*key, change.field, head.ref)] = sorted(base)

    def _has(self, ref: str) -> bool:
        """Whether an entry was folded before, be it by this very fold."""
        return ref in self._applied or self._arrived(ref)

    def _record(self, key: RecordKey) -> dict[str, FieldState]:
        if key not in self._records:
            self.load([key])
        return self._records[key]

    def flush(self) -> None:
        """Write everything touched since the last flush."""
        self._database.put(_HEADS, [(*key, _encode(self._records[key])) for key in self._touched])
        self._database.put(_HISTORY, self._history)
        self._write_tables()
        self._write_conflicts()
        self._touched.clear()
        self._history.clear()
        self._split.clear()
        self._disputed.clear()
        self._decided.clear()

    def _write_tables(self) -> None:
        rows: dict[tuple[str, frozenset[str]], list[list[object]]] = defaultdict(list)
        for key, names in self._touched.items():
            group, record = (key[0], frozenset(names)), self._records[key]
            row: list[object] = [key[1]]
            for name, rank, plain in _columns(*group):
                heads = record[name].heads
                value = heads[0].value if len(heads) == 1 else record[name].shown(rank)
                is_plain = type(value) is plain and _NUL not in value  # type: ignore[operator]
                row.append(value if is_plain else to_column(key[0], name, value))
            rows[group].append(row)
        for group, listed in rows.items():
            self._database.put(_rows_of(*group), listed)

    def _write_conflicts(self) -> None:
        live: list[tuple[object, ...]] = []
        for key in [key for key in self._touched if WHOLE in self._records[key]]:
            self._split.discard((*key, DELETED))
            self._disputed.add((*key, DELETED))
            live += _buried(key, self._records[key])
        for kind, record_id, name in self._split:
            state = self._records[kind, record_id][name]
            if state.disputed():
                guarded = int(name in guards(kind))
                standing = (guarded, "open" if guarded else "rule", _heads_json(state.heads))
                live.append((kind, record_id, name, "", *standing))
        settled = "delete from conflict where kind=? and id=? and field=? and decided=''"
        for one in sorted(self._disputed):
            self._database.execute(settled, one)
        decided: list[tuple[object, ...]] = [
            (kind, record_id, name, ref, int(name in guards(kind)), "decided", orjson.dumps(base).decode())
            for (kind, record_id, name, ref), base in self._decided.items()
        ]
        self._database.put(_CONFLICT, live + decided)


def _buried(key: RecordKey, record: dict[str, FieldState]) -> Iterator[tuple[object, ...]]:
    """The row of the inbox of a record that was deleted while others, who did not know, went on working on it: each
    change that nobody saw who took the record for gone claims that it still is there."""
    gone = record.get(DELETED, FieldState())
    unseen = {
        head.ref: Head(head.ref, head.clock, False)
        for name, state in record.items()
        for head in state.heads
        if name != DELETED and head.ref not in record[WHOLE].awaited
    }
    claims = list(unseen.values()) if gone.shown() else []
    if claims or gone.disputed():
        heads = sorted([*gone.heads, *claims], key=lambda one: one.order)
        yield (*key, DELETED, "", int(bool(claims)), "open" if claims else "rule", _heads_json(heads))


@lru_cache(maxsize=1024)
def _columns(kind: str, names: frozenset[str]) -> list[tuple[str, Rank | None, type | None]]:
    """Of each field in order: its name, how its values are ordered by severity, and the type of values that its column
    holds as they are."""
    shapes = column_types(kind)
    return [(name, guards(kind).get(name), _AS_THEY_ARE.get(shapes[name])) for name in sorted(names)]


@lru_cache(maxsize=1024)
def _rows_of(kind: str, names: frozenset[str]) -> Target:
    """Where rows of an id and the values of `_columns` go."""
    return Target(kind, ("id", *sorted(names)), ("id",))


@cache
def _foldable(is_root: bool, kind: str, name: str) -> bool:
    if kind in ROOT_KINDS and not is_root:
        return False
    return kind in KINDS and name in column_types(kind)


def _heads_json(heads: list[Head]) -> str:
    return orjson.dumps([[head.ref, head.clock, head.value] for head in heads], option=orjson.OPT_SORT_KEYS).decode()


def _encode(record: dict[str, FieldState]) -> bytes:
    heads = {name: state.heads for name, state in record.items() if state.heads or state.awaited}
    awaited = {name: sorted(state.awaited) for name, state in record.items() if state.awaited}
    return orjson.dumps([heads, awaited], default=tuple)


def _decode(blob: bytes) -> dict[str, FieldState]:
    heads, awaited = orjson.loads(blob)
    return {
        name: FieldState([Head(*one) for one in ones], frozenset(awaited.get(name, ()))) for name, ones in heads.items()
    }
