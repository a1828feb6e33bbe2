"""The journal's tables in PostgreSQL: the same steps as in SQLite, and what only a shared database needs.

Of SQLite's words a step may use, PostgreSQL reads `integer` as 64 bits, `blob` as bytes, and sorts text by its bytes;
the view for people is its own. Rows are numbered by whoever inserts them, so `integer primary key` numbers nothing.
"""

import re
from typing import Any

from psycopg import Connection

from workstation.domain.encoding import column_types
from workstation.domain.records import KINDS
from workstation.journal.database import DatabaseFault
from workstation.journal.schema import INDEXED, STEPS, statements

CHANNEL = "written"
OURS = frozenset({"written", "schema_step"})
"""Tables that are no part of the journal."""
_TEXT = 'text collate "C"'
_WORDS = {"integer": "bigint", "blob": "bytea", "text": _TEXT}
_TYPES = {"int": "bigint", "bool": "bigint", "float": "double precision"}
_LOCK = b"select pg_advisory_xact_lock(hashtextextended('workstation ' || current_schema(), 0))"
_SHARED = (
    "create table written (number bigint not null) with (fillfactor = 10)",
    "insert into written values (0)",
    "create function tell_written() returns trigger language plpgsql as"
    f" $$ begin perform pg_notify('{CHANNEL}', current_setting('application_name')); return null; end $$",
    "create trigger tell_written after update on written for each statement execute function tell_written()",
)
_VIEW = """
create view journal as
  select e.number, s.station, s.incarnation, e.seq,
    to_char(to_timestamp((e.clock >> 16) / 1000) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
    e.scope, e.data_class,
    to_char(to_timestamp(e.raw / 1000) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as raw_at,
    e.precedence, e.lacks, e.refused, e.content::json ->> 0 as author, e.content::json ->> 1 as act,
    e.content::json ->> 2 as reason, e.content::json ->> 3 as cause, e.content::json ->> 4 as changes,
    encode(e.hash, 'hex') as hash
  from entry e join stream s on s.number = e.stream
"""


def prepare(connection: Connection[Any]) -> None:
    """Bring every table up to date; of several processes that start at once, one does it."""
    (encoding,) = connection.execute(b"show server_encoding").fetchone() or ("",)
    if encoding != "UTF8":
        raise DatabaseFault(f"the database holds text as {encoding}, not UTF8")
    with connection.transaction():
        connection.execute(_LOCK)
        connection.execute(b"create table if not exists schema_step (name text primary key)")
        done = {name for (name,) in connection.execute(b"select name from schema_step")}
        missing: dict[str, tuple[str, ...]] = {"shared": _SHARED} if "shared" not in done else {}
        missing |= {name: tuple(_steps(step)) for name, step in STEPS.items() if name not in done}
        if missing:
            connection.execute(b"drop view if exists journal")
            for name, step in missing.items():
                for statement in step:
                    connection.execute(statement.encode())
                connection.execute(b"insert into schema_step values (%s)", [name])
            connection.execute(_VIEW.encode())
        _make_tables(connection)


def _steps(step: str) -> list[str]:
    """A step's statements as PostgreSQL reads them."""
    return [_read(one) for one in statements(step) if not re.match(r"\s*(create|drop) view\b", one)]


def _read(statement: str) -> str:
    plain = statement.replace("without rowid", "")
    return re.sub(rf"\b({'|'.join(_WORDS)})\b", lambda found: _WORDS[found[0]], plain)


def _make_tables(connection: Connection[Any]) -> None:
    """The typed table of every kind, with columns its class has gained since, and their indexes."""
    sql = b"select table_name, column_name from information_schema.columns where table_schema = current_schema()"
    present = {tuple(row) for row in connection.execute(sql)}
    indexes = {
        name for (name,) in connection.execute(b"select indexname from pg_indexes where schemaname = current_schema()")
    }
    for kind in KINDS:
        if (kind, "id") not in present:
            connection.execute(f'create table "{kind}" (id {_TEXT} primary key)'.encode())
        columns = {name: _TYPES.get(shape, _TEXT) for name, shape in column_types(kind).items()}
        gained = ", ".join(
            f'add column "{name}" {type_}' for name, type_ in columns.items() if (kind, name) not in present
        )
        if gained:
            connection.execute(f'alter table "{kind}" {gained}'.encode())
        for index in INDEXED.get(kind, ()):
            name = f"{kind}_{index.replace(' ', '_')}"
            named = ", ".join(f'"{column}" nulls first' for column in index.split())
            if name not in indexes:
                connection.execute(f'create index "{name}" on "{kind}" ({named})'.encode())
