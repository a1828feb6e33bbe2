"""What a journal holds, told so that two can be compared: rows, entries, contents, refusals."""

from workstation.journal import Journal
from workstation.journal.refold import FOLDED

Contents = set[str]
"""Entries by reference."""


def rows(journal: Journal) -> set[tuple[object, ...]]:
    """All that the tables and the inbox say: the table, the record, and what stands there."""
    found: set[tuple[object, ...]] = set()
    for table in FOLDED:
        columns = "kind || ' ' || id, *" if table == "conflict" else "*"
        found |= {(table, *row) for row in journal.store.connection.execute(f'select {columns} from "{table}"')}
    return found


def _refs(journal: Journal, condition: str) -> list[str]:
    rows = journal.store.connection.execute(
        "select s.station || '/' || s.incarnation || '/' || e.seq from entry e join stream s on s.number = e.stream"
        f" where {condition}"
    )
    return [ref for (ref,) in rows]


def refs(journal: Journal) -> list[str]:
    """Every entry held, by reference; twice where it is held twice."""
    return _refs(journal, "true")


def contents(journal: Journal) -> Contents:
    """The entries that are held with their contents."""
    return set(_refs(journal, "e.content is not null"))


def refusals(journal: Journal) -> Contents:
    """The entries that do not count here."""
    return set(_refs(journal, "e.refused <> ''"))
