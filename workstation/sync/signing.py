"""Every request a station makes is signed with its own key, so that a hub answers nobody it has not enrolled."""

import hashlib
from collections.abc import Mapping

from workstation.security.keys import Identity

STATION, MOMENT, SIGNATURE = "x-station", "x-moment", "x-signature"
HUB_TIME = "x-hub-time"
"""The header by which every answer of the hub tells its time, in milliseconds."""
ALLOWED_SKEW_MS = 24 * 3600 * 1000
"""A request older than a day is refused. Wide, since a street office's clock may be wrong and must still get through;
replaying a request gains nothing, as every one of them is idempotent."""


def words_of(method: str, path: str, moment: int, body: bytes) -> bytes:
    """What is signed: method, path with query, milliseconds of the sender's clock, SHA-256 of the body."""
    return f"{method} {path} {moment} {hashlib.sha256(body).hexdigest()}".encode()


def signed_headers(identity: Identity, request: tuple[str, str], moment: int, body: bytes = b"") -> Mapping[str, str]:
    """The headers that vouch for a request (method, path)."""
    method, path = request
    return {
        STATION: identity.station,
        MOMENT: str(moment),
        SIGNATURE: identity.sign(words_of(method, path, moment, body)).hex(),
    }
