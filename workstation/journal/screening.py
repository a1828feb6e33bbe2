"""What the root refuses by its own word: the change of a record that the author's station could read nothing of.

Which region an entry is about is its author's word, and any journal can hold that against his authority. Whether it is
so, only who holds the record can tell, and that differs from journal to journal. The root holds all: it compares, and
its verdict is an entry, by which all judge alike, also those to whom the refused entry came first.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.entry import Entry
from workstation.domain.records import Verdict
from workstation.domain.region import ROOT, contains
from workstation.journal.database import Database, picked
from workstation.security.remit import is_own, own_name
from workstation.situation import Situation
from workstation.situation.timeline import MEMBERS

UNSEEN = "authority.unseen"
AUTHOR = "rule:screening"
PLACED = frozenset(("incident", *MEMBERS))
"""Kinds whose records lie somewhere. What stations say of sources and sensors by the same names is each one's own."""
_TOLD = (
    "select h.id, s.station, e.scope, min(h.entry) as first from history h join entry e on e.number = h.entry"
    " join stream s on s.number = e.stream where h.kind = ? and h.id in"
)
RegionOf = Callable[[Entry], str]
RecordKey = tuple[str, str]
Said = list[tuple[int, str, str]]
"""Who told first of a record from each region: place in order of arrival, station, region."""


def screened(
    entries: Sequence[Entry], region_of: RegionOf, situation: Situation, database: Database
) -> Iterator[Draft]:
    """The root's verdicts over new entries, as things stand before they are folded."""
    about = {entry.ref: keys for entry in entries if region_of(entry) != ROOT and (keys := _foreign(entry))}
    told = _told(database, {key for keys in about.values() for key in keys})
    lent: dict[str, set[RecordKey]] = {}
    for entry in entries:
        for key in about.get(entry.ref, ()):
            if not _lies_apart(told[key], entry.station, region_of(entry)):
                continue
            if entry.station not in lent:
                lent[entry.station] = {(kind, name) for kind, name, *_ in situation.records_for(entry.station)}
            if key not in lent[entry.station]:
                yield Draft(AUTHOR, "entry.refuse", changes_of(Verdict(id=entry.ref, reason=UNSEEN)))
                break


def _foreign(entry: Entry) -> set[RecordKey]:
    """The records an entry changes that somewhere lie, and are not named after its own station."""
    own = own_name(entry)
    return {(kind, name) for kind, name, *_ in entry.changes if kind in PLACED and not is_own(name, own)}


def _told(database: Database, keys: set[RecordKey]) -> dict[RecordKey, Said]:
    """What is held of these records."""
    ids: dict[str, list[str]] = defaultdict(list)
    for kind, name in keys:
        ids[kind].append(name)
    told: dict[RecordKey, Said] = defaultdict(list)
    for kind, names in ids.items():
        for name, station, scope, first in picked(database, _TOLD, [kind], names, " group by h.id, s.station, e.scope"):
            told[kind, name].append((first, station, scope))
    return told


def _lies_apart(told: Said, station: str, region: str) -> bool:
    """Whether a record that others told of first lies beside a station's region: some of it outside, nothing within."""
    if not told or min(told)[1] == station:
        return False
    scopes = {scope for _, author, scope in told if author != station}
    within = any(contains(region, scope) for scope in scopes)
    return not within and any(not contains(scope, region) for scope in scopes)
