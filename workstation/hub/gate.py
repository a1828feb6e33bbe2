"""Who may come in: a request counts only when a station the hub enrolled has signed it."""

from collections.abc import Mapping
from dataclasses import dataclass

from workstation.domain.clock import millis
from workstation.domain.records import Station
from workstation.journal import Journal
from workstation.security.keys import is_signed
from workstation.station import Station as Heart
from workstation.sync.signing import ALLOWED_SKEW_MS, MOMENT, SIGNATURE, STATION, words_of

LONGEST_MOMENT = 15


class Turned(Exception):
    """A request turned away, with the reason that is told to the sender and the HTTP status.

    `have` is the last entry held of the sender's stream, `wait` the seconds after which it may try again.
    """

    def __init__(self, status: int, reason: str, have: int | None = None, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.have = have
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Claim:
    """The enrolled station a request says it is from, and what would prove it."""

    station: str
    public: bytes
    moment: int
    signature: bytes

    def check(self, request: tuple[str, str], body: bytes) -> str:
        """The station, if it signed this request (method, path with query). Raises Turned (401)."""
        if not is_signed(self.public, words_of(*request, self.moment, body), self.signature):
            raise Turned(401, "signature")
        return self.station


class Gate:
    """Checks requests against the enrolled stations' keys, as the hub's journal has them at that moment."""

    def __init__(self, hub: Heart) -> None:
        self._hub = hub

    def claim(self, headers: Mapping[str, str]) -> Claim:
        """Who a request says it is from, before its body is read. Raises Turned (401)."""
        station, moment = headers.get(STATION, ""), headers.get(MOMENT, "")
        if not station or not (moment.isascii() and moment.isdecimal()) or len(moment) > LONGEST_MOMENT:
            raise Turned(401, "unsigned")
        public = self._hub.ask(lambda journal: journal.public_key(station)).result()
        if public is None:
            raise Turned(401, "unknown_station")
        if self._hub.ask(lambda journal: _is_revoked(journal, station)).result():
            raise Turned(403, "revoked")
        if abs(int(moment) - millis(self._hub.clock.now())) > ALLOWED_SKEW_MS:
            raise Turned(401, "clock")
        return Claim(station, public, int(moment), _bytes(headers.get(SIGNATURE, "")))


def _is_revoked(journal: Journal, station: str) -> bool:
    known = journal.situation.get(Station, station)
    return known is not None and known.revoked_at is not None


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
