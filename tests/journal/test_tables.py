"""A column of many values holds each of them as it would hold it alone."""

from contextlib import closing

import pytest

from workstation.domain.draft import Value
from workstation.domain.encoding import to_column
from workstation.journal.merge import Head, Standing
from workstation.journal.sqlite import empty_sqlite
from workstation.journal.tables import show

TEXTS: list[Value] = ["积水", "", "加深"]
ODD: list[Value] = [None, 7, "a\0b", ["x"], {"k": "v"}]


def said(*values: Value) -> Standing:
    return Standing({f"ZX/a/{seq}": (seq, {"title": value}) for seq, value in enumerate(values, 1)}, {})


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_one_odd_value_among_texts_is_held_as_its_column_can(odd: Value) -> None:
    values = [*TEXTS, odd]
    with closing(empty_sqlite()) as database:
        records = [(f"i{number}", said(value)) for number, value in enumerate(values)]
        show(database, ("incident", frozenset({"title"})), {}, records)
        held = [row[0] for row in database.execute("select title from incident order by id")]
    assert held == [to_column("incident", "title", value) for value in values]


def test_of_several_heads_the_highest_by_rank_is_shown() -> None:
    apart = said("III", "I", "II")
    assert apart.heads("title")[-1] == Head("ZX/a/3", 3, "II")
    with closing(empty_sqlite()) as database:
        for ranks, shown in (({}, "II"), ({"title": lambda value: -len(str(value))}, "I")):
            show(database, ("incident", frozenset({"title"})), ranks, [("i1", apart)])
            assert database.execute("select title from incident").fetchone() == (shown,)
