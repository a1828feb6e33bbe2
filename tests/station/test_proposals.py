"""What a role may not do alone it proposes; whoever may does it by approving, and that counts at every station."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.commands.centre import CITY, STREET
from tests.houses import House, hacked
from tests.intake.city import reception
from workstation.commands.approval import Proposable, Wish, answer, ask
from workstation.commands.incident import change_level, close
from workstation.commands.proposal import approve, propose, wish_for
from workstation.commands.report import merge_reports, unmerge, unmerge_incident
from workstation.commands.seat import Command, Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.entry import Entry
from workstation.domain.errors import Refused
from workstation.domain.records import Approval, Incident, Report, Task
from workstation.journal import NotAllowed
from workstation.station.carrying import carry_out

LEVEL = change_level("flood", "I", "水位每分钟上涨五厘米")


class Shift:
    """Wang is the operator, li and liu are supervisors, at the centre of a house with accounts."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.house, self.clock, self.reception = House(folder, clock), clock, reception(folder)
        self.house.employ()
        clock.advance(1)
        self.journal = self.house.centre
        for incident in (Incident(id="flood", state="reported"), Incident(id="pond", state="reported")):
            self.write("incident.open", incident, Report(id=f"r-{incident.id}", incident=incident.id, merge="founding"))

    def write(self, act: str, *records, author: str = "wang") -> None:
        changes = tuple(change for record in records for change in changes_of(record))
        self.journal.append([Draft(author, act, changes, scope=STREET)])

    def does(self, command: Command, author: str = "wang", role: str = "OP") -> Entry | None:
        where = (self.journal.identity.station, CITY, self.clock.now(), self.journal.situation, self.journal.new_id)
        return carry_out(command, Seat(author, role, *where), self.journal.append)

    def refusal(self, command: Command, author: str = "wang", role: str = "OP") -> str:
        with pytest.raises(Refused) as refused:
            self.does(command, author, role)
        return refused.value.rule

    def proposes(self, command: Proposable) -> str:
        """The operator tries, may not, and proposes; the proposal."""
        with pytest.raises(NotAllowed) as refused:
            self.does(command)
        self.does(propose(wish_for(command, refused.value)))
        [asked] = self.journal.situation.find(Approval, state="asked")
        return asked.id

    def approves(self, proposal: str, words: str = "") -> Entry:
        return self.does(approve(proposal, words, self.reception), "li", "SUP")

    def known(self, incident: str = "flood") -> Incident:
        return self.journal.situation.get(Incident, incident)


@pytest.fixture
def shift(tmp_path: Path, clock: ManualClock):
    made = Shift(tmp_path, clock)
    with closing(made.house):
        yield made


def test_a_supervisor_who_approves_does_it_and_answers_in_one_entry_that_counts_everywhere(shift: Shift) -> None:
    proposal = shift.proposes(LEVEL)
    assert shift.known().level is None
    done = shift.approves(proposal, "同意,通知水务")
    assert (done.author, done.act, done.cause) == ("li", "incident.level.set", proposal)
    assert done.reason == "wang 提请:水位每分钟上涨五厘米 · 批准:同意,通知水务"
    assert shift.house.tell(shift.journal, shift.house.street).refused == ()
    for journal in (shift.journal, shift.house.street):
        told = journal.situation.get(Approval, proposal)
        assert journal.situation.get(Incident, "flood").level == "I"
        assert (told.state, told.answered_by, told.asked_by) == ("used", "li", "wang")
    assert shift.house.street.digest() == shift.journal.digest()


def test_guards_are_asked_when_it_is_approved_and_a_refusal_leaves_the_proposal_open(shift: Shift) -> None:
    ended = Incident(id="flood", state="ended", ended_at=shift.clock.now())
    unhurt = Incident(id="flood", deaths=0, missing=0, injured=0)
    shift.write("incident.state.ended", ended)
    shift.write("incident.casualties.set", unhurt)
    proposal = shift.proposes(close("flood", "处置完毕"))
    shift.write("task.send", Task(id="t1", incident="flood", state="sent"))
    by_approval = approve(proposal, "", shift.reception)
    assert shift.refusal(by_approval, "li", "SUP") == "incident.tasks_open"
    assert shift.journal.situation.get(Approval, proposal).state == "asked"
    shift.write("task.done", Task(id="t1", state="done"), author="zhao")
    assert shift.approves(proposal).act == "incident.state.closed" and shift.known().state == "closed"


def test_it_is_answered_once_by_another_who_may_within_thirty_minutes_and_not_asked_twice(shift: Shift) -> None:
    proposal = shift.proposes(LEVEL)
    by_approval = approve(proposal, "", shift.reception)
    assert shift.refusal(propose(LEVEL.wish)) == "proposal.waits"
    assert shift.refusal(by_approval, "wang", "SUP") == "approval.oneself"
    assert shift.refusal(by_approval, "zhao", "ST") == "approval.role"
    shift.approves(proposal)
    assert shift.refusal(by_approval, "li", "SUP") == "approval.answered"
    lower = change_level("flood", "III", "水位回落")
    assert wish_for(lower, Refused("incident.lowering")) == lower.wish
    shift.does(propose(lower.wish))
    [late] = shift.journal.situation.find(Approval, state="asked")
    shift.clock.advance(timedelta(minutes=30).total_seconds())
    assert shift.refusal(approve(late.id, "", shift.reception), "li", "SUP") == "approval.expired"
    shift.does(propose(lower.wish))


def test_what_is_refused_for_another_reason_or_is_no_act_of_these_is_not_proposed(shift: Shift) -> None:
    assert wish_for(LEVEL, Refused("incident.reason")) is None
    assert wish_for(lambda seat: Draft("wang", "log.write", ()), Refused("authority.approval")) is None


def test_two_incidents_are_merged_and_taken_apart_by_approval(shift: Shift) -> None:
    shift.approves(shift.proposes(merge_reports("pond", "flood", "同一处积水")))
    assert (shift.known("pond").state, shift.known("pond").merged_into) == ("merged", "flood")
    proposal = shift.proposes(unmerge("r-pond", "两处积水", shift.reception))
    assert shift.journal.situation.get(Approval, proposal).incident == "flood"
    apart = shift.approves(proposal)
    assert (apart.act, apart.reason) == ("report.unmerge", "wang 提请:两处积水")
    assert (shift.known("pond").state, shift.known("pond").merged_into) == ("reported", None)
    shift.approves(shift.proposes(merge_reports("pond", "flood", "同一处积水")))
    assert shift.approves(shift.proposes(unmerge_incident("pond", "两处"))).reason == "wang 提请:两处"
    assert shift.known("pond").state == "reported"
    assert shift.house.tell(shift.journal, shift.house.street).refused == ()


@pytest.mark.parametrize("answered", [True, False])
def test_no_proposal_lets_an_operator_do_it_himself(shift: Shift, answered: bool) -> None:
    proposal = shift.proposes(LEVEL)
    if answered:
        shift.does(answer(proposal, True), "li", "SUP")
    forged = (*set_fields("incident", "flood", level="I"), *set_fields("approval", proposal, state="used"))
    hacked(shift.journal).append([Draft("wang", "incident.level.set", forged, scope=STREET, cause=proposal)])
    [(_, reason)] = shift.house.tell(shift.journal, shift.house.street).refused
    assert reason == "authority.approval"
    assert shift.house.street.situation.get(Incident, "flood").level is None


def test_an_answer_goes_with_an_act_by_who_may_answer_alone(shift: Shift) -> None:
    proposal = shift.proposes(LEVEL)
    told = (*set_fields("incident", "flood", state="verified"), *set_fields("approval", proposal, state="approved"))
    with pytest.raises(NotAllowed, match="beyond"):
        shift.journal.append([Draft("wang", "incident.state.verified", told, scope=STREET)])


@pytest.mark.parametrize(
    ("act", "what", "incident"),
    [
        ("incident.state.handed_over", "flood false_report", "flood"),
        ("incident.state.false_report", "flood false_report", "pond"),
        ("incident.level.set", "flood I", "pond"),
        ("incident.merge", "pond flood", "flood"),
        ("report.unmerge", "r-pond", "pond"),
        ("report.unmerge", "pond", "flood"),
    ],
)
def test_a_forged_proposal_that_reads_as_one_thing_and_asks_for_another_is_not_done(
    shift: Shift, act: str, what: str, incident: str
) -> None:
    if act == "report.unmerge":
        shift.approves(shift.proposes(merge_reports("pond", "flood", "同一处积水")))
    before = shift.known("flood"), shift.known("pond")
    shift.does(ask(Wish(act=act, object=what, purpose="duty", reason="移交水务", incident=incident)))
    [forged] = shift.journal.situation.find(Approval, state="asked")
    assert shift.refusal(approve(forged.id, "", shift.reception), "li", "SUP") == "proposal.other"
    assert (shift.known("flood"), shift.known("pond")) == before
