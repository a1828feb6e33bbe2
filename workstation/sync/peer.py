"""The hub as a station talks to it: push, pull, wait for news. Each call is signed, and may be made any number
of times."""

from collections.abc import Iterator
from dataclasses import replace

import orjson

from workstation.domain.clock import Clock, millis
from workstation.domain.errors import KnownError
from workstation.security.keys import Identity
from workstation.sync.hub_address import HubAddress
from workstation.sync.hub_clock import HubClock
from workstation.sync.outage import FOREIGN, HUB_ERROR, HubRefused, stranger
from workstation.sync.parcel import Parcel, ParcelError, unpack
from workstation.sync.signing import HUB_TIME, signed_headers
from workstation.wire import PATIENT, Answer, Patience, Trust, Wire, WireError

HEARTBEAT_SECONDS = 0.5
SILENT_BEATS = 10
"""A stream of news that misses so many signs of life is not let through."""
NEWS = "text/event-stream"
__all__ = ["HubRefused", "Peer"]


class Peer:
    """One thread's connection to the hub."""

    def __init__(self, address: HubAddress, identity: Identity, clock: Clock, patience: Patience = PATIENT) -> None:
        self.address = address
        self.hub_clock = HubClock()
        self._identity = identity
        self._clock = clock
        trust = Trust(address.certificate)
        self._wire = Wire(patience, trust, follows=False)
        quiet = min(patience.read, HEARTBEAT_SECONDS * SILENT_BEATS)
        self._stream = Wire(replace(patience, read=quiet), trust, follows=False)

    def close(self) -> None:
        self._wire.close()
        self._stream.close()

    def push(self, parcel: bytes) -> int:
        """Hand over a packed batch of our own; the last entry of that stream the hub now holds."""
        answer = self.send("POST", "/v1/push", parcel)
        try:
            return int(orjson.loads(answer.body)["have"])
        except (ValueError, KeyError, TypeError) as error:
            raise WireError(FOREIGN, self.address.url, f"not a hub's answer: {error}") from error

    def pull(self, cursor: int, limit: int, own: bool = False) -> Parcel:
        """What reached the hub behind `cursor`, other than from us; with `own` also from us."""
        answer = self.send("GET", f"/v1/pull?after={cursor}&limit={limit}" + ("&own=1" if own else ""))
        try:
            return unpack(answer.body)
        except ParcelError as error:
            raise WireError(FOREIGN, self.address.url, str(error)) from error

    def news(self) -> Iterator[int | None]:
        """The hub's newest cursor each time something arrives there, None as a sign of life. Raises WireError, of
        kind silent where the stream is not let through."""
        path = "/v1/events"
        for line in self._stream.lines(self.address.url + path, self._headers("GET", path, b""), NEWS):
            if line.startswith("data:"):
                yield int(line[5:])
            else:
                yield None

    def send(self, method: str, path: str, body: bytes = b"") -> Answer:
        """A signed request and its good answer. Raises WireError, or HubRefused with the hub's reason."""
        asked = millis(self._clock.now())
        answer = self._wire.send(method, self.address.url + path, body, self._headers(method, path, body))
        hub_time = answer.headers.get(HUB_TIME, "")
        if not hub_time.isdecimal():
            raise stranger(answer, self.address.url)
        self.hub_clock.heard(asked, millis(self._clock.now()), int(hub_time))
        if not answer.is_good:
            raise refusal(answer, self.address.url)
        return answer

    def _headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        return dict(signed_headers(self._identity, (method, path), millis(self._clock.now()), body))


def refusal(answer: Answer, url: str) -> KnownError:
    """Why the hub said no, as its answer tells it."""
    try:
        told = orjson.loads(answer.body)
        wait = answer.headers.get("retry-after", "")
        return HubRefused(str(told["reason"]), answer.status, told.get("have"), float(wait if wait.isdecimal() else 0))
    except (ValueError, KeyError, TypeError, AttributeError):
        return WireError(HUB_ERROR, url, f"HTTP {answer.status}", answer.status)
