"""The journal's tables: the chain itself, and one typed table a kind of record.

The chain's are written as steps in SQLite's words, through sqlite-utils' migrations, so a database of an earlier
version is brought forward when it is opened; PostgreSQL takes the same steps, translated by `journal.postgres_schema`.
The typed tables are made from the record classes: a field added to a class is a column added.
"""

from collections.abc import Callable

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("journal")

_CHAIN = """
create table meta (name text primary key, value text not null) without rowid;
create table stream (
  number integer primary key, station text not null, incarnation text not null,
  seq integer not null, hash blob not null,
  unique (station, incarnation)
);
create table entry (
  number integer primary key, stream integer not null references stream (number), seq integer not null,
  clock integer not null, scope text not null, data_class integer not null,
  digest blob not null, hash blob not null, content text not null, late integer not null default 0,
  unique (stream, seq)
);
create table batch (
  number integer primary key, stream integer not null references stream (number),
  first integer not null, last integer not null, hash blob not null, signature blob not null
);
create index batch_last on batch (stream, last);
create table subject_key (
  key text primary key, stream integer not null, seq integer not null, subject text not null, wrapped text
);
create index subject_key_entry on subject_key (stream, seq);
create index subject_key_subject on subject_key (subject);
create table receipt (peer text, station text, incarnation text, seq integer not null, at text not null,
  primary key (peer, station, incarnation)) without rowid;
create table heads (kind text, id text, fields blob not null, primary key (kind, id)) without rowid;
create table history (kind text, id text, entry integer, primary key (kind, id, entry)) without rowid;
create table conflict (
  kind text, id text, field text, decided text not null default '', guarded integer not null, state text not null,
  heads text not null, primary key (kind, id, field, decided)
) without rowid;
"""

_FORMAT_TWO = """
drop view if exists journal;
alter table stream add column form integer not null default 1;
create table entry_two (
  number integer primary key, stream integer not null references stream (number), seq integer not null,
  clock integer not null, raw integer not null, seen integer not null, precedence integer not null,
  scope text not null, data_class integer not null, digest blob not null, hash blob not null, content text,
  late integer not null default 0, lacks integer not null default 0, refused text not null default '',
  unique (stream, seq)
);
insert into entry_two select number, stream, seq, clock, clock >> 16, 0, 3, scope, data_class, digest, hash, content,
  late, 0, '' from entry;
drop table entry;
alter table entry_two rename to entry;
create index entry_missing on entry (stream, seq) where lacks > 0 or refused <> '';
create view journal as
  select e.number, s.station, s.incarnation, e.seq,
    strftime('%Y-%m-%dT%H:%M:%SZ', (e.clock >> 16) / 1000, 'unixepoch') as at, e.scope, e.data_class,
    strftime('%Y-%m-%dT%H:%M:%SZ', e.raw / 1000, 'unixepoch') as raw_at, e.precedence, e.lacks, e.refused,
    json_extract(e.content, '$[0]') as author, json_extract(e.content, '$[1]') as act,
    json_extract(e.content, '$[2]') as reason, json_extract(e.content, '$[3]') as cause,
    json_extract(e.content, '$[4]') as changes, lower(hex(e.hash)) as hash
  from entry e join stream s on s.number = e.stream;
"""

_STANDING = """
create index entry_flash on entry (stream, seq) where precedence = 0;
insert into meta select 'refold', 'standing' from heads limit 1;
"""
"""Rows of heads are laid out otherwise since: a journal that has some folds its chain again."""

_FOLLOWING = """
create index entry_deferred on entry (clock, precedence) where lacks = 1;
"""
"""By it contents still to follow are counted, and asked for in the order in which they are to come."""

_MISSED = """
insert into meta select 'refold', 'missed' from heads
  where not exists (select 1 from meta where name = 'refold') limit 1;
"""
"""What was deleted while others went on working on it is shown as there since, until somebody decides."""

INDEXED: dict[str, tuple[str, ...]] = {
    "incident": ("state", "opened_at", "street", "number", "restricted"),
    "report": ("incident", "received_at", "external_id"),
    "alarm": ("state cleared_at", "sensor", "incident"),
    "task": ("incident", "state", "street", "step"),
    "step": ("run", "incident", "state"),
    "run": ("incident", "state"),
    "assignment": ("incident", "unit", "released_at unit"),
    "log": ("incident",),
    "document": ("incident",),
    "attachment": ("incident", "digest"),
    "alert": ("state", "identifier"),
    "quarantine": ("received_at deleted",),
    "access": ("object at", "user at", "at", "incident"),
    "member": ("incident", "account", "station"),
    "approval": ("incident",),
}
"""What is looked up by other than its id: the columns of each index, in their order."""


STEPS = {"chain": _CHAIN, "format_two": _FORMAT_TWO, "standing": _STANDING, "following": _FOLLOWING, "missed": _MISSED}
"""In the order in which they came. A step that was once published is never changed: another one follows it."""


def statements(step: str) -> list[str]:
    """The statements of a step."""
    return [statement for statement in step.split(";\n") if statement.strip()]


def _taking(step: str) -> Callable[[Database], None]:
    def take(db: Database) -> None:
        for statement in statements(step):
            db.execute(statement)

    return take


for _name, _step in STEPS.items():
    migrations(name=_name)(_taking(_step))
