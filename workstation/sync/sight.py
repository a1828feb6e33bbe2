"""What a station may read of the hub's journal: its region and what stands above it, up to its data class, and all that
is told of an incident its office works on, wherever that lies. Nothing of a restricted incident on which nobody of the
station is a member, but what it wrote itself. Of everything else it gets the headers alone, and of files that only such
entries name nothing."""

import hashlib
from functools import cache, cached_property, partial

from workstation.domain.records import Station
from workstation.journal import Journal, Stamp
from workstation.security.authority import may_read

USUAL_LEVEL = 3


class StationSight:
    """The sight of one station, as the journal has it now. Use it on the station's own thread, and not for long."""

    def __init__(self, journal: Journal, station: str) -> None:
        self._journal = journal
        self._station = station
        told = journal.situation.get(Station, station)
        self._region = (told.region if told else None) or ""
        self._level = told.level if told and told.level is not None else USUAL_LEVEL
        self._near = cache(partial(may_read, self._region, self._level))

    def __call__(self, number: int, stamp: Stamp) -> bool:
        """Whether the station may read an entry, by its place in our order of arrival and its stamp."""
        return self._reads(number, stamp.scope, stamp.data_class)

    def covers(self, digest: str, brings: bool = False) -> bool:
        """Whether the station may have a file: it may read an entry of another that names it, or was the first to name
        it. Naming what others did is enough to bring it (`brings`), and not to be given it."""
        told = self._journal.situation.naming(digest)
        return any(
            brings or one is told[0]
            if one.station == self._station
            else self._reads(one.number, one.scope, one.data_class)
            for one in told
        )

    def told(self) -> str:
        """What is another when the station may read more than before of what came to the hub earlier: its region, its
        level, the records elsewhere that its work has to do with, the restricted incidents it works on, and what the
        hub itself has come to read."""
        told = self._journal.situation.records_for(self._station)
        far = sorted({f"{kind} {name}" for kind, name, *where in told if not self._near(*where)})
        own = (self._region, self._level, self._journal.exchange.withheld())
        opened = self._journal.situation.opened_to(self._station)
        return hashlib.sha256(repr((own, far, opened) if opened else (own, far)).encode()).hexdigest()[:16]

    def _reads(self, number: int, scope: str, data_class: int) -> bool:
        if number in self._closed:
            return False
        return self._near(scope, data_class) or (data_class <= self._level and number in self._shared)

    @cached_property
    def _shared(self) -> set[int]:
        return self._journal.situation.entries_for(self._station)

    @cached_property
    def _closed(self) -> set[int]:
        return self._journal.situation.entries_closed_to(self._station)
