"""A journal in a PostgreSQL database that several processes share, side by side, on one machine or many.

Whoever writes first takes the one row of `written`, so that writers come one after another and entries are numbered in
the order in which they are committed. The number in that row tells everybody else that something is new, and its
trigger wakes who listens. Nothing is remembered in a process that the database could not tell the next one.
"""

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.rows import dict_row

from workstation.journal.database import DatabaseFault, Row, Rows, Target, listed
from workstation.journal.marker import Marker
from workstation.journal.postgres_schema import CHANNEL, OURS, prepare

COPIED = 100
"""From this many rows on they go by COPY: below, the pipelined inserts of a few rows are sooner done."""
PAGE = 5000
PATIENCE = "set lock_timeout = '60s'; set idle_in_transaction_session_timeout = '10min'"
"""How long to wait for another writer, and how long the server lets a process hold everybody up that has stopped."""
PLANNING = "set plan_cache_mode = force_custom_plan"
"""A plan made while tables were small looks 500 ids up in a table of a million by reading it all."""
_TURN = b"begin; update written set number = number + 1 returning number"
_COLUMNS = """
select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
order by c.oid, a.attnum
"""
_MARKER = """
select (select system_identifier from pg_control_system())::text, oid::bigint,
  datname || ' ' || current_schema() from pg_database where datname = current_database()
"""
log = logging.getLogger(__name__)


@lru_cache(maxsize=4096)
def _spoken(sql: str, has_values: bool) -> bytes:
    """A statement with psycopg's places for values."""
    return (sql.replace("%", "%%").replace("?", "%s") if has_values else sql).encode()


class PostgresDatabase:
    """One connection, made again after it was lost. For one thread at a time."""

    def __init__(self, url: str, *, reads_only: bool = False) -> None:
        self._url = url
        self._reads_only = reads_only
        self.name = f"workstation {secrets.token_hex(8)}"
        self.in_transaction = False
        self._version: int | None = None
        self._own = 0
        self._connection = self._connect()

    @classmethod
    def open(cls, url: str) -> "PostgresDatabase":
        """The database at `url` with every table brought up to date. Raises DatabaseFault."""
        database = cls(url)
        with _named():
            prepare(database._connection)
        return database

    def _connect(self) -> psycopg.Connection[Any]:
        connection = connect(self._url, self.name)
        with _named():
            connection.execute(f"{PATIENCE}; {PLANNING}".encode())
            if self._reads_only:
                connection.execute(b"set default_transaction_read_only = on")
        return connection

    def _live(self) -> psycopg.Connection[Any]:
        if self._connection.closed and not self.in_transaction:
            self._connection = self._connect()
        return self._connection

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Rows:
        with _named():
            return self._live().execute(_spoken(sql, bool(values)), values or None)

    def query(self, sql: str, values: Sequence[Any] = (), /) -> Iterator[Mapping[str, Any]]:
        with _named():
            cursor = self._live().cursor(row_factory=dict_row)
            return iter(cursor.execute(_spoken(sql, bool(values)), values or None).fetchall())

    def put(self, target: Target, rows: Iterable[Row]) -> None:
        many = list(rows)
        with _named():
            if len(many) >= COPIED:
                with nullcontext() if self.in_transaction else self._live().transaction():
                    self._copy(target, many)
            elif many:
                self.repeat(target.statement, many)

    def repeat(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        with _named(), self._live().cursor() as cursor:
            cursor.executemany(_spoken(sql, True), values)

    def _copy(self, target: Target, rows: list[Row]) -> None:
        """Straight into the table; where a key may collide, by way of a table that lasts as long as the transaction."""
        columns, place = listed(target.columns), target.place
        if target.key:
            stage = f'"put_{target.table}"'
            place = f"{stage} ({columns})"
            made = f'create temp table if not exists {stage} (like "{target.table}") on commit delete rows'
            self._connection.execute(made.encode())
        with self._connection.cursor() as cursor, cursor.copy(f"copy {place} from stdin".encode()) as copy:
            for row in rows:
                copy.write_row(row)
        if target.key:
            moved = f"with moved as (delete from {stage} returning {columns}) insert into {target.place}"
            self._connection.execute(f"{moved} select {columns} from moved{target.collision}".encode())

    @contextmanager
    def writing(self) -> Iterator[None]:
        try:
            with _named():
                turn = self._live().execute(_TURN)
                turn.nextset()
                number = int(turn.fetchone()[0])  # type: ignore[index]
            self.in_transaction, self._version = True, number - 1 - self._own
            yield
            with _named():
                self._connection.execute(b"commit")
            self._own += 1
        except BaseException:
            self._give_up()
            raise
        finally:
            self.in_transaction, self._version = False, None

    @contextmanager
    def moment(self) -> Iterator[None]:
        self.execute("begin isolation level repeatable read read only")
        self.in_transaction = True
        try:
            yield
        finally:
            self._give_up()
            self.in_transaction = False

    def _give_up(self) -> None:
        """End a transaction; one whose connection was lost has ended already."""
        if not self._connection.closed:
            with _named():
                self._connection.execute(b"rollback")

    def version(self) -> int:
        """Of the transactions so far those of others. Only the ends of `writing` count as one."""
        if self._version is not None:
            return self._version
        return int(self.execute("select number from written").fetchone()[0]) - self._own

    def tables(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for table, column in self.execute(_COLUMNS):
            if table not in OURS:
                found[table] = (*found.get(table, ()), column)
        return found

    def every(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        with _named(), self._live().cursor(name="every") as cursor:
            cursor.itersize = PAGE
            yield from cursor.execute(f'select {listed(columns)} from "{table}"'.encode())

    def marker(self) -> Marker:
        cluster, number, name = self.execute(_MARKER).fetchone()
        return Marker(f"postgresql {cluster}", 0, number, name)

    def damage(self) -> Iterator[str]:
        """PostgreSQL finds damage as it reads, and everything was read before this is asked."""
        return iter(())

    def scrub(self) -> bool:
        """Rewrites the table of keys into new files; what the server's own log and its copies still hold is the
        administrator's to age out."""
        try:
            self.execute("set lock_timeout = '1s'")
            self.execute("vacuum full subject_key")
        except DatabaseFault:
            return False
        finally:
            self.execute(PATIENCE)
        return True

    def listen(self, heard: Callable[[], object]) -> "Listener":
        return Listener(self._url, self.name, heard)

    def close(self) -> None:
        self._connection.close()


class Listener:
    """A thread that calls `heard` when a connection of another name has written, and after each time it could not
    hear."""

    def __init__(self, url: str, name: str, heard: Callable[[], object]) -> None:
        self._url = url
        self._name = name
        self._heard = heard
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        is_down = False
        while not self._stopped.is_set():
            try:
                self._listen()
            except (psycopg.OperationalError, DatabaseFault) as error:
                if not is_down:
                    log.warning("news of other processes cannot be heard: %s", error)
                is_down = True
                self._stopped.wait(0.5)

    def _listen(self) -> None:
        with connect(self._url, f"{self._name} ear") as connection:
            connection.execute(f"listen {CHANNEL}".encode())
            self._heard()
            while not self._stopped.is_set():
                for news in connection.notifies(timeout=0.2):
                    if news.payload != self._name:
                        self._heard()

    def close(self) -> None:
        self._stopped.set()
        self._thread.join()


def connect(url: str, name: str) -> psycopg.Connection[Any]:
    """A connection that is known by `name`. Raises DatabaseFault."""
    with _named():
        return psycopg.connect(url, autocommit=True, application_name=name, client_encoding="utf8", connect_timeout=10)


@contextmanager
def _named() -> Iterator[None]:
    """What the server or the way to it fails in, by its name; a wrong statement stays our own error."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise DatabaseFault(reason, isinstance(error, psycopg.errors.DiskFull)) from error
