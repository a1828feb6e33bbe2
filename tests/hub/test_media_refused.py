"""Media that are not what was announced, come from nobody known, or have no name: none is taken, none given."""

import logging
from dataclasses import replace

import pytest

from tests.attachments.photographs import chunks_of, stream
from tests.hub.offices import VIDEO, attached, exchanged, moved, peer_of, read_at, shelf_of
from tests.hubs import couriered, until
from workstation.attachments import CHUNK
from workstation.attachments.taking import take_file
from workstation.domain.clock import millis
from workstation.security.keys import Identity
from workstation.sync.media_peer import MediaPeer
from workstation.sync.peer import HubRefused
from workstation.sync.signing import signed_headers
from workstation.wire import Wire, WireError


def test_a_wrong_chunk_is_refused_by_the_hub_and_still_asked_for(informed):
    _, _, _, street = informed
    taken = attached(street)
    exchanged(street)
    peer = MediaPeer(peer_of(street))
    assert len(peer.announce(taken.manifest)) == 4
    for wrong in (b"", b"noise", chunks_of(VIDEO)[0]):
        with pytest.raises(HubRefused, match="wrong_chunk"):
            peer.send(taken.manifest.sha256, 0, wrong)
    assert len(peer.announce(taken.manifest)) == 4
    peer.close()


def test_a_chunk_changed_on_the_way_down_is_not_taken_and_asked_for_again(informed, caplog):
    _, _, centre, street = informed
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


def test_a_manifest_that_is_not_the_one_signed_over_is_not_followed(informed):
    _, _, centre, street = informed
    taken = attached(street)
    exchanged(street, centre)
    moved(street, peer_of(street))
    peer = MediaPeer(peer_of(centre))
    with pytest.raises(Exception, match="signed over"):
        peer.manifest(taken.manifest.sha256, "0" * 64)
    peer.close()


def test_a_file_no_entry_speaks_of_is_not_taken(informed):
    _, _, _, street = informed
    stranger = take_file(stream(VIDEO), "x", shelf_of(street), street.space.sealer())
    peer = MediaPeer(peer_of(street))
    with pytest.raises(HubRefused, match="unknown"):
        peer.announce(stranger.manifest)
    peer.close()


def test_a_manifest_other_than_the_entry_s_is_refused(informed):
    _, _, _, street = informed
    taken = attached(street)
    exchanged(street)
    other = replace(taken.manifest, chunks=("0" * 64,) * 4)
    peer = MediaPeer(peer_of(street))
    with pytest.raises(HubRefused, match="manifest"):
        peer.announce(other)
    peer.close()


def test_what_is_too_large_for_a_chunk_is_not_read_to_its_end(informed):
    _, _, _, street = informed
    peer = peer_of(street)
    with pytest.raises((HubRefused, WireError)) as refusal:
        peer.send("PUT", f"/v1/media/{'a' * 64}/0", b"x" * (CHUNK + 1))
    assert getattr(refusal.value, "status", 413) in (413, 0)
    peer.close()


@pytest.mark.parametrize(
    "path", ["/v1/media/..%2f..%2fkeys%2fspace.key", f"/v1/media/{'A' * 64}", "/v1/media/x", f"/v1/media/{'a' * 64}/0"]
)
def test_a_path_that_names_no_file_is_turned_away(informed, path):
    _, _, _, street = informed
    peer = peer_of(street)
    with pytest.raises((HubRefused, WireError)) as refusal:
        peer.send("GET", path)
    assert refusal.value.status == 404
    peer.close()


def test_a_stranger_gets_no_media(informed, clock):
    _, url, _, street = informed
    taken = attached(street)
    exchanged(street)
    path = f"/v1/media/{taken.manifest.sha256}"
    stranger = dict(signed_headers(Identity.create("JD09"), ("GET", path), millis(clock.now())))
    with Wire() as wire:
        assert wire.send("GET", url + path).status == 401
        assert wire.send("GET", url + path, headers=stranger).status == 401
