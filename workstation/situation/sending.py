"""How far a station and the centre are from equal: what the centre has not confirmed, what has not come here.

Read from the receipts that the link keeps, so that a page can tell it while the station writes on.
"""

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.clock import millis
from workstation.domain.precedence import FLASH, ROUTINE
from workstation.situation.readable import Readable
from workstation.situation.timeline import TimelineLine, line_of

CENTRE = "HUB"
"""The peer under whose name the link keeps the centre's receipts."""
PRECEDENCES = range(FLASH, ROUTINE + 1)
_DEFERRED, _WITHHELD = 1, 2
_COLUMNS = "e.number, e.seq, e.clock, e.raw, e.content, e.late, s.station, s.incarnation, e.precedence, e.refused"
_UNCONFIRMED = (
    "from stream s left join receipt r on r.peer = ? and r.station = s.station and r.incarnation = s.incarnation"
    " join entry e on e.stream = s.number and e.seq > coalesce(r.seq, 0) where s.station = ?"
)
_MISSING = "(e.lacks > 0 or e.refused <> '')"
_REFUSED = f"from entry e join stream s on s.number = e.stream where {_MISSING} and e.refused <> '' and s.station = ?"


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """An entry of this station, how urgently it travels (0 flash to 3 routine), and why it was refused, if it was."""

    line: TimelineLine
    precedence: int
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """`queue`: of each precedence, how many of our entries the centre has not confirmed; `waiting`: the first of them
    in the order in which they travel. `deferred` and `withheld`: entries here without their content, which follows or
    does not. `refused`: the newest of the `refusals` of ours that count for nobody."""

    queue: tuple[int, int, int, int] = (0, 0, 0, 0)
    waiting: tuple[OwnEntry, ...] = ()
    deferred: int = 0
    withheld: int = 0
    refused: tuple[OwnEntry, ...] = ()
    refusals: int = 0


def sending_of(db: Readable, station: str, limit: int) -> Sending:
    """Of the station's own entries at most `limit` of each list; the counts are of all."""
    counted = db.query(f"select e.precedence, count(*) as n {_UNCONFIRMED} group by e.precedence", [CENTRE, station])
    queue = {row["precedence"]: row["n"] for row in counted}
    lacking = db.query(f"select e.lacks, count(*) as n from entry e where {_MISSING} group by e.lacks", [])
    lacks = {row["lacks"]: row["n"] for row in lacking}
    refusals = db.query(f"select count(*) as n {_REFUSED}", [station])
    waiting = f"select {_COLUMNS} {_UNCONFIRMED} order by e.precedence, e.number limit ?"
    refused = f"select {_COLUMNS} {_REFUSED} order by e.number desc limit ?"
    flash, immediate, priority, routine = (queue.get(one, 0) for one in PRECEDENCES)
    return Sending(
        (flash, immediate, priority, routine),
        _entries(db, waiting, [CENTRE, station, limit]),
        lacks.get(_DEFERRED, 0),
        lacks.get(_WITHHELD, 0),
        _entries(db, refused, [station, limit]),
        int(next(refusals)["n"]),
    )


def refused_since(db: Readable, station: str, since: datetime) -> int:
    """How many of the entries a station wrote since then count for nobody."""
    rows = db.query(f"select count(*) as n {_REFUSED} and e.clock >= ?", [station, millis(since) << 16])
    return int(next(rows)["n"])


def _entries(db: Readable, sql: str, values: list[object]) -> tuple[OwnEntry, ...]:
    return tuple(OwnEntry(line_of(row), row["precedence"], row["refused"]) for row in db.query(sql, values))
