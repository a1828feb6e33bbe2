"""The situation of one person: what belongs to a restricted incident is not there for whoever is no member of it."""

from pathlib import Path

import pytest

from tests.journals import opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.happenings import ClosedIncident
from workstation.domain.records import KIND_OF, Access, Incident, Log, Member, Record, Report, Task
from workstation.situation import AccessFilter, AuditFilter, SeenSituation

SECRET = "桥头聚集二百人"
OF_IT: tuple[Record, ...] = (
    Report(id="r1", incident="i1", text=SECRET),
    Task(id="t1", incident="i1", title=SECRET),
    Log(id="l1", incident="i1", text=SECRET),
    Access(id="a1", incident="i1", object="r1", user="zhao", act="unmask", reason=SECRET),
    Member(id="m1", incident="i1", account="zhao", station="ZX"),
)


@pytest.fixture
def journal(tmp_path: Path, clock: ManualClock):
    made = opened(tmp_path, "ZX", clock)
    restricted = Incident(id="i1", number="SJ-1", title=SECRET, state="verified", level="I", restricted=True)
    for one in (restricted, Incident(id="i2", title="积水", state="verified"), Report(id="r2", incident="i2"), *OF_IT):
        made.append([Draft("zhao", "incident.open", changes_of(one), "积水" if one.id in ("i2", "r2") else SECRET)])
    yield made
    made.close()


@pytest.fixture
def stranger(journal, clock) -> SeenSituation:
    return SeenSituation(journal.situation, "wang", clock.now, "ZX")


@pytest.fixture
def member(journal, clock) -> SeenSituation:
    return SeenSituation(journal.situation, "zhao", clock.now, "ZX")


def test_the_incident_is_there_by_its_number_and_nothing_more(stranger: SeenSituation) -> None:
    closed, other = stranger.find(Incident)
    assert isinstance(closed, ClosedIncident) and not isinstance(other, ClosedIncident)
    told = {change.field: change.value for change in changes_of(Incident(**_fields(closed)))}
    assert told == {"number": "SJ-1", "state": "verified", "restricted": True}
    assert stranger.these(Incident, ["i1"]) == {"i1": closed}
    assert stranger.count(Incident, state="verified") == 2


def _fields(incident: Incident) -> dict[str, object]:
    return {name: getattr(incident, name) for name in Incident.__dataclass_fields__}


@pytest.mark.parametrize("record", OF_IT, ids=lambda one: KIND_OF[type(one)])
def test_what_belongs_to_it_is_not_there(stranger: SeenSituation, member: SeenSituation, record: Record) -> None:
    cls = type(record)
    assert stranger.get(cls, record.id) is None and member.get(cls, record.id) is not None
    assert not stranger.these(cls, [record.id]) and record.id in member.these(cls, [record.id])
    assert record.id not in [one.id for one in stranger.find(cls)]
    assert record.id not in stranger.ids(cls) and stranger.count(cls) == len(stranger.ids(cls))
    assert member.count(cls) == len(member.find(cls)) > stranger.count(cls)


def test_a_member_sees_all_of_it(member: SeenSituation, journal) -> None:
    whole = journal.situation
    assert member.closed() == frozenset()
    assert member.find(Incident) == whole.find(Incident) and member.recent() == whole.recent()
    assert member.timeline("i1") == whole.timeline("i1") and member.audit(AuditFilter()) == whole.audit(AuditFilter())


def test_neither_log_nor_timeline_nor_audit_nor_sending_says_what_it_is_about(stranger: SeenSituation) -> None:
    said = [*stranger.recent(), *stranger.timeline("i1"), *stranger.sending("ZX", 99).waiting]
    said += stranger.accesses(AccessFilter(objects=("r1",)), 99)
    assert SECRET not in repr(said)
    entries = stranger.audit(AuditFilter())
    assert SECRET not in repr(entries)
    assert len([one for one in entries if one.author == "zhao" and not one.changes]) == 6
    assert stranger.audit(AuditFilter(text="聚集")) == []


def test_its_disagreements_are_for_its_members(journal, stranger: SeenSituation, member: SeenSituation) -> None:
    for value in ("II", "III"):
        told = [change._replace(base=()) for change in set_fields("incident", "i1", level=value)]
        journal.append([Draft("zhao", "incident.level.set", tuple(told))])
    assert [one.id for one in member.conflicts()] == ["i1"] and member.conflicts_about("i1")
    assert stranger.conflicts() == stranger.conflicts_about("i1") == []


def test_without_restricted_incidents_everybody_sees_the_same(journal, stranger: SeenSituation) -> None:
    journal.append([Draft("zhao", "incident.open", set_fields("incident", "i1", restricted=False))])
    assert stranger.find(Report) == journal.situation.find(Report)
    assert stranger.recent() == journal.situation.recent()
