"""News of the hub: by a stream where it is let through, by asking where something on the way holds it back."""

import logging
import socket

from tests.hubs import enrolled_station, entries, running_hub, until, write_incident
from tests.sync.faults import standing
from workstation.sync.hub_address import HubAddress
from workstation.sync.link import Link
from workstation.sync.peer import Peer
from workstation.wire import Patience


def holding_back_streams(url, held):
    """A proxy that passes each answer on once it is whole; a stream never is, while `held` says so."""
    host, port = url.removeprefix("http://").split(":")

    def act(line):
        while request := line.recv(65536):
            while b"\r\n\r\n" not in request:
                request += line.recv(65536)
            head, _, body = request.partition(b"\r\n\r\n")
            length = next(
                (int(one.split(b":")[1]) for one in head.split(b"\r\n") if one.lower().startswith(b"content-length")), 0
            )
            while len(body) < length:
                piece = line.recv(65536)
                body, request = body + piece, request + piece
            is_stream = b"/v1/events" in head
            with socket.create_connection((host, int(port))) as hub:
                hub.sendall(request.replace(b"keep-alive", b"close"))
                answer = b""
                while piece := hub.recv(65536):
                    answer += piece
                    if is_stream and not held:
                        line.sendall(answer)
                        answer = b""
            line.sendall(answer)
            line.close()
            return

    return act


def test_a_stream_held_back_on_the_way_is_said_and_asking_takes_its_place(tmp_path, clock, caplog, monkeypatch):
    monkeypatch.setattr("workstation.sync.link.POLL_SECONDS", 0.05)
    held = [True]
    with running_hub(tmp_path, clock) as (hub, url), standing(holding_back_streams(url, held)) as proxy:
        centre, street = (enrolled_station(tmp_path, code, hub, url, clock) for code in ("ZX", "JD03"))
        haste = Patience(connect=1, read=1, whole=5)
        address = HubAddress(proxy.url, b"")
        link = Link(street, lambda: Peer(address, street.space.identity(), clock, haste))
        central = Link(centre, lambda: Peer(HubAddress(url, b""), centre.space.identity(), clock))
        with caplog.at_level(logging.INFO, "workstation.sync.link"):
            link.start()
            central.start()
            until(lambda: link.state.news == "polling")
            assert (link.state.state, link.state.reason) == ("online", "")
            write_incident(centre, "i1")
            until(lambda: entries(street) == entries(hub.station))
            held.clear()
            until(lambda: link.state.news == "stream")
        link.stop()
        central.stop()
        street.stop()
        centre.stop()
    messages = [record.getMessage() for record in caplog.records]
    said = [message for message in messages if "JD03" in message and "news" in message]
    assert ["not let through" in said[0], "by themselves" in said[1], len(said)] == [True, True, 2]
