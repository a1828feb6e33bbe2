"""Media between stations and a real hub: cut anywhere, sent twice, sent wrong, and always behind the entries."""

import logging
import socket
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attachments.photographs import chunks_of, recording, shelf_in, stream
from tests.hubs import couriered, enrolled_station, linked, running_hub, until, write_incident
from workstation.attachments import CHUNK, Shelf
from workstation.attachments.limits import GIGABYTE
from workstation.attachments.taking import Taken, take_file
from workstation.commands.attachment import attach, remove
from workstation.domain.clock import millis
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Attachment
from workstation.security.keys import Identity
from workstation.security.media import FileSeal
from workstation.station import Station
from workstation.sync.hub_address import HubAddress
from workstation.sync.media import MediaCourier
from workstation.sync.media_peer import MediaPeer
from workstation.sync.peer import HubRefused, Peer
from workstation.sync.rounds import pull_all, push_all
from workstation.sync.signing import signed_headers
from workstation.wire import Wire, WireError

VIDEO = recording()
OFFICER = ("li", "ST")


@pytest.fixture
def trio(tmp_path, clock):
    """A hub, the centre and one street office, all enrolled, that know of one incident."""
    with running_hub(tmp_path, clock) as (hub, url):
        stations = [enrolled_station(tmp_path, code, hub, url, clock) for code in ("ZX", "JD03")]
        write_incident(stations[0], "i1", title="积水", state="responding")
        exchanged(*stations)
        yield hub, url, *stations
        for station in stations:
            station.stop()


def shelf_of(station: Station) -> Shelf:
    return Shelf(station.space.attachments)


def attached(station: Station, body: bytes = VIDEO, name: str = "IMG_0001.mp4", personal: bool = True) -> Taken:
    """A file taken in and attached to the incident at a station."""
    taken = take_file(stream(body), name, shelf_of(station), station.space.sealer(), personal=personal)
    station.submit(attach(taken, "i1"), *OFFICER).result()
    return taken


def peer_of(station: Station, wire: object = None) -> Peer:
    peer = Peer(HubAddress.read(station.space.hub_file), station.space.identity(), station.clock)
    if wire is not None:
        peer._wire.close()
        peer._wire = wire
    return peer


def exchanged(*stations: Station) -> None:
    """Let the entries go their way."""
    for station in stations * 2:
        peer = peer_of(station)
        push_all(station, peer, lambda: False)
        pull_all(station, peer, lambda: False)
        peer.close()


def read_at(station: Station, digest: str) -> bytes:
    """The file in clear, opened with the key its entry carries."""

    def key(journal) -> str | None:
        (known,) = journal.situation.find(Attachment, digest=digest, limit=1)
        return known.key and journal.reveal(known.key)

    text = station.ask(key).result()
    return b"".join(shelf_of(station).clear(digest, FileSeal.from_text(text) if text else None))


class BadLine(Wire):
    """A line that breaks after a number of media chunks, before or in the middle of the next one."""

    def __init__(self, whole: int, mid: int | None = None) -> None:
        super().__init__()
        self.left, self.mid = whole, mid

    def send(self, method, url, body=b"", headers=None):
        if "/v1/media/" in url and url.rpartition("/")[2].isdecimal():
            self.left -= 1
            if self.left < 0:
                if self.mid is not None and method == "PUT":
                    half_sent(url, body[: min(self.mid, len(body) // 2)], len(body), headers or {})
                raise WireError("broken", url, "the line was cut")
        return super().send(method, url, body, headers)


def half_sent(url: str, part: bytes, promised: int, headers) -> None:
    """A request of which only a part reaches the hub before the line is cut."""
    host, _, path = url.removeprefix("http://").partition("/")
    name, port = host.split(":")
    lines = [f"PUT /{path} HTTP/1.1", f"Host: {host}", f"Content-Length: {promised}"]
    lines += [f"{key}: {value}" for key, value in headers.items()]
    with socket.create_connection((name, int(port))) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode() + part)


def test_a_street_s_video_reaches_the_hub_and_the_centre_and_opens_there(trio):
    hub, _, centre, street = trio
    taken = attached(street)
    with linked(centre), linked(street), couriered(street, shelf_of(street)), couriered(centre, shelf_of(centre)) as to:
        until(lambda: shelf_of(hub.station).holds(taken.manifest.sha256))
        to.hurry()
        until(lambda: shelf_of(centre).holds(taken.manifest.sha256))
        until(lambda: to.state.state == "idle")
        assert (to.state.files, to.state.remaining, to.state.trouble) == (0, 0, "")
    assert read_at(centre, taken.manifest.sha256) == VIDEO
    with shelf_of(hub.station).open(taken.manifest.sha256) as stored:
        assert VIDEO[:64] not in stored.read()


@pytest.mark.parametrize("whole", [0, 1, 4])
@pytest.mark.parametrize("mid", [None, 0, 100_000])
def test_an_upload_cut_after_any_chunk_or_within_one_goes_on_where_it_was(trio, whole, mid):
    hub, _, _, street = trio
    taken, shelf = attached(street, recording(4 * CHUNK)), shelf_of(street)
    exchanged(street)
    cut = MediaPeer(peer_of(street, BadLine(whole, mid)))
    with pytest.raises(WireError):
        for index in cut.announce(taken.manifest):
            cut.send(taken.manifest.sha256, index, shelf.chunk(taken.manifest.sha256, index))
    cut.close()
    again = MediaPeer(peer_of(street))
    assert again.announce(taken.manifest) == list(range(whole, 5))
    for index in range(whole, 5):
        again.send(taken.manifest.sha256, index, shelf.chunk(taken.manifest.sha256, index))
    again.close()
    assert shelf_of(hub.station).holds(taken.manifest.sha256)
    assert list(shelf_of(hub.station).verify()) == []


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 3), max_size=5), size=st.integers(1, 5 * CHUNK))
def test_however_often_the_line_is_cut_the_file_arrives_whole(trio, cuts, size):
    hub, _, centre, street = trio
    body = recording(size, f"{cuts}{size}")
    taken = attached(street, body)
    exchanged(street, centre)
    for station in (street, centre):
        lines = [*map(BadLine, cuts), Wire()]
        for line in lines:
            moved(station, peer_of(station, line))
    assert read_at(centre, taken.manifest.sha256) == body
    assert list(shelf_of(centre).verify()) == list(shelf_of(hub.station).verify()) == []


def moved(station: Station, peer: Peer) -> None:
    """Let a courier work until it is idle or its line is cut."""
    with couriered(station, shelf_of(station), dial=lambda own: (own.close(), peer)[1]) as courier:
        until(lambda: courier.state.trouble == "offline" or is_resting(courier, station))


def is_resting(courier: MediaCourier, station: Station) -> bool:
    return courier.state.state == "idle" and is_done(station)


def is_done(station: Station) -> bool:
    shelf = shelf_of(station)
    known = station.ask(lambda journal: journal.situation.find(Attachment)).result()
    return all(shelf.holds(one.digest) and shelf.is_confirmed(one.digest) for one in known)


def test_a_wrong_chunk_is_refused_by_the_hub_and_still_asked_for(trio):
    _, _, _, street = trio
    taken = attached(street)
    exchanged(street)
    peer = MediaPeer(peer_of(street))
    assert len(peer.announce(taken.manifest)) == 4
    for wrong in (b"", b"noise", chunks_of(VIDEO)[0]):
        with pytest.raises(HubRefused, match="wrong_chunk"):
            peer.send(taken.manifest.sha256, 0, wrong)
    assert len(peer.announce(taken.manifest)) == 4
    peer.close()


def test_a_chunk_changed_on_the_way_down_is_not_taken_and_asked_for_again(trio, caplog):
    _, _, centre, street = trio
    taken = attached(street)
    exchanged(street, centre)
    moved(street, peer_of(street))

    class Liar(Wire):
        lies = 1

        def send(self, method, url, body=b"", headers=None):
            answer = super().send(method, url, body, headers)
            if method == "GET" and url.endswith("/2") and Liar.lies:
                Liar.lies = 0
                return replace(answer, body=answer.body[:-1] + b"?")
            return answer

    liar = peer_of(centre, Liar())
    with (
        caplog.at_level(logging.ERROR),
        couriered(centre, shelf_of(centre), dial=lambda own: (own.close(), liar)[1]) as to,
    ):
        until(lambda: to.state.trouble == "damaged")
        assert to.state.arrived[taken.manifest.sha256] == 0.5
        to.hurry()
        until(lambda: shelf_of(centre).holds(taken.manifest.sha256))
    assert read_at(centre, taken.manifest.sha256) == VIDEO


def test_a_manifest_that_is_not_the_one_signed_over_is_not_followed(trio):
    _, _, centre, street = trio
    taken = attached(street)
    exchanged(street, centre)
    moved(street, peer_of(street))
    peer = MediaPeer(peer_of(centre))
    with pytest.raises(Exception, match="signed over"):
        peer.manifest(taken.manifest.sha256, "0" * 64)
    peer.close()


def test_two_stations_that_send_the_same_file_make_one_of_it(trio):
    hub, _, centre, street = trio
    first, second = (attached(station, personal=False) for station in (centre, street))
    assert first.manifest == second.manifest
    exchanged(centre, street)
    with couriered(centre, shelf_of(centre)) as one, couriered(street, shelf_of(street)) as other:
        until(lambda: is_done(centre) and is_done(street))
        until(lambda: one.state.state == other.state.state == "idle")
    assert list(shelf_of(hub.station).verify()) == []
    assert len([path for path in hub.station.space.attachments.glob("??/??/*") if not path.suffix]) == 1


def test_two_stations_that_seal_the_same_file_can_each_be_forgotten_alone(trio):
    _, _, centre, street = trio
    first, second = attached(centre), attached(street)
    assert first.likeness == second.likeness
    assert first.manifest.sha256 != second.manifest.sha256


def test_media_wait_until_the_hub_has_every_entry(trio, clock):
    hub, _, _, street = trio
    taken = attached(street)
    with couriered(street, shelf_of(street)) as courier:
        until(lambda: courier.state.state == "waiting")
        assert shelf_of(hub.station).manifest(taken.manifest.sha256) is None
        with linked(street):
            until(lambda: shelf_of(hub.station).holds(taken.manifest.sha256))


def test_photographs_overtake_a_video_that_came_first(trio, clock):
    _, _, _, street = trio
    video = attached(street, recording(20 * CHUNK))
    photo = attached(street, recording(2000), "IMG_0002.jpg")
    exchanged(street)
    arrived = []

    class Watching(Wire):
        def send(self, method, url, body=b"", headers=None):
            if method == "PUT" and url.rpartition("/")[2].isdecimal():
                arrived.append(url.split("/")[-2])
            return super().send(method, url, body, headers)

    moved(street, peer_of(street, Watching()))
    assert arrived == [photo.manifest.sha256] + [video.manifest.sha256] * 21


def test_a_file_no_entry_speaks_of_is_not_taken(trio):
    _, _, _, street = trio
    stranger = take_file(stream(VIDEO), "x", shelf_of(street), street.space.sealer())
    peer = MediaPeer(peer_of(street))
    with pytest.raises(HubRefused, match="unknown"):
        peer.announce(stranger.manifest)
    peer.close()


def test_a_manifest_other_than_the_entry_s_is_refused(trio):
    _, _, _, street = trio
    taken = attached(street)
    exchanged(street)
    other = replace(taken.manifest, chunks=("0" * 64,) * 4)
    peer = MediaPeer(peer_of(street))
    with pytest.raises(HubRefused, match="manifest"):
        peer.announce(other)
    peer.close()


def test_what_is_too_large_for_a_chunk_is_not_read_to_its_end(trio):
    _, _, _, street = trio
    peer = peer_of(street)
    with pytest.raises((HubRefused, WireError)) as refusal:
        peer.send("PUT", f"/v1/media/{'a' * 64}/0", b"x" * (CHUNK + 1))
    assert getattr(refusal.value, "status", 413) in (413, 0)
    peer.close()


@pytest.mark.parametrize(
    "path", ["/v1/media/..%2f..%2fkeys%2fspace.key", f"/v1/media/{'A' * 64}", "/v1/media/x", f"/v1/media/{'a' * 64}/0"]
)
def test_a_path_that_names_no_file_is_turned_away(trio, path):
    _, _, _, street = trio
    peer = peer_of(street)
    with pytest.raises((HubRefused, WireError)) as refusal:
        peer.send("GET", path)
    assert refusal.value.status == 404
    peer.close()


def test_a_stranger_gets_no_media(trio, clock):
    _, url, _, street = trio
    taken = attached(street)
    exchanged(street)
    path = f"/v1/media/{taken.manifest.sha256}"
    stranger = dict(signed_headers(Identity.create("JD09"), ("GET", path), millis(clock.now())))
    with Wire() as wire:
        assert wire.send("GET", url + path).status == 401
        assert wire.send("GET", url + path, headers=stranger).status == 401


def test_whether_the_hub_holds_a_file_can_be_asked_without_fetching_it(trio, clock):
    _, url, _, street = trio
    taken = attached(street)
    exchanged(street)
    path = f"/v1/media/{taken.manifest.sha256}"

    def asked() -> int:
        headers = dict(signed_headers(street.space.identity(), ("HEAD", path), millis(clock.now())))
        with Wire() as wire:
            return wire.send("HEAD", url + path, headers=headers).status

    assert asked() == 404
    moved(street, peer_of(street))
    assert asked() == 200


def test_a_file_removed_at_one_station_goes_from_every_shelf(trio):
    hub, _, centre, street = trio
    taken = attached(street)
    exchanged(street, centre)
    for station in (street, centre):
        moved(station, peer_of(station))
    (known,) = centre.ask(lambda journal: journal.situation.find(Attachment)).result()
    centre.submit(remove(known.id, "上传错误"), *OFFICER).result()
    exchanged(centre, street)
    for station in (street, centre):
        with couriered(station, shelf_of(station)):
            until(lambda station=station: not shelf_of(station).holds(taken.manifest.sha256))
    peer = MediaPeer(peer_of(street))
    with pytest.raises(HubRefused, match="unknown"):
        peer.announce(taken.manifest)
    peer.close()
    assert not shelf_of(hub.station).holds(taken.manifest.sha256)


def test_a_full_disk_takes_no_media_says_so_and_drops_first_what_nobody_needs(trio, caplog):
    _, _, centre, street = trio
    needed, over = attached(street), attached(street, recording(2 * CHUNK, "old"), "old.mp4")
    (old,) = street.ask(lambda journal: journal.situation.find(Attachment, digest=over.manifest.sha256)).result()
    write_incident(street, "i0", title="旧事件", state="closed")
    street.write([Draft("li", "attachment.move", set_fields("attachment", old.id, incident="i0"))]).result()
    exchanged(street, centre)
    moved(street, peer_of(street))
    with couriered(centre, shelf_of(centre)) as courier:  # the old one was asked for once, and lies here
        courier.ask_for(over.manifest.sha256)
        until(lambda: shelf_of(centre).holds(over.manifest.sha256))
        until(lambda: shelf_of(centre).is_confirmed(over.manifest.sha256))
    shelf_of(centre).drop(needed.manifest.sha256)
    caplog.clear()
    with (
        caplog.at_level(logging.ERROR),
        couriered(centre, shelf_in(centre.space.attachments, free=GIGABYTE)) as courier,
    ):
        until(lambda: courier.state.trouble == "no_room")
        assert courier.state.dropped == (over.manifest.sha256,)
        assert courier.state.files == 1
    assert not shelf_of(centre).holds(over.manifest.sha256)


def test_an_outage_is_a_state_and_what_remains_is_counted(trio):
    _, _, _, street = trio
    taken = attached(street)
    exchanged(street)
    with couriered(street, shelf_of(street), "http://127.0.0.1:9") as courier:
        until(lambda: courier.state.trouble == "offline")
        assert (courier.state.files, courier.state.remaining) == (1, taken.manifest.size)
        assert "127.0.0.1" in courier.state.last_error
