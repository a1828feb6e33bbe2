"""What a proof finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where: an entry (station/incarnation/seq), a table row, or the database file."""

    where: str
    reason: str
