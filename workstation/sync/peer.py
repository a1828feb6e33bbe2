"""The hub as a station talks to it: push, pull, wait for news. Each call is signed, and may be made any number
of times."""

from collections.abc import Iterator

import orjson

from workstation.domain.clock import Clock, millis
from workstation.domain.errors import KnownError
from workstation.security.keys import Identity
from workstation.sync.hub_address import HubAddress
from workstation.sync.parcel import Parcel, ParcelError, unpack
from workstation.sync.signing import signed_headers
from workstation.wire import Answer, Wire, WireError


class HubRefused(KnownError):
    """The hub answered and said no: `reason` as it named it, `have` the last entry of our stream that it holds."""

    def __init__(self, reason: str, status: int, have: int | None = None) -> None:
        super().__init__(f"the hub refused: {reason}")
        self.reason = reason
        self.status = status
        self.have = have


class Peer:
    """One thread's connection to the hub."""

    def __init__(self, address: HubAddress, identity: Identity, clock: Clock) -> None:
        self.address = address
        self._identity = identity
        self._clock = clock
        self._wire = Wire()

    def close(self) -> None:
        self._wire.close()

    def push(self, parcel: bytes) -> int:
        """Hand over a packed batch of our own; the last entry of that stream the hub now holds."""
        answer = self._send("POST", "/v1/push", parcel)
        return int(orjson.loads(answer.body)["have"])

    def pull(self, cursor: int, limit: int) -> Parcel:
        """What reached the hub behind `cursor`, other than from us."""
        answer = self._send("GET", f"/v1/pull?after={cursor}&limit={limit}")
        try:
            return unpack(answer.body)
        except ParcelError as error:
            raise WireError("broken", self.address.url, str(error)) from error

    def news(self) -> Iterator[int | None]:
        """The hub's newest cursor each time something arrives there, None as a sign of life. Raises WireError."""
        path = "/v1/events"
        for line in self._wire.lines(self.address.url + path, self._headers("GET", path, b"")):
            if line.startswith("data:"):
                yield int(line[5:])
            else:
                yield None

    def _send(self, method: str, path: str, body: bytes = b"") -> Answer:
        answer = self._wire.send(method, self.address.url + path, body, self._headers(method, path, body))
        if not answer.is_good:
            raise _refusal(answer, self.address.url)
        return answer

    def _headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        return dict(signed_headers(self._identity, (method, path), millis(self._clock.now()), body))


def _refusal(answer: Answer, url: str) -> KnownError:
    try:
        detail = orjson.loads(answer.body)["detail"]
        return HubRefused(str(detail["reason"]), answer.status, detail.get("have"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return WireError("status", url, f"HTTP {answer.status}", answer.status)
