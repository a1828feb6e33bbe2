"""A journal in one SQLite file: one process writes, any number read beside it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from pathlib import Path
from sqlite3 import Connection, connect
from typing import Any

from sqlite_utils import Database as Tables

from workstation.domain.encoding import column_types
from workstation.domain.records import KINDS
from workstation.journal.database import Row, Target, listed
from workstation.journal.marker import Marker
from workstation.journal.room import telling_of_room
from workstation.journal.schema import INDEXED, migrations

_COLUMNS = (
    "select one.name, its.name from sqlite_master one join pragma_table_info(one.name) its where one.type = 'table'"
)
AT_ONCE = 100
"""Rows in one statement: a fifth sooner written than one by one, and other threads may work all the while."""
PATIENCE_SECONDS = 30
PAGE_BYTES = 8192
_AFFINITY = {"text": "TEXT", "time": "TEXT", "json": "TEXT", "sealed": "TEXT", "int": "INTEGER", "bool": "INTEGER"}


class SqliteDatabase(Connection):
    """A connection that is a journal's database."""

    def put(self, target: Target, rows: Iterable[Row]) -> None:
        """Many rows in one statement, and in the order of their key: neighbours lie on one page."""
        many = sorted(rows) if target.key else list(rows)
        odd = len(many) % AT_ONCE
        self.executemany(target.statement, many[:odd])
        for first in range(odd, len(many), AT_ONCE):
            self.execute(_several(target), [*chain.from_iterable(many[first : first + AT_ONCE])])

    def repeat(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        self.executemany(sql, values)

    def query(self, sql: str, values: Sequence[Any] = (), /) -> Iterator[dict[str, Any]]:
        found = self.execute(sql, values)
        names = [column[0] for column in found.description]
        return (dict(zip(names, row, strict=True)) for row in found)

    @contextmanager
    def writing(self) -> Iterator[None]:
        with telling_of_room():
            try:
                self.execute("begin immediate")
                yield
                self.execute("commit")
            except BaseException:
                if self.in_transaction:  # SQLite has given it up by itself where the disk is full
                    self.execute("rollback")
                raise

    @contextmanager
    def moment(self) -> Iterator[None]:
        strict, self.text_factory = self.text_factory, _any_text
        self.execute("begin")
        try:
            yield
        finally:
            if self.in_transaction:
                self.execute("rollback")
            self.text_factory = strict

    def version(self) -> int:
        return int(self.execute("pragma data_version").fetchone()[0])

    def tables(self) -> dict[str, tuple[str, ...]]:
        tables = Tables(self)
        names = [name for name in tables.table_names() if not name.startswith(("_", "sqlite_"))]
        return {name: tuple(tables[name].columns_dict) for name in names}

    def every(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        return iter(self.execute(f'select {listed(columns)} from "{table}"'))

    def marker(self) -> Marker:
        return Marker.of(Path(self.execute("pragma database_list").fetchone()[2]))

    def damage(self) -> Iterator[str]:
        return (str(line) for (line,) in self.execute("pragma integrity_check(5)") if line != "ok")

    def scrub(self) -> bool:
        """Deleted cells are zeroed at once (`secure_delete`); this empties the log that still holds them."""
        self.execute("pragma busy_timeout = 0")
        is_busy = self.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
        self.execute(f"pragma busy_timeout = {PATIENCE_SECONDS * 1000}")
        return not is_busy

    def listen(self, heard: Callable[[], object]) -> "_Deaf":
        return _Deaf()


class _Deaf:
    """Files tell nobody: whoever shares one looks at its version."""

    def close(self) -> None:
        return None


@lru_cache(maxsize=100)
def _several(target: Target) -> str:
    """The insert of `AT_ONCE` rows. Should one of them not do, the transaction is over at once: so SQLite need not copy
    each page first, to take back the others alone."""
    rows = ", ".join([f"({', '.join('?' * len(target.columns))})"] * AT_ONCE)
    return f"insert or rollback into {target.place} values {rows}{target.collision}"


def _any_text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def open_sqlite(path: Path) -> SqliteDatabase:
    """A write connection in WAL mode with every table brought up to date; a commit survives a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    database: SqliteDatabase = connect(
        path, isolation_level=None, check_same_thread=False, timeout=PATIENCE_SECONDS, factory=SqliteDatabase
    )
    database.execute(f"PRAGMA page_size={PAGE_BYTES}")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("PRAGMA secure_delete=ON")
    database.execute("PRAGMA cache_size=-65536")
    _prepare(database)
    return database


def read_sqlite(path: Path) -> SqliteDatabase:
    """A connection that only reads. Raises OperationalError where no file is."""
    database: SqliteDatabase = connect(
        f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, factory=SqliteDatabase
    )
    return database


def empty_sqlite() -> SqliteDatabase:
    """A journal's tables with nothing in them, in memory."""
    database: SqliteDatabase = connect(":memory:", isolation_level=None, factory=SqliteDatabase)
    _prepare(database)
    return database


def passing_sqlite() -> SqliteDatabase:
    """As `empty_sqlite`, for much: what memory does not hold lies in a file without a name, gone at the end."""
    database: SqliteDatabase = connect("", isolation_level=None, factory=SqliteDatabase)
    database.execute("PRAGMA synchronous=OFF")
    database.execute("PRAGMA journal_mode=OFF")
    database.execute("PRAGMA cache_size=-65536")
    _prepare(database)
    return database


def _prepare(database: SqliteDatabase) -> None:
    tables = Tables(database)
    migrations.apply(tables)
    make_tables(tables)


def make_tables(tables: Tables) -> None:
    """The typed table of every kind, with columns its class has gained since, and its indexes."""
    present: dict[str, set[str]] = defaultdict(set)
    for table, column in tables.execute(_COLUMNS):
        present[table].add(column)
    indexes = {name for (name,) in tables.execute("select name from sqlite_master where type = 'index'")}
    for kind in KINDS:
        columns = {name: _AFFINITY.get(shape, "REAL") for name, shape in column_types(kind).items()}
        if kind not in present:
            body = ", ".join(f'"{name}" {affinity}' for name, affinity in columns.items())
            tables.execute(f'create table "{kind}" (id text primary key, {body}) without rowid')
        for name in columns.keys() - (present[kind] or columns.keys()):
            tables.execute(f'alter table "{kind}" add column "{name}" {columns[name]}')
        for index in INDEXED.get(kind, ()):
            named, name = index.replace(" ", '", "'), f"{kind}_{index.replace(' ', '_')}"
            if name not in indexes:
                tables.execute(f'create index "{name}" on "{kind}" ("{named}")')
