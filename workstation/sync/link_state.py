"""How it stands with the link between a station and its hub, as the desk shows it."""

from dataclasses import dataclass
from datetime import datetime

STREAM, POLLING = "stream", "polling"
"""How news of the hub come."""


@dataclass(frozen=True, slots=True)
class LinkState:
    """`state`: online, syncing, offline, refused or alone (no hub). `unsent`: entries the centre has not confirmed;
    `following`: contents of which the headers alone are here yet.

    `reason` names why it is not well (a key under `link.reason`, empty when it is) and `last_error` tells what was
    heard; `offset_ms` is the hub's clock minus ours, None while unknown; `news` how news come: stream or polling.
    """

    state: str
    since: datetime
    unsent: int = 0
    last_error: str = ""
    reason: str = ""
    offset_ms: int | None = None
    news: str = STREAM
    following: int = 0
