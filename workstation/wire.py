"""The one HTTP client: time-outs on everything, bounded bodies, and failures that carry a name and the address.

A feed or a hub that answers slowly, endlessly or not at all must never hold up a station, so nothing here can wait or
grow without limit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType

import requests

from workstation.domain.errors import KnownError

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
MAX_BYTES = 64 * 1024 * 1024
_PIECE = 256 * 1024


class WireError(KnownError):
    """A request that failed. `kind` is unreachable, timeout, broken, too_large, status or address."""

    def __init__(self, kind: str, url: str, reason: str, status: int = 0) -> None:
        super().__init__(f"{url}: {reason}")
        self.kind = kind
        self.url = url
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `body` is whole; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_good(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_unchanged(self) -> bool:
        return self.status == HTTPStatus.NOT_MODIFIED


class Wire:
    """One session, for one thread. Close it when done."""

    def __init__(self, read_seconds: float = READ_SECONDS) -> None:
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "workstation"
        self._read_seconds = read_seconds

    def __enter__(self) -> "Wire":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._session.close()

    def send(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Ask and return the answer, whatever its status. Raises WireError when none came or it was too large."""
        try:
            with self._open(method, url, body, headers or {}) as response:
                return Answer(response.status_code, _headers(response), _bounded(response, url))
        except requests.RequestException as error:
            raise _named(error, url) from error

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Fetch; raises WireError of kind status for anything but success and "not modified"."""
        answer = self.send("GET", url, headers=headers)
        if not (answer.is_good or answer.is_unchanged):
            raise WireError("status", url, f"HTTP {answer.status}", answer.status)
        return answer

    def lines(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[str]:
        """The lines of an answer as they arrive, until the other side ends it. Raises WireError."""
        try:
            with self._open("GET", url, b"", headers or {}) as response:
                if not response.ok:
                    raise WireError("status", url, f"HTTP {response.status_code}", response.status_code)
                for line in response.iter_lines(chunk_size=1):
                    yield line.decode("utf-8", "replace")
        except requests.RequestException as error:
            raise _named(error, url) from error

    def _open(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> requests.Response:
        waits = (CONNECT_SECONDS, self._read_seconds)
        return self._session.request(method, url, data=body, headers=dict(headers), timeout=waits, stream=True)


def _bounded(response: requests.Response, url: str) -> bytes:
    body = bytearray()
    for piece in response.iter_content(_PIECE):
        body += piece
        if len(body) > MAX_BYTES:
            raise WireError("too_large", url, f"answer larger than {MAX_BYTES} bytes")
    return bytes(body)


def _headers(response: requests.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _named(error: requests.RequestException, url: str) -> WireError:
    if isinstance(error, requests.Timeout):
        return WireError("timeout", url, "no answer in time")
    if isinstance(error, requests.ConnectionError):
        return WireError("unreachable", url, "cannot be reached")
    if isinstance(
        error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema | requests.exceptions.InvalidSchema
    ):
        return WireError("address", url, "not an address that can be fetched")
    return WireError("broken", url, f"answer broken off: {type(error).__name__}")
