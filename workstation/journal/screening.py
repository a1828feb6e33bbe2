"""What the root refuses by its own word: the change of a record that its author's station could read nothing of, what
is written in the name of a time before authority by who has long heard of it, and a fork told without a proof.

Which region an entry is about, and what its author had heard, are his word, and any journal can hold them against his
authority. Whether they are so, only who holds the rest can tell, and that differs from journal to journal. The root
holds all: it compares, and its verdict is an entry, by which all judge alike, also those to whom the refused one came
first.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache, cached_property

from workstation.domain.clock import Clock, millis
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.entry import Entry
from workstation.domain.records import Verdict
from workstation.domain.region import ROOT, contains
from workstation.journal.bench import Bench
from workstation.journal.database import Database, picked
from workstation.journal.forks import KeyOf, proves_nothing
from workstation.security.remit import is_own, own_name
from workstation.situation import Situation
from workstation.situation.timeline import MEMBERS

UNSEEN, UNHEARD, UNPROVEN = "authority.unseen", "authority.unheard", "authority.unproven"
AUTHOR = "rule:screening"
LONGEST_AWAY = timedelta(days=14)
"""For how long after authority began what says that it had not heard of it may still come from who had."""
PLACED = frozenset(("incident", *MEMBERS))
"""Kinds whose records lie somewhere. What stations say of sources and sensors by the same names is each one's own."""
_UNBARRED = ("member", "alarm")
"""What may be put to a restricted incident by who is no member of it: members, and what an instrument says."""
_TOLD = (
    "select h.id, s.station, e.scope, min(h.entry) as first from history h join entry e on e.number = h.entry"
    " join stream s on s.number = e.stream where h.kind = ? and h.id in"
)
_HEARD = "select 1 from entry e join stream s on s.number = e.stream where s.station = ? and e.seen >= ? limit 1"
RecordKey = tuple[str, str]
Said = list[tuple[int, str, str]]
"""Who told of a record first, from each region: place in order of arrival, station, region."""


class Screen:
    """What the root knows of what others could know, as things stand before new entries are folded."""

    def __init__(self, database: Database, situation: Situation, key_of: KeyOf, clock: Clock) -> None:
        self._database = database
        self._situation = situation
        self._key_of = key_of
        self._clock = clock

    def verdicts(self, entries: Sequence[Entry], bench: Bench) -> Iterator[Draft]:
        """The root's word over those of these entries that are not to count."""
        placed = [(entry, region) for entry in entries if (region := bench.region(entry)) != ROOT]
        about = [(entry, region, keys) for entry, region in placed if (keys := _foreign(entry))]
        told = self._told({key for _, _, keys in about for key in keys})
        views: dict[str, _View] = {}
        refused: dict[str, str] = {}
        for entry, region, keys in about:
            view = views.setdefault(entry.station, _View(self._situation, entry.station))
            moved = {(one.kind, one.id) for one in entry.changes if one.field == "incident"}
            is_known = all(view.could_read(key, told[key], region) for key in keys)
            if not is_known or not all(view.was_open(key, told[key]) for key in keys & moved):
                refused[entry.ref] = UNSEEN
        has_heard = cache(self._has_heard)
        for entry in entries:
            if entry.act == "fork.find" and proves_nothing(entry, self._key_of):
                refused[entry.ref] = UNPROVEN
            if (began := bench.unheard(entry)) and has_heard(entry.station, began):
                refused[entry.ref] = UNHEARD
        for ref, reason in refused.items():
            yield Draft(AUTHOR, "entry.refuse", changes_of(Verdict(id=ref, reason=reason)))

    def _has_heard(self, station: str, began: int) -> bool:
        """Whether a station had heard that authority began, and it is long ago: until then one that was set back to an
        older copy may bring what it wrote before it heard again."""
        if millis(self._clock.now() - LONGEST_AWAY) << 16 <= began:
            return False
        return self._database.execute(_HEARD, [station, began]).fetchone() is not None

    def _told(self, keys: set[RecordKey]) -> dict[RecordKey, Said]:
        """What is held of these records."""
        ids: dict[str, list[str]] = defaultdict(list)
        for kind, name in keys:
            ids[kind].append(name)
        told: dict[RecordKey, Said] = defaultdict(list)
        for kind, names in ids.items():
            rows = picked(self._database, _TOLD, [kind], names, " group by h.id, s.station, e.scope")
            for name, station, scope, first in rows:
                told[kind, name].append((first, station, scope))
        return told


class _View:
    """What one station could read at some time."""

    def __init__(self, situation: Situation, station: str) -> None:
        self._situation = situation
        self._station = station

    def could_read(self, key: RecordKey, told: Said, region: str) -> bool:
        """Whether it could read anything of a record, working in that region: of one that it told of itself before
        others did, of what lies in its region or above it, or of what it was given a task on."""
        if self._founded(told):
            return True
        scopes = {scope for _, station, scope in told if station != self._station}
        within = any(contains(region, scope) for scope in scopes)
        return within or all(contains(scope, region) for scope in scopes) or key in self._lent

    def was_open(self, key: RecordKey, told: Said) -> bool:
        """Whether a record was not told within a restricted incident from its beginning: to draw it out of that would
        be to read it."""
        return key[0] in _UNBARRED or self._founded(told) or min(told)[0] not in self._never_open

    def _founded(self, told: Said) -> bool:
        return not told or min(told)[1] == self._station

    @cached_property
    def _lent(self) -> set[RecordKey]:
        return {(kind, name) for kind, name, *_ in self._situation.records_for(self._station)}

    @cached_property
    def _never_open(self) -> set[int]:
        return self._situation.entries_never_open_to(self._station)


def _foreign(entry: Entry) -> set[RecordKey]:
    """The records an entry changes that somewhere lie, and are not named after its own station."""
    own = own_name(entry)
    return {(kind, name) for kind, name, *_ in entry.changes if kind in PLACED and not is_own(name, own)}
