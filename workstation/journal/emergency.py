"""Whether an entry that names broken glass as its cause was written while that was open.

Glass is open at the desk where it was broken: its declaration stands before what is done under it in the same stream,
so whoever holds both judges alike. Who holds the entry and not the declaration (a station that lies outside its scope
and reads the entry for a task alone, or to which the content is still to follow) can take the author's word only, and
judges again when it comes (`Credit`).
"""

import json
from collections.abc import Callable, Iterator, Sequence

from workstation.domain.entry import Entry
from workstation.journal.past import Past
from workstation.journal.store import Store
from workstation.security.authority import BREAKS, GLASS, OPEN_FOR, SHUTS
from workstation.security.remit import own_name

_CREDIT = "credit"
_NAMED = f"{GLASS}approval:"
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
    """Entries that count on their author's word, as the declaration they name had not come: few, kept in `meta`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def give(self, entry: Entry, past: Past) -> None:
        """Note an entry that was let pass, where that was on credit."""
        seq = declared_at(entry) if is_claimed(entry) else 0
        if seq and past.at(entry, seq) is None:
            self._keep([*self._kept(), (entry.station, entry.incarnation, seq, entry.seq)])

    def call_in(self, come: Sequence[Entry]) -> Iterator[Entry]:
        """The entries whose declaration has come now with these, to be judged again."""
        kept, past = self._kept(), Past(self._store.connection)
        here = {(one.station, one.incarnation, one.seq): one for one in come}
        due = [one for one in kept if one[:3] in here]
        if due:
            self._keep([one for one in kept if one not in due])
        for one in due:
            if (entry := past.at(here[one[:3]], one[3])) is not None:
                yield entry

    def _kept(self) -> list[tuple[str, str, int, int]]:
        return [tuple(one) for one in json.loads(self._store.meta(_CREDIT) or "[]")]

    def _keep(self, kept: Sequence[tuple[str, str, int, int]]) -> None:
        self._store.set_meta(_CREDIT, json.dumps(kept))


def _says(entry: Entry, act: str, glass: str) -> bool:
    return entry.act == act and any((one.kind, one.id) == ("approval", glass) for one in entry.changes)
