"""What stations know, asked from outside their thread."""

from contextlib import closing
from typing import TypeVar

from workstation.domain.record import Record
from workstation.station import Station

R = TypeVar("R", bound=Record)


def known(station: Station, cls: type[R], **asked: object) -> list[R]:
    """The records its tables hold now."""
    with closing(station.situation()) as situation:
        return situation.find(cls, **asked)
