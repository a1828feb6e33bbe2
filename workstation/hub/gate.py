"""Who may come in: a request counts only when a station the hub enrolled has signed it."""

from collections.abc import Mapping

from workstation.domain.clock import millis
from workstation.security.keys import is_signed
from workstation.station import Station
from workstation.sync.signing import ALLOWED_SKEW_MS, MOMENT, SIGNATURE, STATION, words_of


class Turned(Exception):
    """A request turned away, with the reason that is told to the sender and the HTTP status."""

    def __init__(self, status: int, reason: str, have: int | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.have = have


class Gate:
    """Checks requests against the enrolled stations' keys, as the hub's journal has them at that moment."""

    def __init__(self, hub: Station) -> None:
        self._hub = hub

    def sender(self, request: tuple[str, str], headers: Mapping[str, str], body: bytes) -> str:
        """The station that signed a request (method, path with query). Raises Turned (401)."""
        station, moment = headers.get(STATION, ""), headers.get(MOMENT, "")
        if not station or not moment.isdecimal():
            raise Turned(401, "unsigned")
        public = self._hub.ask(lambda journal: journal.public_key(station)).result()
        if public is None:
            raise Turned(401, "unknown_station")
        if abs(int(moment) - millis(self._hub.clock.now())) > ALLOWED_SKEW_MS:
            raise Turned(401, "clock")
        if not is_signed(public, words_of(*request, int(moment), body), _bytes(headers.get(SIGNATURE, ""))):
            raise Turned(401, "signature")
        return station


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
