"""The one HTTP client: time-outs on everything, bounded bodies, and failures that carry a name and the address.

A feed or a hub that answers slowly, endlessly or not at all must never hold up a station, so nothing here can wait or
grow without limit. What stands in the way is named by `faults`.
"""

import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from types import TracebackType
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from workstation.domain.errors import KnownError
from workstation.wire.faults import fault_of

MAX_BYTES = 64 * 1024 * 1024
_PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for a connection, for the next byte, and for a whole answer however steadily it drips.

    `brisk` is how long who is at work already lets a small question go unanswered before asking again.
    """

    connect: float = 5.0
    brisk: float = 4.0
    read: float = 30.0
    whole: float = 300.0


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom a TLS connection believes: the certificate of one server (PEM), whatever name it is reached by; without
    one the system's authorities."""

    certificate: str = ""


PATIENT, SYSTEM = Patience(), Trust()


class WireError(KnownError):
    """A request that failed. `kind` is one of the kinds of `faults`, too_large, late, status or portal."""

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
    """One session, for one thread. Close it when done. `follows` says whether it goes where a redirect points."""

    def __init__(self, patience: Patience = PATIENT, trust: Trust = SYSTEM, *, follows: bool = True) -> None:
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "workstation"
        self.patience = patience
        self._follows = follows
        if trust.certificate:
            self._session.mount("https://", _Pinned(_context(trust)))

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
        end = time.monotonic() + self.patience.whole
        try:
            with self._open(method, url, body, headers or {}) as response:
                return Answer(response.status_code, _headers(response), _bounded(response, url, end))
        except (requests.RequestException, OSError) as error:
            raise _named(error, url) from error

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Fetch; raises WireError of kind status for anything but success and "not modified"."""
        answer = self.send("GET", url, headers=headers)
        if not (answer.is_good or answer.is_unchanged):
            raise WireError("status", url, f"HTTP {answer.status}", answer.status)
        return answer

    def lines(self, url: str, headers: Mapping[str, str] | None = None, media: str = "") -> Iterator[str]:
        """The lines of an answer as they arrive, until the other side ends it. Raises WireError, also for an answer
        that is not of the `media` type asked for."""
        try:
            with self._open("GET", url, b"", headers or {}) as response:
                if not response.ok:
                    raise WireError("status", url, f"HTTP {response.status_code}", response.status_code)
                if not response.headers.get("Content-Type", "").startswith(media):
                    raise WireError("portal", url, "not the stream that was asked for", response.status_code)
                for line in response.iter_lines(chunk_size=1):
                    yield line.decode("utf-8", "replace")
        except (requests.RequestException, OSError) as error:
            raise _named(error, url) from error

    def _open(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> requests.Response:
        return self._session.request(
            method,
            url,
            data=BytesIO(body) if body else None,  # in pieces: it may take long as long as it moves
            headers=dict(headers),
            timeout=(self.patience.connect, self.patience.read),
            stream=True,
            allow_redirects=self._follows,
        )


def certificate_of(host: str, port: int) -> str:
    """The certificate a server shows (PEM), believed or not. Raises WireError."""
    try:
        return ssl.get_server_certificate((host, port), timeout=Patience().connect)
    except OSError as error:
        raise _named(error, f"https://{host}:{port}") from error


class _Pinned(HTTPAdapter):
    """Connections that believe what their own TLS context does, and no list of authorities beside."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *sizes: Any, **options: Any) -> None:
        super().init_poolmanager(*sizes, **options, ssl_context=self._context, assert_hostname=False)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, _ = super().build_connection_pool_key_attributes(request, True, cert)
        return host, {}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The context has said already whom it believes."""


def _context(trust: Trust) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.load_verify_locations(cadata=trust.certificate)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _bounded(response: requests.Response, url: str, end: float) -> bytes:
    body = bytearray()
    for piece in response.iter_content(_PIECE):
        body += piece
        if len(body) > MAX_BYTES:
            raise WireError("too_large", url, f"answer larger than {MAX_BYTES} bytes")
        if time.monotonic() > end:
            raise WireError("late", url, "the answer does not come to an end")
    return bytes(body)


def _headers(response: requests.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _named(error: Exception, url: str) -> WireError:
    kind, reason = fault_of(error)
    return WireError(kind, url, reason)
