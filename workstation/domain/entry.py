"""An entry as it stands in the journal: header, content, and the reference other entries name it by."""

from datetime import datetime
from typing import NamedTuple

from workstation.domain.clock import from_millis
from workstation.domain.draft import Change


class Entry(NamedTuple):
    """`clock` is hybrid logical (milliseconds << 16 | counter), corrected by what the station knew of its error.

    `raw` is the station's own clock in milliseconds, as it stood; `seen` the clock of the newest word of the root the
    author had; `precedence` how urgently the entry travels (see `domain.precedence`). `voucher` is the author's own
    signature (hex) where the act asks for one.
    """

    station: str
    incarnation: str
    seq: int
    clock: int
    scope: str
    data_class: int
    author: str
    act: str
    reason: str
    cause: str
    changes: tuple[Change, ...]
    raw: int = 0
    seen: int = 0
    precedence: int = 3
    voucher: str = ""

    @property
    def ref(self) -> str:
        """station/incarnation/seq: what bases and causes name."""
        return f"{self.station}/{self.incarnation}/{self.seq}"

    @property
    def at(self) -> datetime:
        return from_millis(self.clock >> 16)
