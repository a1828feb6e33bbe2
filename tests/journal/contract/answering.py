"""What the tables answer: records by their fields, the timeline, and every question a page asks."""

from dataclasses import replace

from tests.journal.contract.parties import Parties, edit
from tests.journals import exchange
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.entry import Entry
from workstation.domain.records import Incident, Report
from workstation.journal import Journal
from workstation.journal.screening import Screen
from workstation.situation import AuditFilter, SeenSituation


class StreetBench:
    """A bench that knows where an office works and nothing else."""

    street = "990101003"

    def learn(self, entry: Entry) -> None: ...

    def look_ahead(self, entry: Entry) -> None: ...

    def verdict(self, entry: Entry, past: object) -> str:
        return ""

    def region(self, entry: Entry) -> str:
        return self.street

    def unheard(self, entry: Entry) -> int:
        return 0


def _as_of_the_street(draft: Draft, seq: int) -> Entry:
    return Entry("JD03", "a", seq, 1, "990101003", 1, draft.author, draft.act, "", "", draft.changes, 1, 0, 3, "")


class Answered(Parties):
    def test_records_are_found_by_their_fields_and_in_order(self, centre: Journal) -> None:
        for name, level, street in [("a", "II", None), ("b", None, "990101"), ("c", "I", "990101"), ("d", "I", "b")]:
            centre.append([edit(name, level=level, street=street, title=name)])
        centre.append([edit("d", deleted=True)])

        def names(**asked: object) -> list[str]:
            return [one.id for one in centre.situation.find(Incident, **asked)]

        assert names(street="990101") == ["b", "c"]
        assert names(level=None) == ["b"]
        assert names(level=("I", "II"), order="-title") == ["c", "a"]
        assert names(level=()) == []
        assert names(order="level") == ["b", "c", "a"]
        assert names(order="-level") == ["a", "c", "b"]
        assert names(limit=2) == ["a", "b"]
        assert [one.id for one in centre.situation.since(Incident, "title", "b")] == ["b", "c"]
        assert centre.situation.count(Incident) == 3

    def test_text_is_sorted_by_its_bytes(self, centre: Journal) -> None:
        for name in ("b", "A", "水", "a", "_", "é"):
            centre.append([edit(name, title=name)])
        assert [one.id for one in centre.situation.find(Incident)] == ["A", "_", "a", "b", "é", "水"]

    def test_the_timeline_tells_what_belongs_to_an_incident(self, centre: Journal) -> None:
        centre.append([edit(title="积水")])
        centre.append([edit("t1", "task", incident="flood", title="封闭下穿")])
        centre.append([edit("t2", "task", incident="other")])
        assert [line.text for line in centre.situation.timeline("flood")] == [
            "title=积水",
            "incident=flood; title=封闭下穿",
        ]
        assert [line.text for line in centre.situation.recent(1)] == ["incident=other"]

    def test_every_question_a_page_asks_is_answered(self, pair, clock: ManualClock) -> None:
        centre, street = pair
        centre.append(
            [edit(number="SJ-1", title="积水", level="IV"), edit("t1", "task", incident="flood", state="sent")]
        )
        exchange(centre, street)
        centre.append([edit(level="II"), edit(state="closed")])
        street.append([edit(level="III"), edit("t1", "task", title="封闭"), edit("r1", "report", incident="gone")])
        for unit in ("flood", "fire"):
            street.append([edit(f"a-{unit}", "assignment", unit="u1", incident=unit)])
        exchange(centre, street)
        asked = centre.situation
        (conflict,) = asked.conflicts_about("flood")
        assert asked.base(conflict).claim.value == "IV"
        assert asked.undecided() == 1 + len(asked.breaches())
        assert asked.disputed("incident", "flood") == ["level"]
        assert {one.rule for one in asked.breaches()} == {"task_on_finished", "unit_twice"}
        assert [(one.kind, one.incident) for one in asked.awaited()] == [("report", "gone"), ("assignment", "fire")]
        assert asked.extent().stations == 3
        found = asked.audit(AuditFilter(incident="SJ-1", author="op1", act="te", since=clock.now()))
        assert len(found) == len(asked.audit(AuditFilter(record="flood"))) + 3
        assert [one.ref for one in asked.audit(AuditFilter(), limit=1)] == [line.ref for line in asked.recent(1)]
        assert asked.before(found[-1]) is not None
        assert len(asked.ends()) == 3

    def test_what_an_office_could_read_of_another_street_s_matters_is_answered(self, centre: Journal) -> None:
        told = [
            edit("flood", title="积水"),
            edit("r1", "report", incident="riot", place="桥头"),
            edit("riot", restricted=True),
            edit("r2", "report", incident="riot", place="桥尾"),
            edit("t1", "task", incident="fire", office="JD03"),
            edit("s1", "step", incident="fire", state="active"),
            edit("s2", "step", incident="flood", state="active"),
        ]
        centre.append([replace(one, scope="990101004") for one in told])
        assert (centre.situation.closed_since("riot", "JD03"), centre.situation.closes_any("JD03")) == (3, True)
        assert centre.situation.closed_since("flood", "JD03") is None and not centre.situation.was_member(
            "riot", "JD03"
        )
        assert {name for _, name, *_ in centre.situation.records_for("JD03")} == {"t1", "s1"}
        screen, bench = (
            Screen(centre.store.connection, centre.situation, centre.public_key, centre.clock),
            StreetBench(),
        )

        def refused(*drafts: Draft) -> list[str]:
            made = [_as_of_the_street(draft, seq) for seq, draft in enumerate(drafts, 1)]
            return [verdict.changes[0].id for verdict in screen.verdicts(made, bench)]

        moves = [edit(name, "report", incident="other") for name in ("r1", "r2")]
        steps = [edit(name, "step", state="done") for name in ("s1", "s2", "s3")]
        assert refused(edit("flood", title="x"), *steps) == ["JD03/a/1", "JD03/a/3"]
        assert refused(*moves) == ["JD03/a/1", "JD03/a/2"]
        bench.street = "990101004"
        assert refused(edit("flood", title="x"), *steps) == []
        assert refused(*moves) == ["JD03/a/1", "JD03/a/2"]
        assert refused(*(edit(name, "report", text="x") for name in ("r1", "r2"))) == ["JD03/a/2"]

    def test_who_may_see_a_restricted_incident_and_which_entries_name_a_file_is_answered(self, centre: Journal) -> None:
        centre.append(
            [
                edit("riot", restricted=True, owner="zhao", title="聚集"),
                edit("r1", "report", incident="riot", place="桥头"),
                edit("m1", "member", incident="riot", account="wang", station="JD03"),
                edit("film", "attachment", incident="riot", digest="ab" * 32),
                edit("film", "attachment", name="桥头"),
            ]
        )
        situation = centre.situation
        assert (
            situation.closed_to("li") == {"riot"}
            and situation.closed_to("wang") == situation.closed_to("zhao") == set()
        )
        assert situation.entries_closed_to("JD07") == {1, 2, 3, 4, 5}
        assert situation.entries_closed_to("JD03") == situation.entries_closed_to("ZX") == set()
        assert (situation.opened_to("JD03"), situation.opened_to("JD07")) == (["riot"], [])
        [named] = situation.naming("ab" * 32)
        assert (named.number, named.station, situation.naming("cd" * 32)) == (4, "ZX", [])
        seen = SeenSituation(situation, "li", centre.clock.now, "ZX")
        assert (seen.find(Report), seen.count(Report), seen.get(Incident, "riot").title) == ([], 0, None)
        assert [one.changes for one in seen.audit(AuditFilter())] == [()] * 5
