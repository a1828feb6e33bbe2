"""Media between stations and a real hub: cut anywhere, sent twice, and always behind the entries."""

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attachments.photographs import recording, shelf_in
from tests.hub.offices import OFFICER, VIDEO, BadLine, attached, exchanged, is_done, moved, peer_of, read_at, shelf_of
from tests.hubs import couriered, linked, until, write_incident
from workstation.attachments import CHUNK
from workstation.attachments.limits import GIGABYTE
from workstation.commands.attachment import remove
from workstation.domain.clock import millis
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Attachment
from workstation.sync.media_peer import MediaPeer
from workstation.sync.peer import HubRefused
from workstation.sync.signing import signed_headers
from workstation.wire import Wire, WireError


def test_a_street_s_video_reaches_the_hub_and_the_centre_and_opens_there(informed):
    hub, _, centre, street = informed
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
def test_an_upload_cut_after_any_chunk_or_within_one_goes_on_where_it_was(informed, whole, mid):
    hub, _, _, street = informed
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
def test_however_often_the_line_is_cut_the_file_arrives_whole(informed, cuts, size):
    hub, _, centre, street = informed
    body = recording(size, f"{cuts}{size}")
    taken = attached(street, body)
    exchanged(street, centre)
    for station in (street, centre):
        lines = [*map(BadLine, cuts), Wire()]
        for line in lines:
            moved(station, peer_of(station, line))
    assert read_at(centre, taken.manifest.sha256) == body
    assert list(shelf_of(centre).verify()) == list(shelf_of(hub.station).verify()) == []


def test_two_stations_that_send_the_same_file_make_one_of_it(informed):
    hub, _, centre, street = informed
    first, second = (attached(station, personal=False) for station in (centre, street))
    assert first.manifest == second.manifest
    exchanged(centre, street)
    with couriered(centre, shelf_of(centre)) as one, couriered(street, shelf_of(street)) as other:
        until(lambda: is_done(centre) and is_done(street))
        until(lambda: one.state.state == other.state.state == "idle")
    assert list(shelf_of(hub.station).verify()) == []
    assert len([path for path in hub.station.space.attachments.glob("??/??/*") if not path.suffix]) == 1


def test_two_stations_that_seal_the_same_file_can_each_be_forgotten_alone(informed):
    _, _, centre, street = informed
    first, second = attached(centre), attached(street)
    assert first.likeness == second.likeness
    assert first.manifest.sha256 != second.manifest.sha256


def test_media_wait_until_the_hub_has_every_entry(informed, clock):
    hub, _, _, street = informed
    taken = attached(street)
    with couriered(street, shelf_of(street)) as courier:
        until(lambda: courier.state.state == "waiting")
        assert shelf_of(hub.station).manifest(taken.manifest.sha256) is None
        with linked(street):
            until(lambda: shelf_of(hub.station).holds(taken.manifest.sha256))


def test_photographs_overtake_a_video_that_came_first(informed, clock):
    _, _, _, street = informed
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


def test_whether_the_hub_holds_a_file_can_be_asked_without_fetching_it(informed, clock):
    _, url, _, street = informed
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


def test_a_file_removed_at_one_station_goes_from_every_shelf(informed):
    hub, _, centre, street = informed
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


def test_a_full_disk_takes_no_media_says_so_and_drops_first_what_nobody_needs(informed, caplog):
    _, _, centre, street = informed
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


def test_an_outage_is_a_state_and_what_remains_is_counted(informed):
    _, _, _, street = informed
    taken = attached(street)
    exchanged(street)
    with couriered(street, shelf_of(street), "http://127.0.0.1:9") as courier:
        until(lambda: courier.state.trouble == "offline")
        assert (courier.state.files, courier.state.remaining) == (1, taken.manifest.size)
        assert "127.0.0.1" in courier.state.last_error
