"""Seeing a personal value: allowed by the matrix, with a reason, on record before it is opened."""

from pathlib import Path

import pytest

from tests.commands.centre import CITY, REPORT, SIGHT, STREET, Centre
from tests.houses import House
from workstation.commands import approval as approvals
from workstation.commands.access import CLASS_OF, Sight, copied, unmask
from workstation.commands.erasure import erase
from workstation.commands.seat import Command, Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, column_types
from workstation.domain.errors import Refused
from workstation.domain.records import Access, Approval, Incident, Report
from workstation.journal import Journal
from workstation.situation import AccessFilter
from workstation.words import t


def test_a_supervisor_sees_with_a_reason_and_the_access_says_who_what_when_why_where(centre: Centre) -> None:
    assert centre.refusal("zhao", "SUP", unmask(Sight(report="r1", field="plate", reason="x", purpose="rescue")))
    assert centre.refusal("zhao", "SUP", unmask(Sight(**_told(reason=" ")))) == "access.reason"
    assert centre.seen() == []
    draft = centre.does("zhao", "SUP", unmask(SIGHT))
    [row] = centre.seen()
    assert (row.user, row.act, row.object, row.field) == ("zhao", "unmask", "r1", "reporter_phone")
    assert (row.at, row.station, row.purpose, row.incident) == (centre.clock.now(), "ZX", "rescue", "i1")
    assert row.reason == draft.reason == SIGHT.reason and draft.scope == STREET


def _told(**fields: str) -> dict[str, str]:
    return {name: getattr(SIGHT, name) for name in ("report", "field", "reason", "purpose")} | fields


def test_only_what_is_sealed_in_a_report_can_be_seen_so(centre: Centre) -> None:
    for wanted in (_told(field="text"), _told(field="id"), _told(report="r9"), _told(field="text_full")):
        assert centre.refusal("zhao", "SUP", unmask(Sight(**wanted))) == "access.nothing"


def test_what_a_caller_says_is_sealed_and_has_a_class_and_a_word() -> None:
    sealed = {name for name, shape in column_types("report").items() if shape == "sealed"}
    assert sealed == set(CLASS_OF)
    assert all(t(f"desk.field.{name}") for name in CLASS_OF)


def test_an_operator_needs_another_person_and_that_approval_is_good_once(centre: Centre) -> None:
    assert centre.refusal("wang", "OP", unmask(SIGHT)) == "access.approval"
    centre.does("wang", "OP", approvals.ask(SIGHT.wish))
    [asked] = centre.journal.situation.find(Approval)
    assert centre.refusal("wang", "OP", unmask(SIGHT)) == "access.approval"
    centre.does("zhao", "SUP", approvals.answer(asked.id, True))
    other = Sight(**_told(field="reporter_name"))
    assert centre.refusal("wang", "OP", unmask(other)) == "access.approval"
    draft = centre.does("wang", "OP", unmask(SIGHT))
    assert draft.cause == asked.id
    [used] = centre.journal.situation.find(Approval)
    assert (used.state, used.used_at) == ("used", centre.clock.now())
    assert centre.refusal("wang", "OP", unmask(SIGHT)) == "access.approval"


def test_an_approval_runs_out_after_thirty_minutes(centre: Centre) -> None:
    centre.does("wang", "OP", approvals.ask(SIGHT.wish))
    [asked] = centre.journal.situation.find(Approval)
    centre.does("zhao", "SUP", approvals.answer(asked.id, True))
    centre.clock.advance(30 * 60)
    assert centre.refusal("wang", "OP", unmask(SIGHT)) == "access.approval"


def test_in_an_emergency_it_is_seen_at_once_and_reviewed_afterwards(centre: Centre) -> None:
    centre.does("wang", "OP", approvals.use_at_once(SIGHT.wish))
    centre.does("wang", "OP", unmask(SIGHT))
    [approval] = centre.journal.situation.find(Approval)
    assert approval.state == "used" and approval.review_until is not None


def test_with_accounts_only_what_was_granted_counts_whatever_role_is_claimed(centre: Centre) -> None:
    centre.grant("zhao", "SUP")
    assert centre.refusal("wang", "SUP", unmask(SIGHT)) == "authority.none"
    centre.does("zhao", "OP", unmask(SIGHT))
    centre.grant("liu", "SUP", purposes=["duty"])
    assert centre.refusal("liu", "SUP", unmask(SIGHT)) == "authority.purpose"
    centre.grant("chen", "SUP", region="990102")
    assert centre.refusal("chen", "SUP", unmask(SIGHT)) == "authority.region"
    centre.grant("he", "SUP", level=2)
    assert centre.refusal("he", "SUP", unmask(SIGHT)) == "authority.level"


@pytest.mark.parametrize(
    ("author", "role", "rule"),
    [("sec", "SEC", "authority.role"), ("guo", "GRID", "authority.role"), ("x", "nobody", "authority.role")],
)
def test_who_has_no_part_in_an_incident_sees_nothing_of_it(centre: Centre, author: str, role: str, rule: str) -> None:
    assert centre.refusal(author, role, unmask(SIGHT)) == rule


def test_a_street_sees_its_own_callers_and_nobody_else_s(centre: Centre) -> None:
    centre.scope = "990101004"
    assert centre.refusal("li", "street", unmask(SIGHT)).startswith("authority.")
    centre.scope = STREET
    centre.does("li", "street", unmask(SIGHT))
    assert [one.user for one in centre.seen()] == ["li"]


def test_of_a_restricted_incident_its_owner_alone_sees_the_person(centre: Centre) -> None:
    centre.write(Incident(id="i1", restricted=True))
    assert centre.refusal("liu", "SUP", unmask(SIGHT)) == "authority.membership"
    centre.does("zhao", "SUP", unmask(SIGHT))


def test_who_was_erased_is_not_seen_any_more(centre: Centre) -> None:
    centre.does("zhao", "SUP", erase("r1", "当事人要求"))
    assert centre.refusal("zhao", "SUP", unmask(SIGHT)) == "access.erased"


def test_a_copy_is_an_access_of_its_own(centre: Centre) -> None:
    centre.does("zhao", "SUP", copied(SIGHT))
    assert [(one.act, one.field) for one in centre.seen()] == [("copy", "reporter_phone")]


@pytest.fixture
def governed(tmp_path: Path, clock: ManualClock):
    """A house in which li is a supervisor, wang an operator and zhao an officer of the street; all know of a caller."""
    house = House(tmp_path, clock)
    house.employ()
    clock.advance(1)
    taken = [*changes_of(Incident(id="i1", street=STREET)), *changes_of(Report(**REPORT))]
    house.centre.append([Draft("wang", "incident.open", tuple(taken), scope=STREET)])
    house.tell(house.centre, house.street)
    yield house
    house.close()


def does(journal: Journal, author: str, scope: str, command: Command) -> None:
    station = journal.identity.station
    seat = Seat(author, "", station, scope, journal.clock.now(), journal.situation, journal.new_id)
    journal.append([command(seat)])


def test_a_street_s_sight_counts_at_the_centre_where_who_saw_it_is_asked(governed: House) -> None:
    does(governed.street, "zhao", STREET, unmask(SIGHT))
    assert governed.tell(governed.street, governed.centre).refused == ()
    [row] = governed.centre.situation.accesses(AccessFilter(objects=("r1",)), 9)
    assert (row.user, row.station, row.reason) == ("zhao", "JD03", SIGHT.reason)


def test_under_grants_an_operator_s_approved_sight_is_kept_by_every_journal(governed: House) -> None:
    with pytest.raises(Refused, match=r"access\.approval"):
        does(governed.centre, "wang", CITY, unmask(SIGHT))
    does(governed.centre, "wang", CITY, approvals.ask(SIGHT.wish))
    [asked] = governed.centre.situation.find(Approval)
    does_as_supervisor = Seat("li", "SUP", "ZX", CITY, governed.clock.now(), governed.centre.situation, str)
    governed.centre.append([approvals.answer(asked.id, True)(does_as_supervisor)])
    does(governed.centre, "wang", CITY, unmask(SIGHT))
    assert governed.tell(governed.centre, governed.street).refused == ()
    [row] = governed.street.situation.accesses(AccessFilter(user="wang"), 9)
    assert (row.act, row.station) == ("unmask", "ZX")


def test_a_sight_that_was_had_unlawfully_is_on_record_all_the_same(governed: House) -> None:
    row = Access(id=f"access:{governed.centre.new_id()}", user="wang", act="unmask", object="r1", station="ZX")
    governed.centre.append([Draft("wang", "access.unmask", changes_of(row), scope=STREET)])
    assert governed.tell(governed.centre, governed.street).refused == ()
    assert governed.street.situation.accesses(AccessFilter(objects=("r1",)), 9)[0].user == "wang"
