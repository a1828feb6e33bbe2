"""Why a link is not what it should be: each case by a name that has words (`link.reason.*`), never silence.

An answer that does not carry the hub's time is not the hub's: something between us and it has spoken.
"""

from dataclasses import dataclass
from http import HTTPStatus

from workstation.domain.errors import KnownError
from workstation.journal import BatchRefused
from workstation.wire import Answer, WireError
from workstation.wire import faults as wire

CLOCK, BUSY, DISK_FULL, DATABASE, OTHER = "clock", "busy", "disk_full", "database", "other"
PORTAL, GATEWAY, FOREIGN, HUB_ERROR = "portal", "gateway", "foreign", "hub_error"
LINE = (
    *(wire.DNS, wire.CLOSED, wire.UNREACHABLE, wire.SILENT, wire.CUT_OFF, wire.PROXY, wire.ADDRESS, wire.TLS),
    *(wire.EXPIRED, wire.NOT_YET, wire.WRONG_HOST, wire.UNTRUSTED, PORTAL, GATEWAY, FOREIGN, HUB_ERROR),
)
HUB = (
    *(CLOCK, BUSY, DISK_FULL, DATABASE, "unknown_station", "revoked", "unsigned", "signature"),
    *("not_your_own", "invitation"),
)
CONTENT = ("malformed", "gap", "fork", "chain", "too_large", "slow")
REASONS = (*LINE, *HUB, "replayed", *CONTENT, OTHER)


class HubRefused(KnownError):
    """The hub answered and said no: `reason` as it named it, `have` the last entry of our stream that it holds,
    `wait` the seconds it asks us to stay away."""

    def __init__(self, reason: str, status: int, have: int | None = None, wait: float = 0.0) -> None:
        super().__init__(f"the hub refused: {reason}")
        self.reason = reason
        self.status = status
        self.have = have
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Outage:
    """A state of the link and why: `reason` is one of REASONS, `detail` what was heard, `wait` seconds at least."""

    state: str
    reason: str
    detail: str
    wait: float = 0.0


def outage_of(error: KnownError | BatchRefused) -> Outage:
    """The state that an error of a round puts the link into."""
    match error:
        case HubRefused(reason="busy"):
            return Outage("syncing", BUSY, str(error), error.wait)
        case HubRefused(reason="disk_full" | "database"):
            return Outage("offline", error.reason, str(error))
        case HubRefused() | BatchRefused():
            return Outage("refused", _known(error.reason), str(error))
        case WireError():
            return Outage("offline", _known(error.kind), str(error))
        case _:
            return Outage("offline", OTHER, str(error))


def stranger(answer: Answer, url: str) -> WireError:
    """What an answer is that did not come from the hub."""
    status = answer.status
    kind, words = FOREIGN, "something that is no hub answers there"
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        kind, words = wire.PROXY, "the proxy asks for a login"
    elif status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT):
        kind, words = GATEWAY, "a server on the way does not reach the hub"
    elif status == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED or _is_redirect(status) or _is_page(answer):
        kind, words = PORTAL, "the network shows a page of its own"
    return WireError(kind, url, f"{words} (HTTP {status})", status)


def _known(reason: str) -> str:
    return reason if reason in REASONS else OTHER


def _is_redirect(status: int) -> bool:
    return HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST


def _is_page(answer: Answer) -> bool:
    return "html" in answer.headers.get("content-type", "") or answer.body.lstrip()[:1] == b"<"
