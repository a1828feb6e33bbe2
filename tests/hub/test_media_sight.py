"""Media at a real hub leave it only for stations that may read an entry which names them."""

from pathlib import Path

import pytest

from tests.attachments.photographs import recording, shelf_in, stream
from tests.hubs import dialled, enrolled_station, running_hub, take_turns
from workstation.attachments.taking import Taken, take_file
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.records import Attachment
from workstation.sync.media_peer import MediaPeer
from workstation.sync.peer import HubRefused
from workstation.wire import WireError

HERE, ELSEWHERE, CITY = "990101003", "990102001", "990100"
FILM, ABSENT = recording(), "a" * 64


class Town:
    """The hub, the centre, and two offices of two streets."""

    def __init__(self, folder: Path, hub, url: str, clock) -> None:
        self.hub, self.folder = hub.station, folder
        self.stations = {code: enrolled_station(folder, code, hub, url, clock) for code in ("ZX", "JD03", "JD07")}
        for code, region in (("ZX", CITY), ("JD03", HERE), ("JD07", ELSEWHERE)):
            self.root(code, region=region)

    def root(self, code: str, **fields: object) -> None:
        self.hub.write([Draft("HUB", "station.enrol", set_fields("station", code, **fields))]).result()

    def write(self, station: str, kind: str, name: str, scope: str, **fields: object) -> None:
        self.stations[station].write(
            [Draft("wang", f"{kind}.set", set_fields(kind, name, **fields), scope=scope)]
        ).result()

    def attaches(self, station: str, scope: str, name: str = "film", body: bytes = FILM, **fields: object) -> Taken:
        """A file in clear on that station's shelf, named by an entry that lies there."""
        heart = self.stations[station]
        shelf = shelf_in(heart.space.attachments)
        taken = take_file(stream(body), f"{name}.mp4", shelf, heart.space.sealer(), personal=False)
        told = Attachment(id=name, digest=taken.manifest.sha256, root=taken.manifest.root, name=name)
        changes = (*changes_of(told), *set_fields("attachment", name, stored_size=taken.manifest.size, **fields))
        heart.write([Draft("wang", "attachment.add", changes, scope=scope)]).result()
        self.rounds()
        return taken

    def rounds(self) -> None:
        take_turns(*self.stations.values())

    def brings(self, station: str, taken: Taken) -> None:
        heart = self.stations[station]
        peer, shelf = MediaPeer(dialled(heart)), shelf_in(heart.space.attachments)
        for index in peer.announce(taken.manifest):
            peer.send(taken.manifest.sha256, index, shelf.chunk(taken.manifest.sha256, index))
        peer.close()

    def answers(self, station: str, digest: str, taken: Taken | None = None) -> set[str]:
        """What the hub says to every way of asking for a file: given, or the status and reason of the refusal."""
        peer, said = dialled(self.stations[station]), set[str]()
        body = taken.manifest.encode() if taken is not None else b"{}"
        asked = [("HEAD", "", b""), ("GET", "", b""), ("GET", "/0", b"")]
        for method, rest, sent in asked if taken is None else [*asked, ("PUT", "", body), ("PUT", "/0", b"x")]:
            try:
                peer.send(method, f"/v1/media/{digest}{rest}", sent)
                said.add("given")
            except HubRefused as refused:
                said.add(f"{refused.status} {refused.reason}")
            except WireError as bare:  # an answer to HEAD has no body to say why
                said.add(f"{bare.status} unknown")
        peer.close()
        return said


@pytest.fixture
def town(tmp_path, clock):
    with running_hub(tmp_path, clock) as (hub, url):
        made = Town(tmp_path, hub, url, clock)
        yield made
        for station in made.stations.values():
            station.stop()


def test_a_file_of_one_street_is_to_another_as_if_it_were_not_there(town: Town) -> None:
    taken = town.attaches("JD03", HERE)
    town.brings("JD03", taken)
    digest = taken.manifest.sha256
    assert town.answers("JD03", digest) == {"given"} and town.answers("ZX", digest) == {"given"}
    assert town.answers("JD07", digest, taken) == town.answers("JD07", ABSENT, taken) == {"404 unknown"}


def test_an_office_that_is_given_a_task_on_the_incident_gets_its_files(town: Town) -> None:
    town.write("ZX", "incident", "i1", HERE, title="起火")
    taken = town.attaches("JD03", HERE, incident="i1")
    town.brings("JD03", taken)
    assert town.answers("JD07", taken.manifest.sha256) == {"404 unknown"}
    town.write("ZX", "task", "t1", CITY, incident="i1", office="JD07")
    town.rounds()
    assert town.answers("JD07", taken.manifest.sha256) == {"given"}


def test_a_file_of_a_restricted_incident_goes_to_stations_of_its_members_alone(town: Town) -> None:
    town.write("ZX", "incident", "riot", HERE, title="聚集", restricted=True)
    taken = town.attaches("ZX", HERE, incident="riot")
    town.brings("ZX", taken)
    digest = taken.manifest.sha256
    assert town.answers("ZX", digest) == {"given"} and town.answers("JD03", digest) == {"404 unknown"}
    fields = {"incident": "riot", "account": "li", "station": "JD03"}
    town.stations["ZX"].write([Draft("wang", "member.add", set_fields("member", "m1", **fields), scope=HERE)]).result()
    town.rounds()
    assert town.answers("JD03", digest) == {"given"} and town.answers("JD07", digest) == {"404 unknown"}
    gone = set_fields("member", "m1", deleted=True)
    town.stations["ZX"].write([Draft("wang", "member.remove", gone, scope=HERE)]).result()
    town.rounds()
    assert town.answers("JD03", digest) == {"404 unknown"}


def test_to_name_a_file_of_others_is_not_enough_to_be_given_it(town: Town) -> None:
    taken = town.attaches("JD03", HERE)
    town.brings("JD03", taken)
    digest = taken.manifest.sha256
    claim = set_fields("attachment", "claim", digest=digest, root=taken.manifest.root, stored_size=taken.manifest.size)
    town.stations["JD07"].write([Draft("wang", "attachment.add", claim, scope=ELSEWHERE)]).result()
    town.rounds()
    assert town.answers("JD07", digest) == {"404 unknown"}


def test_the_same_file_is_brought_by_both_who_have_it_and_kept_once(town: Town) -> None:
    first = town.attaches("JD03", HERE, "one")
    second = town.attaches("JD07", ELSEWHERE, "other")
    assert first.manifest == second.manifest
    for code, taken in (("JD07", second), ("JD03", first)):
        town.brings(code, taken)
    assert town.answers("JD03", first.manifest.sha256) == {"given"}


def test_a_file_above_the_level_of_a_station_stays_at_the_hub_and_its_author_brings_it(town: Town) -> None:
    town.root("JD03", level=1)
    taken = town.attaches("JD03", HERE)
    town.brings("JD03", taken)
    assert town.answers("JD03", taken.manifest.sha256) == {"given"}
    other = town.attaches("ZX", HERE, "order", recording(2000))
    town.brings("ZX", other)
    assert town.answers("JD03", other.manifest.sha256) == {"404 unknown"}
    town.root("JD03", level=3)
    assert town.answers("JD03", other.manifest.sha256) == {"given"}


def test_a_file_that_was_removed_is_given_to_nobody(town: Town) -> None:
    taken = town.attaches("JD03", HERE)
    town.brings("JD03", taken)
    gone = set_fields("attachment", "film", deleted=True)
    town.stations["JD03"].write([Draft("wang", "attachment.remove", gone, scope=HERE)]).result()
    town.rounds()
    assert town.answers("ZX", taken.manifest.sha256) == town.answers("JD03", taken.manifest.sha256) == {"404 unknown"}
