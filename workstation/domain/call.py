"""A call as it is being taken: what has been typed so far, before it is a report."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNotes:
    """What has been typed about a call so far; empty text and None are unknown. `at` is when the form was opened."""

    at: datetime
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    street: str = ""
    type: str = ""
    channel: str = "phone"
    text: str = ""
    level: str | None = None
    trapped: int | None = None
    injured: int | None = None
    deaths: int | None = None
    caller: str = ""
    phone: str = ""
