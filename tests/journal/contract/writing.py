"""What is written: a row any tool can read, all of it or nothing, and only what is news."""

import pytest

from tests.journal.contract.parties import Parties, edit
from workstation.domain.draft import Change, Draft
from workstation.domain.records import Access, Incident
from workstation.journal import Journal


class Written(Parties):
    def test_an_entry_becomes_a_row_any_tool_can_read(self, centre: Journal) -> None:
        flood = Incident(id="flood", title="人民路下穿积水", deaths=0, lat=29.6, lon=0.0)
        centre.append([edit(title=flood.title, deaths=0, lat=29.6, lon=-0.0)])
        assert centre.situation.get(Incident, "flood") == flood
        row = centre.store.connection.execute("select station, seq, at, author, act from journal").fetchone()
        assert tuple(row) == ("ZX", 1, "2026-11-24T11:40:00Z", "op1", "test")

    def test_what_changes_nothing_is_not_written(self, centre: Journal) -> None:
        centre.append([edit(title="积水")])
        assert centre.append([edit(title="积水", summary=None)]) == []

    def test_a_call_that_fails_writes_nothing_and_takes_no_number(self, centre: Journal) -> None:
        centre.append([edit(title="积水")])
        with pytest.raises(KeyError, match="colour"):
            centre.append([edit(title="加深"), Draft("op1", "x", (Change("incident", "flood", "colour", "red"),))])
        assert centre.own.seq == 1
        centre.append([edit(title="加深")])
        for table in ("entry", "batch"):
            rows = centre.store.connection.execute(f"select number from {table} order by number").fetchall()
            assert [row[0] for row in rows] == [1, 2]
        assert list(centre.verify()) == []

    @pytest.mark.parametrize("name", ["'); drop table incident; --", '"; delete from entry; --', "%_\\' or 1=1"])
    def test_a_place_named_like_a_statement_is_a_name(self, centre: Journal, name: str) -> None:
        centre.append([edit(title="积水", place=name), edit("other", place="人民路")])
        assert centre.situation.get(Incident, "flood").place == name
        assert [one.id for one in centre.situation.find(Incident, place=name)] == ["flood"]
        assert centre.situation.get(Incident, "other").place == "人民路"
        assert list(centre.verify()) == []

    def test_what_a_column_cannot_hold_is_unknown_there_and_kept_in_the_journal(self, centre: Journal) -> None:
        odd = {"title": "积\0水", "deaths": 2**63, "injured": "many", "lat": "north", "summary": ["a"], "missing": True}
        changes = tuple(Change("incident", "odd", name, value) for name, value in odd.items())
        centre.append([Draft("op1", "x", (*changes, Change("incident", "no\0name", "title", "x")))])
        held = centre.situation.get(Incident, "odd")
        assert (held.title, held.deaths, held.injured, held.lat) == ("积\ufffd水", None, None, None)
        assert (held.summary, held.missing) == ('["a"]', 1)
        assert centre.situation.count(Incident) == 1
        assert list(centre.verify()) == []

    def test_an_access_is_recorded_though_it_changes_nothing_else(self, centre: Journal) -> None:
        centre.append([edit(centre.new_id(), "access", act="export", user="sup1")])
        assert centre.situation.count(Access, act="export") == 1
