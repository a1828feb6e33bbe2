"""A bad station that says of another street's records that they are its own street's: the centre's word refuses it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.hub.hostile import CITY, OTHER, OWN, Bad, Town, town
from tests.hubs import digest
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Alarm, Incident, Verdict
from workstation.station import Station
from workstation.station.carrying import take_in
from workstation.sync.parcel import Parcel, pack


@pytest.fixture
def place(tmp_path: Path, clock: ManualClock) -> Iterator[Town]:
    """Water stands high in the other street, and somebody works on what comes of it."""
    with town(tmp_path, clock) as made:
        writes(made, "ZX", "rule:water", "alarm.raise", "alarm", "alarm:water", OTHER, state="raised", level="I")
        writes(made, "ZX", "rule:intake", "incident.open", "incident", "feed:flood", OTHER, title="积水")
        made.turns("ZX", "JD04", "JD03")
        yield made


def writes(place: Town, at: str, author: str, act: str, kind: str, name: str, scope: str, **told: object) -> None:
    place.stations[at].write([Draft(author, act, set_fields(kind, name, **told), scope=scope)]).result()


def alarm(station: Station) -> str | None:
    found = station.ask(lambda journal: journal.situation.get(Alarm, "alarm:water")).result()
    return found.state if found else None


def cleared(bad: Bad, base: tuple[str, ...] = ()) -> list[object]:
    return [bad.entry("rule:x", "alarm.clear", [("alarm", "alarm:water", "state", "cleared", base)])]


def stands(place: Town) -> tuple[str, ...]:
    """What the alarm's state rests on, which a bad station may have heard of some other way."""
    sql = "select s.station, s.incarnation, h.entry, e.seq from history h join entry e on e.number = h.entry"
    sql += " join stream s on s.number = e.stream where h.id = 'alarm:water'"
    rows = place.hub.station.ask(lambda journal: journal.store.connection.execute(sql).fetchall()).result()
    return tuple(f"{row[0]}/{row[1]}/{row[3]}" for row in rows)


@pytest.mark.parametrize("knows", [False, True])
def test_it_clears_no_alarm_of_another_street_whatever_it_heard_of_it(place: Town, knows: bool) -> None:
    bad = Bad(place, "s1")
    assert bad.push(*cleared(bad, stands(place) if knows else ())) == 200
    place.turns("ZX", "JD04", "JD03")
    assert place.verdicts("s1") == place.verdicts("s1", "ZX") == ["authority.unseen"]
    assert {alarm(one) for one in (place.hub.station, place.stations["ZX"], place.stations["JD04"])} == {"raised"}
    assert digest(place.hub.station) == digest(place.stations["ZX"])
    assert [*place.hub.station.ask(lambda journal: [*journal.verify()]).result()] == []


@pytest.mark.parametrize(
    ("author", "act", "change"),
    [
        ("rule:x", "incident.announce", ("incident", "feed:flood", "restricted", True, [])),
        ("rule:x", "report.update", ("report", "hotline:9", "text", "x", [])),
        ("rule:x", "city.load", ("sensor", "gauge", "name_zh", "x", [])),
        ("op", "run.stop", ("run", "PB:feed:flood", "state", "stopped", [])),
        ("op", "step.skip", ("step", "PB:feed:flood:pump", "state", "skipped", [])),
    ],
)
def test_it_touches_nothing_else_there_either(place: Town, author: str, act: str, change) -> None:
    writes(place, "ZX", "rule:intake", "report.receive", "report", "hotline:9", OTHER, text="积水")
    writes(place, "ZX", "rule:city", "city.load", "sensor", "gauge", OTHER, name_zh="水位计")
    writes(place, "ZX", "rule:water", "run.suggest", "run", "PB:feed:flood", OTHER, incident="feed:flood")
    writes(place, "ZX", "rule:water", "step.plan", "step", "PB:feed:flood:pump", OTHER, incident="feed:flood")
    place.turns("ZX")
    bad = Bad(place, "s2")
    bad.push(
        bad.entry(author, act, [change]), bad.entry("op", "log.write", [("log", "log:JD03-s2-2", "text", "x", [])])
    )
    assert place.verdicts("s2") == ["authority.unseen", ""]


def test_an_office_to_which_it_came_first_hears_of_it_and_takes_it_back(place: Town) -> None:
    bad = Bad(place, "s3")
    batch = bad.batch(*cleared(bad))
    place.stations["JD04"].merge(batch).result()
    assert alarm(place.stations["JD04"]) == "cleared"
    place.turns("JD04", "JD04")
    assert alarm(place.stations["JD04"]) == alarm(place.hub.station) == "raised"
    assert place.verdicts("s3", "JD04") == ["authority.unseen"]
    assert [*place.stations["JD04"].ask(lambda journal: [*journal.verify()]).result()] == []


def test_it_is_told_why_its_word_does_not_count(place: Town) -> None:
    writes(place, "JD03", "rule:x", "alarm.clear", "alarm", "alarm:water", OWN, state="cleared")
    assert alarm(place.stations["JD03"]) == "cleared"
    place.turns("JD03", "JD03")
    assert alarm(place.stations["JD03"]) is None
    sending = place.stations["JD03"].ask(lambda journal: journal.situation.sending("JD03", 9)).result()
    assert [one.refused for one in sending.refused] == ["authority.unseen"]


def test_a_verdict_is_said_once_however_often_its_entry_comes(place: Town) -> None:
    bad = Bad(place, "s4")
    body = pack(Parcel((bad.batch(*cleared(bad)),)))
    for _ in range(3):
        place.hub.push("JD04", body)
    told = place.hub.station.ask(lambda journal: journal.situation.find(Verdict)).result()
    assert [(one.id, one.reason) for one in told] == [("JD03/s4/1", "authority.unseen")]


def test_nobody_but_the_root_says_which_entries_count(place: Town) -> None:
    ours = stands(place)[0]
    bad = Bad(place, "s5")
    bad.push(bad.entry("rule:x", "entry.refuse", [("verdict", ours, "reason", "authority.unseen", [])]))
    place.turns("ZX")
    assert alarm(place.hub.station) == alarm(place.stations["ZX"]) == "raised"


def test_what_lies_in_its_own_street_counts_and_to_have_said_a_name_first_gains_nothing(place: Town) -> None:
    bad = Bad(place, "s6")
    bad.push(bad.entry("rule:x", "alarm.raise", [("alarm", "alarm:own", "state", "raised", [])]))
    writes(place, "ZX", "rule:water", "alarm.raise", "alarm", "alarm:own", OTHER, level="II")
    writes(place, "ZX", "rule:water", "alarm.raise", "alarm", "alarm:here", OWN, level="II")
    writes(place, "ZX", "rule:water", "alarm.raise", "alarm", "alarm:city", CITY, level="II")
    place.turns("ZX")
    for name in ("alarm:own", "alarm:here", "alarm:city"):
        bad.push(bad.entry("rule:x", "alarm.clear", [("alarm", name, "state", "cleared", [])]))
    assert place.verdicts("s6") == ["", "authority.unseen", "", ""]


def test_an_office_that_was_given_a_task_there_works_on_all_that_belongs_to_it(place: Town) -> None:
    writes(place, "ZX", "op", "task.send", "task", "task:boat", OTHER, incident="feed:flood", office="JD03")
    writes(place, "ZX", "rule:water", "step.plan", "step", "PB:feed:flood:pump", OTHER, incident="feed:flood")
    place.turns("ZX", "JD03")
    writes(place, "JD03", "st", "task.done", "task", "task:boat", OWN, state="done")
    writes(place, "JD03", "st", "step.done", "step", "PB:feed:flood:pump", OWN, state="done")
    place.turns("JD03", "ZX")
    assert place.hub.station.ask(lambda journal: journal.situation.count(Verdict)).result() == 0
    assert digest(place.hub.station) == digest(place.stations["ZX"])


@pytest.mark.parametrize("name", ["task:JD03-s7-1", "task:drain"])
def test_a_task_that_it_gives_itself_lends_it_neither_sight_nor_say(place: Town, name: str) -> None:
    """Be it a task of its own naming, or one in its street that it turns to another matter."""
    writes(place, "ZX", "op", "task.send", "task", "task:drain", OWN, office="JD03", title="清淤")
    place.turns("ZX")
    bad = Bad(place, "s7")
    told = [("task", name, field, value, []) for field, value in (("office", "JD03"), ("incident", "feed:flood"))]
    bad.push(bad.entry("op", "task.send", told))
    bad.push(
        *cleared(bad), bad.entry("rule:x", "incident.announce", [("incident", "feed:flood", "restricted", True, [])])
    )
    assert place.verdicts("s7") == ["authority.unseen"] * 3
    place.turns("JD03", "JD03")
    known = place.stations["JD03"].ask(lambda journal: journal.situation.get(Incident, "feed:flood")).result()
    assert known is None or known.title is None


@pytest.mark.parametrize(("first", "verdict"), [("restricted", "authority.unseen"), ("report", "")])
def test_it_draws_nothing_out_of_a_restricted_incident_and_changes_there_only_what_was_open_to_it(
    place: Town, first: str, verdict: str
) -> None:
    """What was told in its street before it was restricted, it may have worked on while it was away."""
    told = {
        "report": ("report.merge", "report", "hotline:1", {"text": "x", "incident": "feed:riot"}),
        "restricted": ("incident.announce", "incident", "feed:riot", {"restricted": True}),
    }
    writes(place, "ZX", "rule:intake", "incident.open", "incident", "feed:riot", OWN, title="聚集")
    for one in (first, *(told.keys() - {first})):
        act, kind, name, fields = told[one]
        writes(place, "ZX", "rule:intake", act, kind, name, OWN, **fields)
    place.turns("ZX")
    bad = Bad(place, "s8")
    bad.push(
        bad.entry("rule:x", "report.update", [("report", "hotline:1", "place", "x", [])]),
        bad.entry("rule:x", "report.merge", [("report", "hotline:1", "incident", "feed:other", [])]),
    )
    assert place.verdicts("s8") == [verdict, "authority.unseen"]


def test_a_station_that_heard_of_authority_writes_nothing_more_as_if_it_had_not(
    tmp_path: Path, clock: ManualClock
) -> None:
    """Not even one that was let in before there was any."""
    with town(tmp_path, clock, enrolled_first=True) as place:
        early = Bad(place, "s9", clock=place.begun)
        early.seen = place.begun
        told = early.batch(early.entry("anybody", "log.write", [("log", "log:JD03-s9-1", "text", "early", [])]))
        place.hub.push("JD04", pack(Parcel((told,))))
        place.turns("JD03")
        writes(place, "JD03", "rule:x", "alarm.raise", "alarm", "alarm:late", OWN, state="raised")
        place.turns("JD03")
        place.clock.advance(timedelta(days=15).total_seconds())
        late = Bad(place, "s10", clock=place.begun)
        late.seen = place.begun
        level = [("incident", "feed:flood", "level", "I", [])]
        late.push(late.entry("sup", "incident.level.set", level))
        assert (place.verdicts("s9"), place.verdicts("s10")) == ([""], ["authority.unheard"])


def test_a_street_that_was_taken_from_it_is_not_its_own_for_what_it_says_it_heard(place: Town) -> None:
    bad = Bad(place, "s11")
    place.hub.station.write([Draft("sec", "station.enrol", set_fields("station", "JD03", region=OTHER))]).result()
    place.clock.advance(60)
    place.turns("JD03")
    writes(place, "JD03", "rule:x", "alarm.raise", "alarm", "alarm:new", OTHER, state="raised")
    place.turns("JD03")
    writes(place, "ZX", "rule:water", "alarm.raise", "alarm", "alarm:old", OWN, state="raised")
    old = [bad.entry("rule:x", "alarm.clear", [("alarm", "alarm:old", "state", "cleared", [])])]
    assert bad.push(*old) == 200 and place.verdicts("s11") == [""]
    place.clock.advance(timedelta(days=15).total_seconds())
    late = Bad(place, "s12")
    late.seen = bad.seen
    late.push(late.entry("rule:x", "alarm.clear", [("alarm", "alarm:old", "state", "cleared", [])]))
    assert place.verdicts("s12") == ["authority.unheard"]


def test_a_name_that_it_said_before_keeps_no_call_from_coming_in(place: Town) -> None:
    """Both words stand, and whoever decides sees both."""
    bad = Bad(place, "s13")
    told = [
        ("incident", "incident:calls:2", "title", "squat", []),
        ("incident", "incident:calls:2", "summary", "x", []),
    ]
    bad.push(bad.entry("rule:x", "incident.open", told))
    place.turns("ZX")
    drafts = [
        Draft(
            "rule:intake", "incident.open", set_fields("incident", f"incident:calls:{n}", title=f"积水{n}"), scope=OTHER
        )
        for n in (2, 7)
    ]
    station = place.stations["ZX"]
    assert station.ask(lambda journal: take_in(drafts, journal.append)).result() == 2
    place.turns("ZX")
    titles = {one.id: one.title for one in place.hub.station.ask(lambda j: j.situation.find(Incident)).result()}
    assert titles["incident:calls:7"] == "积水7"
    [conflict] = place.hub.station.ask(lambda journal: journal.situation.conflicts()).result()
    assert {claim.value for claim in conflict.heads} == {"squat", "积水2"}
