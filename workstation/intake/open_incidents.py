"""The open incidents as they are compared with reports: in memory, found by place, following the journal.

Each incident lies in every quarter-kilometre cell its radius touches, so that a report looks into one. The index reads
the newest entries since it last looked and refreshes what they touched, so that what an operator, a rule or another
station did is seen without reading everything again. One thread writes it; others may look for candidates meanwhile,
and wait no longer than it takes to put into place what was read before.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from math import cos, floor, radians
from threading import Lock

from workstation.domain.geometry import METRES_PER_DEGREE
from workstation.domain.records import Incident, Report
from workstation.intake.reception import Reception
from workstation.intake.score import KEPT_TEXTS, Sighting
from workstation.situation import Situation, TimelineLine

OPEN = ("reported", "verified", "responding", "controlled")
HORIZON = timedelta(hours=24)
CELL_DEGREES = 0.0025
WIDE_M = 500.0
_STEPS = (64, 2048, 32768)
_AT_ONCE = 500

Cell = tuple[int, int]


class OpenIncidents:
    """Sightings of open incidents by id, as they were when `follow` last looked."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._known: dict[str, Sighting] = {}
        self._cells: dict[Cell, dict[str, Sighting]] = {}
        self._wide: dict[str, Sighting] = {}
        self._named: dict[str, dict[str, Sighting]] = {}
        self._newest: str | None = None
        self._expected: set[str] = set()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._known)

    def follow(self, situation: Situation, now: datetime) -> None:
        """Take in what was written since the last look."""
        touched = self._touched(situation)
        if touched is None:
            self._load(situation, now)
        elif touched:
            self._refresh(situation, sorted(touched))

    def candidates(self, report: Sighting) -> dict[str, Sighting]:
        """Incidents that may be alike: around its point, wide ones, and those that bear a name or number it bears."""
        found: dict[str, Sighting] = {}
        with self._lock:
            for name in _names(report):
                found.update(self._named.get(name, {}))
            if report.lat is not None and report.lon is not None:
                found.update(self._wide)
                found.update(self._cells.get(_cell(report.lat, report.lon), {}))
        return found

    def found(self, incident: str, report: str, sighting: Sighting) -> None:
        """A report is about to found an incident; its entry is expected at the next look."""
        self._put(incident, sighting)
        self._expected.add(report)

    def join(self, incident: str, report: str, sighting: Sighting) -> None:
        """A report is about to join an incident; its entry is expected at the next look."""
        known = self._known[incident]
        moves = (known.lat is None and sighting.lat is not None) or (known.kind is None and sighting.kind is not None)
        if moves or not sighting.marks <= known.marks:
            self._drop(incident)
            known.absorb(sighting)
            self._put(incident, known)
        else:
            known.absorb(sighting)
        self._expected.add(report)

    def _touched(self, situation: Situation) -> set[str] | None:
        """Incidents that entries since the last look concern; None when it cannot be told."""
        for limit in (1, *(step + len(self._expected) for step in _STEPS)) if self._newest else ():
            lines = situation.recent(limit)
            refs = [line.ref for line in lines]
            if self._newest in refs:
                fresh = lines[: refs.index(self._newest)]
                self._newest = refs[0]
                return self._concerned(situation, [line for line in fresh if not self._is_expected(line)])
        return None

    def _is_expected(self, line: TimelineLine) -> bool:
        """Whether an entry is what this index already holds; it is then no longer waited for."""
        said = {change.id for change in line.changes if change.field == "raw_digest"} & self._expected
        self._expected -= said
        return bool(said)

    def _concerned(self, situation: Situation, lines: list[TimelineLine]) -> set[str] | None:
        if self._expected:
            return None
        touched = {(change.kind, change.id) for line in lines for change in line.changes}
        incidents = {record for kind, record in touched if kind == "incident"}
        for some in portions(sorted(record for kind, record in touched if kind == "report")):
            incidents |= {report.incident for report in situation.find(Report, id=some) if report.incident}
        return incidents

    def _load(self, situation: Situation, now: datetime) -> None:
        self._expected.clear()
        newest = situation.recent(1)
        self._newest = newest[0].ref if newest else None
        opened = situation.since(Incident, "opened_at", now - HORIZON)
        fresh = self._read(situation, [incident for incident in opened if incident.state in OPEN])
        self._replace(list(self._known), fresh)

    def _refresh(self, situation: Situation, incidents: list[str]) -> None:
        for some in portions(incidents):
            still = [one for one in situation.find(Incident, id=some) if one.state in OPEN]
            self._replace(some, self._read(situation, still))

    def _read(self, situation: Situation, incidents: list[Incident]) -> dict[str, Sighting]:
        """Incidents as they are compared, with what their newest reports say."""
        fresh = {incident.id: self._of(incident) for incident in incidents}
        for some in portions(list(fresh)):
            newest = situation.find(Report, order="-received_at", limit=KEPT_TEXTS * len(some), incident=some)
            for report in reversed(newest):
                fresh[str(report.incident)].absorb(self._reception.sighting(report))
        return fresh

    def _replace(self, gone: Iterable[str], fresh: Mapping[str, Sighting]) -> None:
        with self._lock:
            for incident in gone:
                self._drop(incident)
            for incident, sighting in fresh.items():
                self._put(incident, sighting)

    def _of(self, incident: Incident) -> Sighting:
        """An incident as if it were its own first report."""
        said = Report(
            id=incident.id,
            lat=incident.lat,
            lon=incident.lon,
            place=incident.place,
            located=incident.located,
            type=incident.type,
            text=incident.summary,
            occurred_at=incident.occurred_at or incident.opened_at,
        )
        return self._reception.sighting(said)

    def _put(self, incident: str, sighting: Sighting) -> None:
        self._known[incident] = sighting
        for table in self._tables(sighting):
            table[incident] = sighting

    def _drop(self, incident: str) -> None:
        sighting = self._known.pop(incident, None)
        for table in self._tables(sighting) if sighting is not None else ():
            table.pop(incident, None)

    def _tables(self, sighting: Sighting) -> Iterator[dict[str, Sighting]]:
        """Where a sighting is found: by its names and numbers, and by its place."""
        for name in _names(sighting):
            yield self._named.setdefault(name, {})
        if sighting.lat is None or sighting.lon is None:
            return
        radius = self._reception.rules.of(sighting.kind).radius_m if sighting.kind else WIDE_M
        if radius > WIDE_M:
            yield self._wide
            return
        for cell in _around(sighting.lat, sighting.lon, radius):
            yield self._cells.setdefault(cell, {})


def _names(sighting: Sighting) -> Iterator[str]:
    yield from sighting.marks
    if sighting.area is not None:
        yield sighting.area


def _cell(lat: float, lon: float) -> Cell:
    return floor(lat / CELL_DEGREES), floor(lon / CELL_DEGREES)


def _around(lat: float, lon: float, radius: float) -> Iterator[Cell]:
    """The cells a circle may touch."""
    north = radius / METRES_PER_DEGREE
    east = north / max(0.01, cos(radians(lat)))
    low, high = _cell(lat - north, lon - east), _cell(lat + north, lon + east)
    for row in range(low[0], high[0] + 1):
        for column in range(low[1], high[1] + 1):
            yield row, column


def portions(ids: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Ids as many at a time as one question takes."""
    every = list(ids)
    for start in range(0, len(every), _AT_ONCE):
        yield tuple(every[start : start + _AT_ONCE])
