"""Offices that exchange files over a real hub: attached, sent over bad lines, and read where they arrive."""

import socket

from tests.attachments.photographs import recording, stream
from tests.hubs import couriered, dialled, take_turns, until
from workstation.attachments import Shelf
from workstation.attachments.taking import Taken, take_file
from workstation.commands.attachment import attach
from workstation.domain.records import Attachment
from workstation.security.media import FileSeal
from workstation.station import Station
from workstation.sync.media import MediaCourier
from workstation.sync.peer import Peer
from workstation.wire import Wire, WireError

VIDEO = recording()
OFFICER = ("li", "ST")


def shelf_of(station: Station) -> Shelf:
    return Shelf(station.space.attachments)


def attached(station: Station, body: bytes = VIDEO, name: str = "IMG_0001.mp4", personal: bool = True) -> Taken:
    """A file taken in and attached to the incident at a station."""
    taken = take_file(stream(body), name, shelf_of(station), station.space.sealer(), personal=personal)
    station.submit(attach(taken, "i1"), *OFFICER).result()
    return taken


def peer_of(station: Station, wire: object = None) -> Peer:
    peer = dialled(station)
    if wire is not None:
        peer._wire.close()
        peer._wire = wire
    return peer


def exchanged(*stations: Station) -> None:
    """Let the entries go their way: what the last one gives, the first takes in a second turn."""
    take_turns(*stations, *stations)


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
