"""The incidents a half-typed call may be about: found at once, found fresh, and never waited for."""

import threading
import time
from datetime import timedelta

import pytest

from tests.hubs import until
from workstation.app import likely as keeping
from workstation.app.assembly import assembled, city, reception_of, teach
from workstation.app.likely import Likely
from workstation.domain.call import CallNotes
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.records import Incident
from workstation.station import Space

UNDERPASS = (29.606482, 124.190213)
LONG_S = 120.0


@pytest.fixture
def station(tmp_path, clock):
    running = assembled(Space.found(tmp_path / "ZX", "ZX"), clock, city("linjiang"))
    running.start()
    teach(running, city("linjiang"))
    yield running
    running.stop()


@pytest.fixture
def likely(station):
    kept = Likely(station, reception_of(station.space, city("linjiang")), station.situation())
    yield kept
    kept.close()


@pytest.fixture
def call(clock):
    lat, lon = UNDERPASS
    return CallNotes(at=clock.now(), place="人民路下穿", type="N02", text="积水很深", lat=lat, lon=lon)


def flood(station, name, **fields):
    lat, lon = UNDERPASS
    now = station.clock.now() - timedelta(minutes=3)
    told = {"type": "N02", "state": "reported", "place": "人民路下穿", "lat": lat, "lon": lon, "located": "operator"}
    incident = Incident(id=name, opened_at=now, occurred_at=now, **(told | fields))
    station.write([Draft("wang", "incident.open", changes_of(incident))]).result()


def found(likely, call):
    return [one.incident for one in likely.of(call)]


def test_a_call_in_the_first_second_finds_what_was_open_before(station, call, monkeypatch):
    monkeypatch.setattr(keeping, "SETTLE_S", LONG_S)
    flood(station, "i1")
    begun = time.monotonic()
    kept = Likely(station, reception_of(station.space, city("linjiang")), station.situation())
    assert found(kept, call) == ["i1"]
    assert time.monotonic() - begun < LONG_S
    kept.close()


def test_what_was_opened_and_closed_since_the_last_key_is_known(station, likely, call):
    assert found(likely, call) == []
    flood(station, "i1")
    until(lambda: found(likely, call) == ["i1"])
    flood(station, "i1", state="false_report")
    until(lambda: found(likely, call) == [])


def test_a_key_does_not_wait_while_a_thousand_entries_are_taken_in(station, likely, call, monkeypatch):
    flood(station, "i1")
    until(lambda: found(likely, call) == ["i1"])
    begun, go_on = threading.Event(), threading.Event()

    def slowly(situation, now):
        begun.set()
        go_on.wait(60)

    monkeypatch.setattr(likely._similar, "follow", slowly)
    flood(station, "i2")
    assert begun.wait(60)
    assert found(likely, call) == ["i1"]
    go_on.set()


def test_what_goes_wrong_aside_is_told_to_who_asks(likely, call, monkeypatch):
    assert found(likely, call) == []

    def broken(situation, now):
        raise KeyError("no such column")

    monkeypatch.setattr(likely._similar, "follow", broken)
    with pytest.raises(KeyError, match="no such column"):
        until(lambda: likely.of(call) is None)


def test_nothing_runs_on_after_the_desk_is_closed(station, clock):
    before = set(threading.enumerate())
    kept = Likely(station, reception_of(station.space, city("linjiang")), station.situation())
    kept.close()
    assert set(threading.enumerate()) <= before
    flood(station, "i1")
