"""A space after years of service: a hundred thousand incidents with their reports, two thousand of them open tonight.

Written through the journal in bulk, so that the chain, the heads and the tables are those of a real space.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from workstation.app.assembly import city
from workstation.commands.city import load_city
from workstation.domain.clock import WallClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.observation import Observation
from workstation.domain.records import Alarm, Incident, Report, Sensor, Task
from workstation.intake.gazetteer import NamedPlace
from workstation.journal import Journal
from workstation.station import Space
from workstation.telemetry import Telemetry

IN_ONE = 5000
UNPLACED = 0.25
STANDING_ALARMS = 40
ROUNDS = 120
AUTHOR = "rule:intake"
TYPES = ("N02", "A02", "A04", "A01", None)
LEVELS = (("IV", 50), ("III", 30), ("II", 8), ("I", 2), (None, 10))
WORDS = ("积水很深，车熄火了", "水漫到膝盖，请派人来", "楼上冒浓烟", "两车追尾，有人受伤", "闻到煤气味")


@dataclass(frozen=True, slots=True)
class Years:
    """How many incidents there were until `now`, and how many of them are open: the newest, a tenth with a task."""

    incidents: int
    live: int
    now: datetime
    places: tuple[NamedPlace, ...]

    def drafts(self) -> Iterator[Draft]:
        chance = random.Random(7)
        for number in range(self.incidents):
            is_live = number >= self.incidents - self.live
            yield self._founded(number, is_live, chance)
            if not is_live:
                closing = set_fields("incident", f"incident:{number}", state="closed", closed_at=self._at(number, 90))
                yield Draft("wang", "incident.state.closed", closing)
            elif number % 10 == 0:
                due = self.now + timedelta(minutes=chance.randrange(5, 120))
                task = Task(id=f"task:{number}", incident=f"incident:{number}", title="到场核实", office="JD03")
                told = {"state": "sent", "sent_at": self._at(number, 5), "due_at": due}
                yield Draft("wang", "task.send", (*changes_of(task), *set_fields("task", task.id, **told)))

    def _at(self, number: int, minutes: float = 0.0) -> datetime:
        """When an incident was reported: the closed ones a quarter of an hour apart, the open ones in ten hours."""
        from_end = self.incidents - number
        back = timedelta(hours=10 * from_end / self.live) if from_end <= self.live else timedelta(hours=from_end / 4)
        return self.now - back + timedelta(minutes=minutes)

    def _founded(self, number: int, is_live: bool, chance: random.Random) -> Draft:
        place, at, kind = chance.choice(self.places), self._at(number), chance.choice(TYPES)
        lat, lon = place.lat + chance.gauss(0, 200) / 111_195, place.lon + chance.gauss(0, 200) / 96_000
        is_placed = not is_live or chance.random() >= UNPLACED
        incident = Incident(
            id=f"incident:{number}",
            number=f"SJ{at:%Y%m%d}-{number:06d}",
            title=f"{place.name_zh}积水",
            type=kind,
            state=chance.choice(("reported", "verified", "responding")) if is_live else "reported",
            level=chance.choices([level for level, _ in LEVELS], [share for _, share in LEVELS])[0],
            summary=chance.choice(WORDS),
            channel="call",
            occurred_at=at,
            opened_at=at,
            office="JD03",
            lat=lat if is_placed else None,
            lon=lon if is_placed else None,
            place=place.name_zh,
            street=place.street,
        )
        return Draft(AUTHOR, "incident.open", (*changes_of(incident), *changes_of(report_about(incident, number, at))))


def report_about(incident: Incident, number: int, at: datetime) -> Report:
    return Report(
        id=f"hotline:{number}",
        source="hotline",
        external_id=str(number),
        channel="call",
        type=incident.type,
        text=WORDS[number % len(WORDS)],
        occurred_at=at,
        received_at=at,
        incident=incident.id,
        merge="founding",
        lat=incident.lat,
        lon=incident.lon,
        raw_digest=f"{number:064d}",
    )


def space_of(folder: Path, incidents: int, live: int) -> Space:
    """A founded space of the demo city's centre with these incidents, its instruments' last hours and some alarms."""
    town, clock = city("linjiang"), WallClock()
    space = Space.found(folder, town.centre)
    journal = Journal.open(space.journal, space.identity(), clock, space.sealer())
    journal.append(load_city(town.folder, journal.situation))
    sensors = journal.situation.find(Sensor)
    for part in _portions(Years(incidents, live, clock.now(), town.gazetteer.places).drafts()):
        journal.append(part)
    journal.append(list(_alarms(sensors, clock.now())))
    journal.close()
    telemetry = Telemetry.open(space.telemetry, writable=True)
    for turn in range(ROUNDS, 0, -1):
        at = clock.now() - timedelta(minutes=turn)
        telemetry.store([Observation(sensor.id, at, turn % 7) for sensor in sensors])
    telemetry.close()
    return space


def burst(live: int, incidents: int, count: int, now: datetime) -> list[Draft]:
    """What pours in at once: further reports about open incidents, and levels set on some of them."""
    drafts = []
    for number in range(count):
        known = Incident(id=f"incident:{incidents - 1 - number % live}", type="N02")
        if number % 4:
            report = report_about(known, incidents + number, now)
            drafts.append(Draft(AUTHOR, "report.merge", changes_of(report)))
        else:
            level = ("II", "III")[now.microsecond // 1000 % 2]
            drafts.append(Draft("wang", "incident.level.set", set_fields("incident", known.id, level=level)))
    return drafts


def _alarms(sensors: Iterable[Sensor], now: datetime) -> Iterator[Draft]:
    for sensor in islice(sensors, STANDING_ALARMS):
        alarm = Alarm(
            id=f"alarm:{sensor.id}",
            sensor=sensor.id,
            state="raised",
            level="III",
            value=31.0,
            unit=sensor.unit,
            raised_at=now - timedelta(minutes=12),
            lat=sensor.lat,
            lon=sensor.lon,
        )
        yield Draft("rule:threshold", "alarm.raise", changes_of(alarm))


def _portions(drafts: Iterator[Draft]) -> Iterator[list[Draft]]:
    while part := list(islice(drafts, IN_ONE)):
        yield part
