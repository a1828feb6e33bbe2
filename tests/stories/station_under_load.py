"""A station in a process of its own, busy with an evening that never ends, which says what it has acknowledged.

The nursery bears it. Each line is JSON and is written only after the Future
of its work had its answer: whatever a line names must be there when the process is killed in the middle of the next.
"""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from workstation.app.assembly import assembled, city, reception_of, teach
from workstation.commands.alarm import acknowledge_alarm
from workstation.commands.incident import change_level, open_incident, verify
from workstation.commands.seat import Command
from workstation.domain.call import CallNotes
from workstation.domain.clock import ManualClock, iso
from workstation.domain.entry import Entry
from workstation.domain.errors import Refused
from workstation.domain.observation import Observation
from workstation.domain.records import Alarm, Incident
from workstation.feeds.calls import parse_calls
from workstation.intake.reception import Reception
from workstation.journal import Journal
from workstation.journal.codec import digest_of, encode_content
from workstation.station import Space, Station

READY = "ready"
AT_ONCE = 5
HEAD = "编号,时间,标题,内容,地点,纬度,经度,电话\n"
GAUGES = [f"RM-{number:02}" for number in range(1, 9)]
Line = dict[str, object]


class Load:
    """What one station hears in a row: calls, measurements, and what its operator does about them."""

    def __init__(self, station: Station, clock: ManualClock, reception: Reception, seed: int) -> None:
        self.station = station
        self.clock = clock
        self.reception = reception
        self.seed = seed
        self.chance = Random(seed)

    def run(self) -> Iterator[Line]:
        """Without an end; a line for everything acknowledged."""
        number = 0
        while True:
            waiting = [self._call(number := number + 1) for _ in range(AT_ONCE)]
            for name, taken in waiting:
                taken.result()
                yield self._head() | {"report": name}
            yield from self._measured()
            yield from self._operated()

    def _call(self, number: int) -> tuple[str, Future[int]]:
        """A caller somewhere in the city. Calls near each other are merged, others found incidents."""
        name, lat, lon = f"{self.seed}-{number}", self.chance.uniform(29.5, 29.7), self.chance.uniform(124.1, 124.3)
        when = (self.clock.now() + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")
        row = f"{name},{when},积水,下穿积水第{number}处，有车被困,东郊路下穿,{lat:.5f},{lon:.5f},1380013{number:04}\n"
        return f"calls:call_record:{name}", self.station.take(parse_calls((HEAD + row).encode(), ""))

    def _measured(self) -> Iterator[Line]:
        now = self.clock.advance(60)
        water = [Observation(gauge, now, self.chance.choice([0.0, 6.0, 12.0, 30.0])) for gauge in GAUGES]
        self.station.observe(water).result()
        yield self._head() | {"sensors": GAUGES, "at": iso(now)}

    def _operated(self) -> Iterator[Line]:
        """Open, verify, raise; and acknowledge whatever alarm is up. A rule may say no, as it may to a person."""
        call = CallNotes(at=self.clock.now(), lat=29.61, lon=124.23, text=f"起火{self.chance.random()}", trapped=2)
        opened = self._submit(open_incident(call, self.reception))
        if opened is None:
            return
        yield _written(opened)
        incident = next(change.id for change in opened.changes if change.kind == Incident.__name__.lower())
        for command in (change_level(incident, "II", "火势大"), verify(incident, "视频"), *self._seen()):
            entry = self._submit(command)
            if entry is not None:
                yield _written(entry)

    def _seen(self) -> list[Command]:
        alarms = self.station.ask(lambda journal: journal.situation.find(Alarm, state="raised")).result()
        return [acknowledge_alarm(alarm.id) for alarm in alarms]

    def _submit(self, command: Command) -> Entry | None:
        try:
            return self.station.submit(command, "王芳", "operator").result()
        except Refused:
            return None

    def _head(self) -> Line:
        """The last entry of the station's own stream, which stands for all before it."""
        return self.station.ask(_end).result()


def _end(journal: Journal) -> Line:
    own = journal.own
    return {"ref": f"{own.station}/{own.incarnation}/{own.seq}", "hash": own.hash.hex()}


def _written(entry: Entry) -> Line:
    return {"ref": entry.ref, "digest": digest_of(encode_content(entry)).hex(), "act": entry.act}


def say(line: Line | str) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def play(folder: Path, seed: int) -> None:
    space = Space(folder)
    town = city("linjiang")
    clock = ManualClock(datetime(2026, 11, 24, 11, 40, tzinfo=UTC) + timedelta(hours=2 * seed))
    place = space if space.exists else Space.found(folder, town.centre)
    station = assembled(place, clock, town, on_duty=True)
    station.start()
    say(READY)
    teach(station, town)
    for line in Load(station, clock, reception_of(place, town), seed).run():
        say(line)
