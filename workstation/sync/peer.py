"""The hub as a station talks to it: push, pull, wait for news. Each call is signed, and may be made any number
of times."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import orjson

from workstation.domain.clock import Clock, millis
from workstation.domain.errors import KnownError
from workstation.journal import Heads, Ranges, StreamName
from workstation.security.keys import Identity
from workstation.sync.hub_address import HubAddress
from workstation.sync.hub_clock import HubClock
from workstation.sync.outage import FOREIGN, HUB_ERROR, HubRefused, stranger
from workstation.sync.parcel import Parcel, heads_of, ranges_of, told, told_ranges, unpack, weight_of
from workstation.sync.signing import HUB_TIME, signed_headers
from workstation.wire import PATIENT, SILENT, Answer, Patience, Trust, Wire, WireError

T = TypeVar("T")
HEARTBEAT_SECONDS = 0.5
SILENT_BEATS = 10
"""A stream of news that misses so many signs of life is not let through."""
SMALL_BYTES = 64 * 1024
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
        self._patience = patience
        self._silences = 0
        self._wire = Wire(patience, trust, follows=False)
        quiet = min(patience.read, HEARTBEAT_SECONDS * SILENT_BEATS)
        self._stream = Wire(replace(patience, read=quiet), trust, follows=False)

    def close(self) -> None:
        self._wire.close()
        self._stream.close()

    def push(self, parcel: bytes) -> tuple[dict[StreamName, int], dict[StreamName, list[tuple[int, int]]]]:
        """Hand over a packed parcel: how far the hub now holds its streams, and the contents it waits for."""
        answer = self._told("POST", "/v1/push", parcel, weight_of(parcel))
        return self._read(lambda: (heads_of(answer["heads"]), ranges_of(answer["wants"])))

    def heads(self) -> dict[StreamName, int]:
        """The summary of what the hub has."""
        answer = self._told("GET", "/v1/heads")
        return self._read(lambda: heads_of(answer["heads"]))

    def pull(self, heads: Heads, limit: int, express: bool = False) -> Parcel:
        """What the hub has and a station with this summary has not; `express`: the contents first that it must have."""
        asked = {"heads": told(heads), "limit": limit, "express": express}
        return self._parcel("/v1/pull", asked)

    def contents(self, wanted: Ranges, limit: int) -> Parcel:
        """Contents that follow headers which came without."""
        return self._parcel("/v1/contents", {"ranges": told_ranges(wanted), "limit": limit})

    def news(self) -> Iterator[int | None]:
        """The hub's newest cursor each time something arrives there, None as a sign of life. Raises WireError, of
        kind silent where the stream is not let through."""
        path = "/v1/events"
        for line in self._stream.lines(self.address.url + path, self._headers("GET", path, b""), NEWS):
            if line.startswith("data:"):
                yield int(line[5:])
            else:
                yield None

    def _told(self, method: str, path: str, body: bytes = b"", weight: int = 0) -> dict[str, Any]:
        answer = self.send(method, path, body, weight)
        return self._read(lambda: dict(orjson.loads(answer.body)))

    def _parcel(self, path: str, asked: dict[str, object]) -> Parcel:
        answer = self.send("POST", path, orjson.dumps(asked))
        return self._read(lambda: unpack(answer.body))

    def _read(self, reading: Callable[[], T]) -> T:
        try:
            return reading()
        except (ValueError, KeyError, TypeError) as error:
            raise WireError(FOREIGN, self.address.url, f"not a hub's answer: {error}") from error

    def send(self, method: str, path: str, body: bytes = b"", weight: int = 0) -> Answer:
        """A signed request and its good answer; `weight` is how many bytes the hub unpacks from it. Raises WireError,
        or HubRefused with the hub's reason."""
        asked = millis(self._clock.now())
        answer = self._heard(method, path, body, max(weight, len(body)))
        hub_time = answer.headers.get(HUB_TIME, "")
        if not hub_time.isdecimal():
            raise stranger(answer, self.address.url)
        self.hub_clock.heard(asked, millis(self._clock.now()), int(hub_time))
        if not answer.is_good:
            raise refusal(answer, self.address.url)
        return answer

    def _heard(self, method: str, path: str, body: bytes, weight: int) -> Answer:
        """An answer, waited for no longer than it takes to tell a busy hub from a line gone silent."""
        self._wire.patience = replace(self._patience, read=self.seconds_for(weight))
        try:
            answer = self._wire.send(method, self.address.url + path, body, self._headers(method, path, body))
        except WireError as error:
            self._silences = self._silences + 1 if error.kind == SILENT else 0
            raise
        self._silences = 0
        return answer

    def seconds_for(self, weight: int) -> float:
        """How long an answer is waited for: after a small question briefly, twice as long after each silence, so that
        a hub with much to do is heard in the end; behind much that it must take in first, with all patience."""
        if weight > SMALL_BYTES:
            return self._patience.read
        return float(min(self._patience.read, self._patience.brisk * 2**self._silences))

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
