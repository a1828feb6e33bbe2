"""A city's content is brought into the journal once, and again where it has become other; people's word stands."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.stations import known
from workstation.app.assembly import City, assembled, city, teach
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.record import Record
from workstation.domain.records import Sensor, Unit
from workstation.station import Space, Station


@pytest.fixture
def town(tmp_path: Path) -> City:
    """Linjiang in a folder of its own, to be changed."""
    shutil.copytree(city("linjiang").folder, tmp_path / "town")
    return replace(city("linjiang"), folder=tmp_path / "town")


@pytest.fixture
def station(tmp_path: Path, clock: ManualClock, town: City) -> Iterator[Station]:
    running = assembled(Space.found(tmp_path / "ZX", "ZX"), clock, town)
    running.start()
    teach(running, town)
    yield running
    running.stop()


def said(station: Station, kind: str, record_id: str, **values: object) -> None:
    station.write([Draft("wang", f"{kind}.update", set_fields(kind, record_id, **values))]).result()


def first(station: Station, cls: type[Record]) -> Record:
    return known(station, cls, limit=1)[0]


def changed(town: City, name: str, **values: object) -> str:
    """Other values in the first feature of a file; its id."""
    file = town.folder / name
    content = json.loads(file.read_text("utf-8"))
    content["features"][0]["properties"] |= values
    file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return str(content["features"][0]["properties"]["id"])


def heads(station: Station) -> object:
    return station.ask(lambda journal: journal.exchange.heads()).result()


def test_a_unit_begins_available(station: Station) -> None:
    unit = first(station, Unit)
    assert isinstance(unit, Unit)
    assert unit.state == "available"


def test_what_is_known_already_is_not_written_again(station: Station, town: City) -> None:
    before = heads(station)
    teach(station, town)
    assert heads(station) == before


def test_what_people_set_stays_when_the_desk_starts_again(station: Station, town: City) -> None:
    sensor, unit = first(station, Sensor), first(station, Unit)
    said(station, "sensor", sensor.id, warn=9.5)
    said(station, "unit", unit.id, state="en_route")
    teach(station, town)
    after = first(station, Sensor), first(station, Unit)
    assert (getattr(after[0], "warn", None), getattr(after[1], "state", None)) == (9.5, "en_route")


def test_changed_content_is_brought_in_and_moves_no_unit(station: Station, town: City) -> None:
    unit = first(station, Unit)
    said(station, "unit", unit.id, state="en_route")
    sensor = changed(town, "sensors.geojson", name_zh="新名字")
    teach(station, town)
    situation = station.situation()
    known, moved = situation.get(Sensor, sensor), situation.get(Unit, unit.id)
    situation.close()
    assert (known and known.name_zh, moved and moved.state) == ("新名字", "en_route")
