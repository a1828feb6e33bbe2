"""No content reaches a station outside its authority, and its chain still verifies."""

import pytest

from tests import stations
from tests.hubs import enrolled_station, running_hub
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident, Member, Task
from workstation.sync.hub_address import HubAddress
from workstation.sync.peer import Peer
from workstation.sync.rounds import pull_all, push_all

HERE, ELSEWHERE, CITY = "990101003", "990102001", "990100"


@pytest.fixture
def city(tmp_path, clock):
    """The hub, the centre, and a street office that may read its own street."""
    with running_hub(tmp_path, clock) as (hub, url):
        centre = enrolled_station(tmp_path, "ZX", hub, url, clock)
        street = enrolled_station(tmp_path, "JD03", hub, url, clock)
        hub.station.write([Draft("HUB", "station.enrol", set_fields("station", "JD03", region=HERE, level=2))]).result()
        yield Peer(HubAddress(url, b""), street.space.identity(), clock), url, centre, street, hub.station
        centre.stop()
        street.stop()


def write(station, /, kind, name, scope, data_class=2, **fields):
    draft = Draft("wang", f"{kind}.set", set_fields(kind, name, **fields), scope=scope, data_class=data_class)
    station.write([draft]).result()


def exchange(city):
    peer, url, centre, street, _ = city
    far = Peer(HubAddress(url, b""), centre.space.identity(), centre.clock)
    push_all(centre, far, lambda: False)
    far.close()
    pull_all(street, peer, lambda: False)


def known(station, cls=Incident):
    return {one.id for one in stations.known(station, cls)}


def raw(station):
    station.stop()
    folder = station.space.folder
    return b"".join(file.read_bytes() for file in folder.glob("journal.sqlite*"))


def test_an_office_gets_its_street_and_what_stands_above_it_and_headers_of_the_rest(city):
    _, _, centre, street, _ = city
    write(centre, "incident", "near", HERE, title="near")
    write(centre, "incident", "far", ELSEWHERE, title="far away")
    write(centre, "incident", "order", CITY, title="order")
    write(centre, "incident", "secret", HERE, data_class=3, title="of somebody")
    exchange(city)
    assert known(street) == {"near", "order"}
    assert street.ask(lambda journal: list(journal.verify())).result() == []
    held = street.ask(lambda journal: sum(journal.exchange.heads().values())).result()
    assert held == centre.ask(lambda journal: journal.store.next_number() - 1).result() + 3
    found = raw(street)
    assert b"near" in found
    assert b"far away" not in found
    assert b"of somebody" not in found


def test_an_office_with_a_task_gets_all_that_is_told_of_the_incident_also_what_came_before(city):
    _, _, centre, street, _ = city
    write(centre, "incident", "far", ELSEWHERE, title="far away")
    exchange(city)
    assert known(street) == set()
    write(centre, "task", "t1", HERE, incident="far", office="JD03", title="help")
    exchange(city)
    assert known(street, Task) == {"t1"}
    assert known(street) == {"far"}
    assert street.ask(lambda journal: list(journal.verify())).result() == []


def test_an_office_whose_region_grows_gets_what_was_withheld(city):
    peer, _, centre, street, hub = city
    write(centre, "incident", "far", ELSEWHERE, title="far away")
    exchange(city)
    assert known(street) == set()
    root = Draft("HUB", "station.enrol", set_fields("station", "JD03", region=CITY))
    hub.write([root]).result()
    pull_all(street, peer, lambda: False)
    assert known(street) == {"far"}


def test_a_restricted_incident_leaves_the_hub_only_for_stations_of_its_members(city):
    _, _, centre, street, _ = city
    write(centre, "incident", "riot", HERE, title="crowd at the bridge", restricted=True)
    write(centre, "member", "m1", HERE, incident="riot", account="wang", station="ZX")
    write(centre, "log", "l1", HERE, incident="riot", text="two hundred people")
    write(centre, "incident", "near", HERE, title="near")
    exchange(city)
    assert known(street) == {"near"}
    write(centre, "member", "m2", HERE, incident="riot", account="li", station="JD03")
    exchange(city)
    assert known(street) == {"near", "riot"} and known(street, Member) == {"m1", "m2"}
    assert street.ask(lambda journal: list(journal.verify())).result() == []


def test_nothing_of_a_restricted_incident_lies_on_the_disk_of_a_station_without_a_member(city):
    _, _, centre, street, _ = city
    write(centre, "incident", "riot", HERE, title="crowd at the bridge", restricted=True)
    write(centre, "access", "a1", HERE, incident="riot", user="wang", reason="bridge negotiator")
    exchange(city)
    found = raw(street)
    assert b"crowd at the bridge" not in found and b"negotiator" not in found
