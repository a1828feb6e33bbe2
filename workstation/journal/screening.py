"""What the root refuses by its own word: the change of a record that its author's station could read nothing of, what
is written in the name of a time before authority by who has long heard of it, and a fork told without a proof.

Which region an entry is about, and what its author had heard, are his word, and any journal can hold them against his
authority. Whether they are so, only who holds the rest can tell, and that differs from journal to journal. The root
holds all: it compares, and its verdict is an entry, by which all judge alike, also those to whom the refused one came
first.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property

from workstation.domain.clock import Clock, millis
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.entry import Entry
from workstation.domain.records import KINDS, Verdict
from workstation.domain.region import ROOT, contains
from workstation.journal.bench import Bench
from workstation.journal.database import Database, picked
from workstation.journal.emergency import declared_at, is_claimed
from workstation.journal.forks import KeyOf, proves_nothing
from workstation.journal.past import Past
from workstation.security.remit import is_named_by, own_name
from workstation.situation import Situation
from workstation.situation.timeline import MEMBERS

UNSEEN, UNHEARD, UNPROVEN = "authority.unseen", "authority.unheard", "authority.unproven"
UNDECLARED = "authority.glass"
AUTHOR = "rule:screening"
LONGEST_AWAY = timedelta(days=14)
"""For how long after a word of the root what says that it had not heard of it may still come from who had."""
PLACED = frozenset(("incident", *MEMBERS, "sensor", "unit", "camera", "facility", "grid_cell"))
"""Kinds whose records lie somewhere. What stations say of sources by the same names is each one's own."""
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
        """The root's word over those of these entries that would count and are not to."""
        past = Past(self._database, entries)
        found = {entry.ref: (entry, UNSEEN) for entry in self._unseen(entries, bench)}
        has_heard = cache(self._has_heard)
        for entry in entries:
            if is_claimed(entry) and (seq := declared_at(entry)) and past.at(entry, seq) is None:
                found[entry.ref] = entry, UNDECLARED
            if entry.act == "fork.find" and proves_nothing(entry, self._key_of):
                found[entry.ref] = entry, UNPROVEN
            if (began := bench.unheard(entry)) and has_heard(entry.station, began):
                found[entry.ref] = entry, UNHEARD
        for entry, reason in found.values():
            if not bench.verdict(entry, past):
                yield Draft(AUTHOR, "entry.refuse", changes_of(Verdict(id=entry.ref, reason=reason)))

    def _unseen(self, entries: Sequence[Entry], bench: Bench) -> Iterator[Entry]:
        """Those that change what their station could not read, or belongs to what it could not."""
        placed = [(entry, region) for entry in entries if (region := bench.region(entry)) != ROOT]
        about = [(_About.of(entry), region) for entry, region in placed]
        told = self._told({key for one, _ in about for key in (*one.changed, *one.named, *one.moved)})
        views: dict[str, _View] = {}
        for one, region in about:
            view = views.setdefault(one.entry.station, _View(self._situation, one.entry.station))
            is_known = all(view.could_read(key, told[key], region) for key in one.changed | one.named)
            if not is_known or not view.was_open(one, told):
                yield one.entry

    def _has_heard(self, station: str, began: int) -> bool:
        """Whether a station had heard that word of the root, and it is long ago: until then one that was set back to an
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


@dataclass(frozen=True, slots=True)
class _About:
    """What an entry speaks of that lies somewhere and is not named by its own station: the records it `changed`, and
    the incidents it `named` as theirs; and every record it `moved` to one."""

    entry: Entry
    changed: frozenset[RecordKey]
    named: frozenset[RecordKey]
    moved: frozenset[RecordKey]

    @classmethod
    def of(cls, entry: Entry) -> "_About":
        own = own_name(entry)
        changed = {(one.kind, one.id) for one in entry.changes if one.kind in PLACED}
        comes = [one for one in entry.changes if one.field == "incident" and one.kind in MEMBERS]
        named = {("incident", str(one.value)) for one in comes if one.value}
        moved = frozenset((one.kind, one.id) for one in comes if one.kind != "member")
        foreign = [frozenset(key for key in keys if not is_named_by(key[1], own)) for keys in (changed, named)]
        return cls(entry, foreign[0], foreign[1], moved)


class _View:
    """What one station could read."""

    def __init__(self, situation: Situation, station: str) -> None:
        self._situation = situation
        self._station = station
        self._since = cache(lambda incident: situation.closed_since(incident, station))
        self._was_member = cache(lambda incident: situation.was_member(incident, station))

    def could_read(self, key: RecordKey, told: Said, region: str) -> bool:
        """Whether it could read anything that others told of a record, working in that region: of what lies in its
        region or above it, or of what it was given a task on. Who told of it first is not asked: a name that follows
        from its cause can be guessed."""
        scopes = {scope for _, station, scope in told if station != self._station}
        near = (contains(region, scope) or contains(scope, region) for scope in scopes)
        return not scopes or any(near) or key in self._lent

    def was_open(self, about: "_About", told: Mapping[RecordKey, Said]) -> bool:
        """Whether an entry leaves alone what was told within a restricted incident from its beginning, and draws
        nothing out of one: that would be to read it."""
        if not self._closes_any or is_claimed(about.entry):
            return True
        return all(self._was_open(key, told[key], key in about.moved) for key in about.changed | about.moved)

    def _was_open(self, key: RecordKey, told: Said, is_moved: bool) -> bool:
        record = self._situation.get(KINDS[key[0]], key[1])
        since = self._since(incident) if (incident := getattr(record, "incident", None)) else None
        if since is None or is_moved or key[0] in _UNBARRED or self._was_member(incident):
            return since is None or not is_moved
        first = min((place for place, station, _ in told if station != self._station), default=0)
        return first < since

    @cached_property
    def _closes_any(self) -> bool:
        return self._situation.closes_any(self._station)

    @cached_property
    def _lent(self) -> set[RecordKey]:
        return {(kind, name) for kind, name, *_ in self._situation.records_for(self._station)}
