"""Whether an entry that names broken glass as its cause was written while that was open.

Glass is open at the desk where it was broken: its declaration stands before what is done under it in the same stream,
so whoever holds both, and all between, judges alike. Who holds the entry and not the rest (a station that lies outside
its scope and reads the entry for a task alone, or to which contents are still to follow) can take the author's word
only, and judges again when they come (`Credit`). The root, which may read all, takes it for no declaration.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Sequence

from workstation.domain.entry import Entry
from workstation.journal.past import Past
from workstation.journal.store import Store
from workstation.security.authority import BREAKS, GLASS, OPEN_FOR, SHUTS
from workstation.security.remit import own_name

_CREDIT = "credit"
_NAMED = f"{GLASS}approval:"
_Place = tuple[str, str, int, int]
"""Station, incarnation, the place of the declaration, and that of the entry which names it."""
_OPEN = int(OPEN_FOR.total_seconds() * 1000) << 16


def is_claimed(entry: Entry) -> bool:
    """Whether an entry says that it was written under broken glass."""
    return entry.cause.startswith(GLASS)


def declared_at(entry: Entry) -> int:
    """The place in its own stream where the glass was broken that an entry names; 0 where it names none before it."""
    own = f"{_NAMED}{own_name(entry)}"
    seq = entry.cause[len(own) :]
    is_named = entry.cause.startswith(own) and seq.isascii() and seq.isdecimal()
    return int(seq) if is_named and 0 < int(seq) < entry.seq else 0


def is_open(entry: Entry, past: Past, counts: Callable[[Entry], bool]) -> bool:
    """Whether the glass that an entry names was broken by its author and neither shut nor over when it was written, as
    far as is known here; `counts` says of an earlier entry that it is allowed by itself. No glass is broken behind
    another, and to shut one needs none: so nothing here asks of a third entry."""
    if not (seq := declared_at(entry)):
        return False
    declaration = past.at(entry, seq)
    if declaration is None:
        return True
    name = entry.cause.removeprefix(GLASS)
    is_broken = _says(declaration, BREAKS, name) and not is_claimed(declaration)
    if not (is_broken and declaration.author == entry.author and counts(declaration)):
        return False
    shut = any(_says(one, SHUTS, name) and one.author == entry.author for one in past.doing(entry, SHUTS, seq))
    return entry.clock < declaration.clock + _OPEN and not shut


class Credit:
    """Entries that count on their author's word, as the declaration they name, or what stands between that and them and
    may have shut the glass again, had not come: few, kept in `meta`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def give(self, passed: Sequence[Entry], past: Past) -> None:
        """Note the entries that were let pass on credit among these."""
        given = [(one, seq) for one in passed if is_claimed(one) and (seq := declared_at(one)) and past.lacks(one, seq)]
        if given:
            self._keep([*self._kept(), *((one.station, one.incarnation, seq, one.seq) for one, seq in given)])

    def call_in(self, come: Sequence[Entry]) -> list[Entry]:
        """The entries to which something has come now with these that they may rest on, to be judged again."""
        if not (kept := self._kept()):
            return []
        past, here = Past(self._store.connection), {(one.station, one.incarnation): one for one in come}
        seqs = {name: sorted(one.seq for one in come if (one.station, one.incarnation) == name) for name in here}
        due: list[Entry] = []
        left: list[_Place] = []
        for place in kept:
            station, incarnation, declared, seq = place
            entry, came = None, seqs.get((station, incarnation), [])
            if bisect_left(came, declared) < bisect_left(came, seq):
                entry = past.at(here[station, incarnation], seq)
                due += [entry] if entry is not None else []
            if entry is None or past.lacks(entry, declared):
                left.append(place)
        if left != kept:
            self._keep(left)
        return due

    def _kept(self) -> list[_Place]:
        return [tuple(one) for one in json.loads(self._store.meta(_CREDIT) or "[]")]

    def _keep(self, kept: Sequence[_Place]) -> None:
        self._store.set_meta(_CREDIT, json.dumps(kept))


def _says(entry: Entry, act: str, glass: str) -> bool:
    return entry.act == act and any((one.kind, one.id) == ("approval", glass) for one in entry.changes)
