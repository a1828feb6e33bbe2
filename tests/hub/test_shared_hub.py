"""Several hub processes over one PostgreSQL database: stations at one hear what was pushed to another."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.hubs import digest, enrolled_station, entries, linked, until, write_incident
from workstation.domain.clock import Clock, ManualClock, WallClock
from workstation.hub.exchange import Hub
from workstation.hub.migration import to_file, to_shared
from workstation.hub.safekeeping import back_up, drill_restore, restore
from workstation.hub.server import HubServer
from workstation.journal.audit import audit
from workstation.journal.database import DatabaseFault
from workstation.journal.moving import MoveError
from workstation.security.keys import Identity
from workstation.station import Parts, Space, Station
from workstation.station.space import SpaceError
from workstation.sync.enrolling import enrol
from workstation.sync.peer import HubRefused


@pytest.fixture
def space(tmp_path: Path, new_database: Callable[[], str]) -> Space:
    """A hub's space whose journal lies in an empty database."""
    space = Space.found(tmp_path / "HUB", "HUB")
    space.share(new_database())
    return space


@contextmanager
def hub_over(space: Space, clock: Clock) -> Iterator[tuple[Hub, str]]:
    """One of the hubs over a space, with all of its own that a process has, and its URL."""
    station = Station(space, clock, Parts())
    station.start()
    server = HubServer(Hub(station), "127.0.0.1", 0)
    try:
        yield Hub(station), server.start()
    finally:
        server.stop()
        station.stop()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_stations_at_two_hubs_hear_each_other_and_lose_and_double_nothing(
    tmp_path: Path, space: Space, stack: ExitStack, clock: ManualClock
) -> None:
    hubs = [stack.enter_context(hub_over(space, clock)) for _ in range(2)]
    stations = []
    for number, code in enumerate(("ZX", "JD03", "JD04", "JD05")):
        stations.append(enrolled_station(tmp_path, code, *hubs[number % 2], clock))
        stack.callback(stations[-1].stop)
    for station in stations:
        stack.enter_context(linked(station))
    for number in range(25):
        for station in stations:
            write_incident(station, f"{station.name}-{number}", title="积水")
            write_incident(station, "shared", trapped=number)
    everyone = [*stations, hubs[0][0].station, hubs[1][0].station]
    until(lambda: {entries(one) for one in everyone} == {4 + 4 * 50})
    assert len({digest(one) for one in everyone}) == 1
    assert audit(space.place, space.identity(), space.sealer(), clock) == []


def test_a_code_lets_one_station_in_though_it_is_shown_to_two_hubs_at_once(
    space: Space, stack: ExitStack, clock: ManualClock
) -> None:
    hubs = [stack.enter_context(hub_over(space, clock)) for _ in range(2)]
    for turn in range(5):
        name = f"JD{turn}"
        code = hubs[0][0].invitations.invite(name, "990100", clock.now())

        def show(hub: tuple[Hub, str], name: str = name, code: str = code) -> bool:
            try:
                return bool(enrol(hub[1], code, Identity.create(name)))
            except HubRefused:
                return False

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(show, hubs)) == [False, True]


def test_a_push_to_one_hub_wakes_who_listens_at_the_other(
    tmp_path: Path, space: Space, stack: ExitStack, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wait in ("ROUND_SECONDS", "POLL_SECONDS"):
        monkeypatch.setattr(f"workstation.sync.link.{wait}", 600.0)  # by when nobody who is not woken looks again
    hubs = [stack.enter_context(hub_over(space, clock)) for _ in range(2)]
    centre, street = (
        enrolled_station(tmp_path, code, *hub, clock) for code, hub in zip(("ZX", "JD03"), hubs, strict=True)
    )
    for one in (centre, street):
        stack.callback(one.stop)
    stack.enter_context(linked(centre))
    there = stack.enter_context(linked(street))
    until(lambda: there.state.state == "online")
    numbers = count(1)

    def is_heard() -> bool:
        """The street may not listen yet when the first is written."""
        write_incident(centre, f"i{next(numbers)}")
        return entries(street) > 2

    until(is_heard)


def test_a_hub_takes_up_what_another_has_begun_when_that_one_is_gone(
    tmp_path: Path, space: Space, stack: ExitStack, clock: ManualClock
) -> None:
    with hub_over(space, clock) as first:
        centre = enrolled_station(tmp_path, "ZX", *first, clock)
        stack.callback(centre.stop)
        with linked(centre):
            write_incident(centre, "i1")
            until(lambda: entries(first[0].station) == 2)
    second, url = stack.enter_context(hub_over(space, clock))
    with linked(centre, url) as link:
        write_incident(centre, "i2")
        until(lambda: link.state.unsent == 0 and entries(second.station) == 3)
    assert digest(second.station) == digest(centre)


def test_a_hubs_journal_moves_to_a_shared_database_and_back_between_two_pushes(
    tmp_path: Path, new_database: Callable[[], str], stack: ExitStack, clock: ManualClock
) -> None:
    space, url = Space.found(tmp_path / "HUB", "HUB"), new_database()
    with hub_over(space, clock) as hub:
        centre = enrolled_station(tmp_path, "ZX", *hub, clock)
        stack.callback(centre.stop)
    for number, move in enumerate((lambda: to_shared(space, url, clock), lambda: to_file(space, url)), 1):
        moved = move()
        with hub_over(space, clock) as (hub, address), linked(centre, address) as link:
            assert digest(hub.station) == moved.digest
            write_incident(centre, f"i{number}")
            until(lambda: link.state.unsent == 0 and entries(hub.station) == 1 + number)  # noqa: B023
            assert digest(hub.station) == digest(centre)
    assert audit(space.place, space.identity(), space.sealer(), clock) == []
    with pytest.raises(MoveError):
        to_shared(space, url, clock)


def test_a_space_has_one_journal(tmp_path: Path, clock: ManualClock) -> None:
    space = Space.found(tmp_path / "HUB", "HUB")
    with pytest.raises(SpaceError, match="postgresql"):
        space.share("mysql://hub")
    with hub_over(space, clock), pytest.raises(SpaceError, match="elsewhere"):
        space.share("postgresql://hub@/hub")


def test_a_shared_journal_is_backed_up_while_hubs_run_and_restored_to_a_file(
    tmp_path: Path, space: Space, stack: ExitStack, clock: ManualClock
) -> None:
    hub, _ = stack.enter_context(hub_over(space, clock))
    write_incident(hub.station, "i1")
    file = tmp_path / "hub.backup"
    assert back_up(space, file, clock, "pass") == 1
    drill = drill_restore(file, "pass", clock)
    assert (drill.entries, drill.same, drill.faults) == (1, True, ())
    restored = Space(tmp_path / "again")
    restore(file, restored, "pass")
    assert restored.place == restored.journal


def test_the_command_moves_a_journal_and_proves_a_shared_one(
    tmp_path: Path, new_database: Callable[[], str], stack: ExitStack
) -> None:
    space, url = Space.found(tmp_path / "HUB", "HUB"), new_database()
    with hub_over(space, WallClock()) as (hub, _):
        write_incident(hub.station, "i1")
    for arguments in (("hub", "migrate", space.folder, url), ("audit", "verify", space.folder)):
        done = subprocess.run([sys.executable, "-m", "workstation", *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert url in (space.folder / "keys" / "database.url").read_text()


def test_an_outage_of_the_database_is_named_once_and_nothing_is_lost_by_it(
    tmp_path: Path, space: Space, stack: ExitStack, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    hub, url = stack.enter_context(hub_over(space, clock))
    centre = enrolled_station(tmp_path, "ZX", hub, url, clock)
    stack.callback(centre.stop)
    link = stack.enter_context(linked(centre))
    until(lambda: link.state.state == "online")
    name = space.place.url.split("/")[3].partition("?")[0]
    with psycopg.connect(space.place.url.replace(f"/{name}", "/postgres"), autocommit=True) as server:
        server.execute(f"alter database {name} with allow_connections false")
        server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
        write_incident(centre, "i1")
        until(lambda: link.state.reason == "database")
        with pytest.raises(DatabaseFault):
            hub.station.tick().result()
        until(lambda: "does not answer" in caplog.text)
        server.execute(f"alter database {name} with allow_connections true")
    until(lambda: link.state.unsent == 0 and link.state.state == "online")
    until(lambda: entries(hub.station) == 2 and "answers again" in caplog.text)
    assert digest(hub.station) == digest(centre)
    said = [record.getMessage() for record in caplog.records if record.name == "workstation.station.station"]
    assert [line.partition(":")[2][:25] for line in said] == [" the database does not an", " the database answers aga"]
