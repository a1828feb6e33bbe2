"""Rows go into SQLite many at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from workstation.journal.database import Target
from workstation.journal.sqlite import AT_ONCE, SqliteDatabase, empty_sqlite

MANY = AT_ONCE * 2 + 1
META = Target("meta", ("name", "value"), ("name",))


@pytest.fixture
def database() -> Iterator[SqliteDatabase]:
    with closing(empty_sqlite()) as found:
        yield found


def rows(value: str, count: int = MANY) -> list[tuple[str, str]]:
    return [(f"n{number}", value) for number in range(count)]


def told(database: SqliteDatabase) -> list[tuple[str, str]]:
    return sorted(database.execute("select name, value from meta"))


def test_of_many_rows_those_whose_key_is_there_replace_what_it_had(database: SqliteDatabase) -> None:
    database.put(META, rows("old", 50))
    database.put(META, iter(rows("new")))
    assert told(database) == sorted(rows("new"))


def test_of_many_rows_those_to_be_kept_stay_as_they_were(database: SqliteDatabase) -> None:
    database.put(META, rows("old", 50))
    database.put(Target("meta", ("name", "value"), ("name",), keep=True), rows("new"))
    assert told(database) == sorted(rows("new")[50:] + rows("old", 50))


def test_where_one_of_many_rows_does_not_do_none_of_the_transaction_is_written(database: SqliteDatabase) -> None:
    with pytest.raises(sqlite3.IntegrityError), database.writing():
        database.put(META, [("first", "1")])
        database.put(META, [*rows("new"), ("nothing", None)])
    assert not database.in_transaction
    assert told(database) == []
