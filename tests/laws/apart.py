"""Stations that work apart: each a copy from one enrolled set, with a clock of its own; and what the field should say.

`expected` is the merge rule told once more, as plainly as can be, so that the journal's folding has something to be
measured against: of all that was ever said of a field, whatever no other entry names in its base still stands.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.journals import enrolled, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import set_fields
from workstation.domain.entry import Entry
from workstation.journal import Batch, Journal, Want
from workstation.journal.fold import ROOT_STATION

EVENING = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)
STATIONS = ("ZX", "JD03", "JD07", "JD09")
REGIONS = {"ZX": "990100", "JD03": "990101003", "JD07": "990101007", "JD09": "990101"}
"""The city's centre, two streets, and the district that both lie in."""
MEMORY = Path("/dev/shm")
FieldName = tuple[str, str, str]
Claims = frozenset[tuple[str, str]]


@contextmanager
def passing_folder() -> Iterator[Path]:
    """A folder that is gone afterwards, in memory where the system has some to lend."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@cache
def _pattern() -> TemporaryDirectory[str]:
    """Journals of stations that one hub enrolled, the hub's beside them; closed, to be copied."""
    folder = TemporaryDirectory(ignore_cleanup_errors=True)
    clock = ManualClock(EVENING)
    journals = enrolled(Path(folder.name), clock, *STATIONS)
    hub = opened(Path(folder.name), ROOT_STATION, clock)
    for station, region in REGIONS.items():
        hub.append([Draft("admin", "station.enrol", set_fields("station", station, region=region))])
    for journal in journals:
        for batch in hub.exchange.missing(journal.exchange.heads(), Want()):
            journal.accept(batch)
        journal.close()
    hub.close()
    return folder


def enrolled_copy(folder: Path, station: str, clock: ManualClock) -> Journal:
    """The open journal of an enrolled station that has written nothing yet; HUB is the hub itself."""
    shutil.copytree(Path(_pattern().name) / station, folder / station)
    return opened(folder, station, clock)


def say(journal: Journal, record: str, **values: object) -> Entry:
    """Write an entry about one incident. What is said must be news to the station."""
    changes = tuple(Change("incident", record, name, value) for name, value in values.items())  # type: ignore[arg-type]
    (entry,) = journal.append([Draft(f"op-{journal.identity.station}", "incident.edit", changes)])
    return entry


def batches(journal: Journal, station: str, after: int = 0, limit: int = 1) -> list[Batch]:
    """What a journal holds of a station's entries behind `after`, in batches as small as they were signed."""
    found: list[Batch] = []
    for (author, incarnation), _ in sorted(journal.exchange.heads().items()):
        while author == station and (batch := journal.exchange.run(author, incarnation, after, limit)):
            found.append(batch)
            after = batch.last
    return found


def interleavings(streams: Sequence[Sequence[Batch]]) -> Iterator[list[Batch]]:
    """Every order in which streams can arrive, each stream's own order kept."""
    if not any(streams):
        yield []
    for place, stream in enumerate(streams):
        if stream:
            rest = [later[1:] if place == other else later for other, later in enumerate(streams)]
            for order in interleavings(rest):
                yield [stream[0], *order]


def expected(entries: Iterable[Entry]) -> dict[FieldName, Claims]:
    """For each field the values nothing supersedes, with the entries that said them, whatever order they came in."""
    said: dict[FieldName, set[tuple[str, str]]] = defaultdict(set)
    superseded: dict[FieldName, set[str]] = defaultdict(set)
    for entry in entries:
        for change in entry.changes:
            name = (change.kind, change.id, change.field)
            said[name].add((entry.ref, repr(change.value)))
            superseded[name].update(change.base or ())
    return {
        name: frozenset(claim for claim in claims if claim[0] not in superseded[name]) for name, claims in said.items()
    }


def disagreements(entries: Iterable[Entry]) -> dict[FieldName, Claims]:
    """The fields of which different values stand: what the inbox must list, neither more nor less."""
    said = list(entries)
    standing = {name: claims for name, claims in expected(said).items() if name[2] != "whole_record"}
    apart = {name: claims for name, claims in standing.items() if len({value for _, value in claims}) > 1}
    return apart | buried(said, standing)


def buried(entries: Sequence[Entry], standing: Mapping[FieldName, Claims]) -> dict[FieldName, Claims]:
    """Deleted records of which something stands that nobody saw who took them for gone."""
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in entries:
        for change in entry.changes:
            if change.field == "whole_record":
                seen[change.kind, change.id].update(change.base or (), [entry.ref])
    clocks = {entry.ref: (entry.clock, entry.ref) for entry in entries}
    found: dict[FieldName, Claims] = {}
    for (kind, record), known in seen.items():
        tombs = standing.get((kind, record, "deleted"), frozenset())
        claims = {ref for name, all_ in standing.items() if name[:2] == (kind, record) for ref, _ in all_}
        unseen = {(ref, "False") for ref in claims - known - {ref for ref, _ in tombs}}
        if unseen and tombs and max(tombs, key=lambda one: clocks[one[0]])[1] == "True":
            found[kind, record, "deleted"] = tombs | unseen
    return found


def inbox(journal: Journal) -> dict[FieldName, Claims]:
    """What a station lists as not yet decided."""
    return {
        (one.kind, one.id, one.field): frozenset((claim.ref, repr(claim.value)) for claim in one.heads)
        for one in journal.situation.conflicts()
        if one.state != "decided"
    }
