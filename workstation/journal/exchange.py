"""What leaves the journal for another: batches by a cursor of arrival, and one's own entries not yet receipted."""

from workstation.domain.clock import Clock, iso
from workstation.journal.batch import Batch
from workstation.journal.database import Target
from workstation.journal.store import Store

PAGE = 5000
_RECEIPT = Target("receipt", ("peer", "station", "incarnation", "seq", "at"), ("peer", "station", "incarnation"))


class Exchange:
    """Reads batches for replication and keeps receipts. Shares the writer's connection, so runs on its thread."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def heads(self) -> dict[tuple[str, str], int]:
        """The last entry held of every stream."""
        return {(stream.station, stream.incarnation): stream.seq for stream in self._store.streams()}

    def after(self, cursor: int, *, without: str = "", limit: int = PAGE) -> list[Batch]:
        """Batches that arrived here after `cursor`, in order, about `limit` entries; none of station `without`."""
        rows = self._store.connection.execute(
            "select b.number, s.number, s.station, s.incarnation, s.form, b.first, b.last, b.hash, b.signature"
            " from batch b join stream s on s.number = b.stream"
            " where b.number > ? and s.station <> ? order by b.number",
            [cursor, without],
        )
        found: list[Batch] = []
        room = limit
        for number, stream, station, incarnation, form, first, last, digest, signature in rows:
            if found and last - first + 1 > room:
                break
            entries, keys = self._store.entries(stream, first, last), self._store.keys(stream, first, last)
            found.append(Batch(station, incarnation, first, last, digest, signature, entries, keys, number, form))
            room -= last - first + 1
        return found

    def end(self) -> int:
        """The newest cursor."""
        return int(self._store.connection.execute("select coalesce(max(number), 0) from batch").fetchone()[0])

    def run(self, station: str, incarnation: str, after: int, limit: int = PAGE) -> Batch | None:
        """One batch of a stream's entries behind `after`, as long as `limit` allows; None when there are none.

        Many small batches become one, since the last signature vouches for all before it.
        """
        stream = self._store.stream(station, incarnation)
        rows = self._store.connection.execute(
            "select last, hash, signature from batch where stream=? and last>? and last<=? order by last desc limit 1",
            [stream.number, after, after + limit],
        ).fetchone()
        rows = (
            rows
            or self._store.connection.execute(
                "select last, hash, signature from batch where stream=? and last>? order by last limit 1",
                [stream.number, after],
            ).fetchone()
        )
        if rows is None:
            return None
        last, digest, signature = rows
        entries = self._store.entries(stream.number, after + 1, last)
        keys = self._store.keys(stream.number, after + 1, last)
        return Batch(station, incarnation, after + 1, last, digest, signature, entries, keys, form=stream.form)

    def receipted(self, peer: str, station: str, incarnation: str) -> int:
        """The last entry of a stream that `peer` has confirmed; 0 for none."""
        row = self._store.connection.execute(
            "select seq from receipt where peer=? and station=? and incarnation=?", [peer, station, incarnation]
        ).fetchone()
        return int(row[0]) if row else 0

    def receipt(self, peer: str, station: str, incarnation: str, seq: int) -> None:
        """Remember that `peer` holds a stream up to `seq`."""
        row = [peer, station, incarnation, seq, iso(self._clock.now())]
        self._store.connection.put(_RECEIPT, [row])

    def cursor(self, peer: str) -> int:
        """Where pulling from `peer` goes on."""
        return int(self._store.meta(f"cursor:{peer}") or 0)

    def set_cursor(self, peer: str, number: int) -> None:
        self._store.set_meta(f"cursor:{peer}", str(number))
