"""What a stream says before an entry of it: the past that its author surely knew when he wrote it.

An entry that is judged may stand in one batch with what it is judged by, not stored yet: the past is told of those too.
"""

from collections.abc import Iterator, Sequence

from workstation.domain.entry import Entry
from workstation.journal.codec import Header, Stamp, decode_content, entry_of
from workstation.journal.database import Database

_STREAM = (
    "select e.seq, e.clock, e.raw, e.seen, e.precedence, e.scope, e.data_class, e.content from entry e"
    " join stream s on s.number = e.stream where s.station = ? and s.incarnation = ? and e.content is not null"
)
_HELD = (
    "select count(*) from entry e join stream s on s.number = e.stream"
    " where s.station = ? and s.incarnation = ? and e.seq between ? and ? and e.content is not null"
)


class Past:
    """The entries held in a database, and those that are about to be."""

    def __init__(self, database: Database, fresh: Sequence[Entry] = ()) -> None:
        self._database = database
        self._fresh = fresh

    def at(self, entry: Entry, seq: int) -> Entry | None:
        """The entry of that place in the stream of this one; None where its content is not here."""
        return next(self._found(entry, f"{_STREAM} and e.seq = ?", [seq], (seq, seq)), None)

    def doing(self, entry: Entry, act: str, first: int) -> list[Entry]:
        """The entries of that act before this one in its stream, from that place on."""
        sql = f"{_STREAM} and e.seq between ? and ? and e.content like ?"
        span = (first, entry.seq - 1)
        return [one for one in self._found(entry, sql, [*span, f'%"{act}"%'], span) if one.act == act]

    def lacks(self, entry: Entry, first: int) -> bool:
        """Whether the content of an entry before this one in its stream, from that place on, is not here."""
        name = (entry.station, entry.incarnation)
        here = self._database.execute(_HELD, [*name, first, entry.seq - 1]).fetchone()[0]
        fresh = sum((one.station, one.incarnation) == name and first <= one.seq < entry.seq for one in self._fresh)
        return int(here) + fresh < entry.seq - first

    def _found(self, entry: Entry, sql: str, values: list[object], span: tuple[int, int]) -> Iterator[Entry]:
        name = (entry.station, entry.incarnation)
        for seq, *stamp, content in self._database.execute(sql, [*name, *values]).fetchall():
            yield entry_of(Header(*name, seq, Stamp(*stamp), b""), decode_content(content))
        for one in self._fresh:
            if (one.station, one.incarnation) == name and span[0] <= one.seq <= span[1]:
                yield one
