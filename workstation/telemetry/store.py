"""Observations in SQLite: one writer, any number of readers beside it, idempotent on sensor and instrument time.

A gateway that was cut off sends its buffer again when it returns, so an observation may come many times; the first
one stays. The latest value of each sensor is kept in a table of its own, because the map asks for all of them at once.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection, connect

import numpy as np

from workstation.domain.clock import from_millis, millis
from workstation.domain.observation import Observation, Quality
from workstation.telemetry.thinning import QUALITIES, Series, thinned

_SCHEMA = """
create table if not exists sensor (number integer primary key, id text not null unique);
create table if not exists observation (
  sensor integer not null, at integer not null, value real, quality integer not null, received integer,
  primary key (sensor, at)
) without rowid;
create table if not exists latest (
  sensor integer primary key, at integer not null, value real, quality integer not null, received integer
);
create view if not exists observed as
  select s.id as sensor, strftime('%Y-%m-%dT%H:%M:%fZ', o.at / 1000.0, 'unixepoch') as at, o.value,
    case o.quality when 0 then 'good' when 1 then 'suspect' when 2 then 'bad' when 3 then 'stale' else 'manual' end
    as quality
  from observation o join sensor s on s.number = o.sensor;
"""
_INSERT = "insert or ignore into observation values (?, ?, ?, ?, ?)"
_LATEST = (
    "insert into latest values (?, ?, ?, ?, ?) on conflict (sensor) do update set at = excluded.at,"
    " value = excluded.value, quality = excluded.quality, received = excluded.received where excluded.at > at"
)
_QUALITY = {quality: number for number, quality in enumerate(QUALITIES)}
Row = tuple[int, int, float | None, int, int | None]


class Telemetry:
    """The store over one connection. A reader may open while the writer works; neither waits for the other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._numbers: dict[str, int] = {}
        self._read_numbers()

    @classmethod
    def open(cls, path: Path, writable: bool) -> "Telemetry":
        """The store at `path`; a writer makes it where it is absent. A reader's path must exist (sqlite3 error)."""
        if not writable:
            connection = connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            connection.execute("pragma busy_timeout=5000")
            return cls(connection)
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = connect(path, isolation_level=None, check_same_thread=False)
        connection.execute("pragma busy_timeout=5000")
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=normal")
        connection.executescript(_SCHEMA)
        return cls(connection)

    def store(self, observations: Sequence[Observation]) -> int:
        """Keep observations in one transaction; the number of new ones. Not-a-number is kept as unknown."""
        if not observations:
            return 0
        connection = self._connection
        connection.execute("begin immediate")
        try:
            rows = [self._row(one) for one in observations]
            before = connection.total_changes
            connection.executemany(_INSERT, rows)
            added = connection.total_changes - before
            connection.executemany(_LATEST, _newest(rows))
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            self._read_numbers()
            raise
        return added

    def latest(self) -> dict[str, Observation]:
        """The newest observation of every sensor, by the instruments' times."""
        found = self._connection.execute(
            "select s.id, l.at, l.value, l.quality, l.received from latest l join sensor s on s.number = l.sensor"
        )
        return {sensor: _observation(sensor, *rest) for sensor, *rest in found}

    def age(self, sensor: str, now: datetime) -> timedelta | None:
        """How old the newest observation is; None when there never was one."""
        found = self._connection.execute(
            "select l.at from latest l join sensor s on s.number = l.sensor where s.id = ?", (sensor,)
        ).fetchone()
        return None if found is None else now - from_millis(found[0])

    def series(self, sensor: str, start: datetime, end: datetime, points: int | None = None) -> Series:
        """The observations of a sensor with start <= time < end, oldest first.

        Three arrays of equal length: milliseconds since 1970 (int64), values (float64, NaN unknown) and quality (int8,
        the place in QUALITIES). With `points` at most that many, each slice of time showing its lowest and highest.
        """
        rows = self._connection.execute(
            "select o.at, o.value, o.quality from observation o join sensor s on s.number = o.sensor"
            " where s.id = ? and o.at >= ? and o.at < ? order by o.at",
            (sensor, millis(start), millis(end)),
        ).fetchall()
        times, values, qualities = zip(*rows, strict=True) if rows else ((), (), ())
        whole = (
            np.array(times, dtype=np.int64),
            np.array(values, dtype=np.float64),
            np.array(qualities, dtype=np.int8),
        )
        return whole if points is None else thinned(whole, points)

    def expired(self, before: datetime) -> tuple[int, str]:
        """How many observations are older than `before`, and the SHA-256 of their list: a line "sensor milliseconds"
        each, in the order of sensors and times."""
        digest, count = hashlib.sha256(), 0
        rows = self._connection.execute(
            "select s.id, o.at from observation o join sensor s on s.number = o.sensor where o.at < ?"
            " order by s.id, o.at",
            (millis(before),),
        )
        for sensor, at in rows:
            digest.update(f"{sensor} {at}\n".encode())
            count += 1
        return count, digest.hexdigest()

    def purge(self, before: datetime, limit: int = 50_000) -> int:
        """Drop at most `limit` observations older than `before`; the number dropped. The latest values stay."""
        limit_at = millis(before)
        dropped = 0
        for number in list(self._numbers.values()):
            if dropped >= limit:
                break
            dropped += self._connection.execute(
                "delete from observation where sensor = ? and at in"
                " (select at from observation where sensor = ? and at < ? order by at limit ?)",
                (number, number, limit_at, limit - dropped),
            ).rowcount
        return dropped

    def close(self) -> None:
        self._connection.close()

    def _row(self, one: Observation) -> Row:
        received = None if one.received_at is None else millis(one.received_at)
        value = one.value if one.value == one.value else None  # NaN is not equal to itself
        return self._number(one.sensor), millis(one.at), value, _QUALITY[one.quality], received

    def _number(self, sensor: str) -> int:
        number = self._numbers.get(sensor)
        if number is None:
            cursor = self._connection.execute("insert into sensor (id) values (?)", (sensor,))
            number = self._numbers[sensor] = int(cursor.lastrowid or 0)
        return number

    def _read_numbers(self) -> None:
        self._numbers = dict(self._connection.execute("select id, number from sensor"))


def _newest(rows: Sequence[Row]) -> list[Row]:
    """Of each sensor the row with the latest time; of equal times the first, as the store itself keeps them."""
    newest: dict[int, Row] = {}
    for row in rows:
        held = newest.get(row[0])
        if held is None or row[1] > held[1]:
            newest[row[0]] = row
    return list(newest.values())


def _observation(sensor: str, at: int, value: float | None, quality: int, received: int | None) -> Observation:
    known = float("nan") if value is None else value
    when = None if received is None else from_millis(received)
    return Observation(sensor, from_millis(at), known, Quality(QUALITIES[quality]), when)
