"""What an instrument measured: high-rate, append-only, never in conflict, so never in the journal."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Quality(StrEnum):
    """Only `good` and `manual` may raise an alarm; nothing is dropped for being worse."""

    GOOD = "good"
    SUSPECT = "suspect"
    BAD = "bad"
    STALE = "stale"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of one sensor. `at` is the instrument's time, `received_at` ours; both aware UTC."""

    sensor: str
    at: datetime
    value: float
    quality: Quality = Quality.GOOD
    received_at: datetime | None = None
