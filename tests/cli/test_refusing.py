"""`hub refuse`: what a station that was tampered with wrote is taken out again, by name and with a reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import workstation
from tests.hub.hostile import OTHER, Bad, town
from workstation.domain.clock import ManualClock, WallClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import KnownError
from workstation.domain.records import Alarm
from workstation.situation import AuditFilter
from workstation.station import Parts, Space, Station

WHY = ("--by", "赵强", "--reason", "篡改的终端")


@pytest.fixture
def hub(tmp_path: Path, clock: ManualClock) -> Iterator[Path]:
    """The space of a hub to which a bad station said beforehand that it knows the centre's next words of an alarm."""
    with town(tmp_path, clock) as place:
        ahead = place.stations["ZX"].ask(lambda journal: journal.own).result()
        bases = [f"ZX/{ahead.incarnation}/{seq}" for seq in range(ahead.seq + 1, ahead.seq + 50)]
        bad = Bad(place, "w1")
        squat = [("alarm", "alarm:water", name, None, bases) for name in ("state", "level")]
        bad.push(bad.entry("rule:x", "alarm.raise", squat))
        told = set_fields("alarm", "alarm:water", state="raised", level="I")
        place.stations["ZX"].write([Draft("rule:water", "alarm.raise", told, scope=OTHER)]).result()
        place.turns("ZX")
    yield tmp_path / "HUB"


def alarm(folder: Path) -> tuple[str | None, str | None]:
    station = Station(Space(folder), WallClock(), Parts())
    station.start()
    try:
        found = station.ask(lambda journal: journal.situation.get(Alarm, "alarm:water")).result()
        assert station.ask(lambda journal: [*journal.verify()]).result() == []
        return (found.state, found.level) if found else (None, None)
    finally:
        station.stop()


def test_what_a_bad_station_hid_is_seen_again(hub: Path) -> None:
    assert alarm(hub) == (None, None)
    done = workstation("hub", "refuse", hub, "JD03/w1/1", *WHY)
    assert (done.code, done.lines) == (0, [{"entry": "JD03/w1/1", "refused": True, "said": True}])
    assert alarm(hub) == ("raised", "I")
    assert workstation("hub", "refuse", hub, "JD03/w1/1", *WHY).lines[0]["said"] is False


def test_who_said_so_and_why_is_kept(hub: Path) -> None:
    workstation("hub", "refuse", hub, "JD03/w1/1", *WHY)
    station = Station(Space(hub), WallClock(), Parts())
    station.start()
    [told] = station.ask(lambda journal: journal.situation.audit(AuditFilter(act="entry.refuse"))).result()
    station.stop()
    assert (told.author, told.reason) == ("赵强", "篡改的终端")


@pytest.mark.parametrize("entry", ["JD03/w1/2", "JD03/w2/1", "JD03", "JD03/w1/x", "HUB/a/1"])
def test_what_is_no_entry_of_a_station_is_the_world_s_fault(hub: Path, entry: str) -> None:
    with pytest.raises(KnownError, match=entry):
        workstation("hub", "refuse", hub, entry, *WHY)


def test_without_a_name_or_a_reason_it_is_not_said(hub: Path) -> None:
    assert workstation("hub", "refuse", hub, "JD03/w1/1", "--by", " ", "--reason", "x").code == 2
