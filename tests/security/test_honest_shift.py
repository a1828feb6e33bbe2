"""A shift in a house where authority was founded: what people and rules do honestly is refused nowhere."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.houses import House
from tests.intake.city import UNDERPASS, reception
from tests.journals import exchange
from workstation.commands import approval as approvals
from workstation.commands.attachment import remove
from workstation.commands.conflict import decide
from workstation.commands.document import record_export
from workstation.commands.erasure import erase
from workstation.commands.glass import break_glass, end_glass
from workstation.commands.incident import (
    add_report,
    change_level,
    close,
    count_casualties,
    open_incident,
    set_state,
    verify,
)
from workstation.commands.log import write_log
from workstation.commands.report import merge_reports, unmerge
from workstation.commands.seat import Command, Seat
from workstation.commands.task import acknowledge_task, complete_task, move_task, phone_receipt, return_task, send_task
from workstation.domain.call import CallNotes
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.records import Approval, Attachment, Incident, Report, Task
from workstation.feeds.parsed import Parsed
from workstation.intake.intake import Intake
from workstation.journal import Journal, NotAllowed
from workstation.reactions.deliveries import Deliveries
from workstation.situation import AuditFilter

CITY, STREET = "990100", "990101001"
CALL = CallNotes(at=datetime(2026, 11, 24, 11, 40, tzinfo=UTC), place="人民路下穿", type="N02", text="积水半米")


class Shift:
    """Li is a supervisor and wang an operator at the centre, zhao an officer at the street."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.house, self.clock, self.desk = House(folder, clock, STREET), clock, reception(folder)
        self.house.employ()

    def does(self, author: str, command: Command) -> str:
        """Carry a command out, tell everybody, and say what its entry was."""
        journal, role, scope = {
            "li": (self.house.centre, "SUP", CITY),
            "wang": (self.house.centre, "OP", CITY),
            "zhao": (self.house.street, "ST", STREET),
        }[author]
        station = journal.identity.station
        seat = Seat(author, role, station, scope, self.clock.now(), journal.situation, journal.new_id)
        [entry] = journal.append([command(seat)])
        self.share()
        return entry.act

    def share(self) -> None:
        self.clock.advance(1)
        exchange(self.house.centre, self.house.street)

    def refusals(self) -> list[tuple[str, str]]:
        return [
            (one.act, one.refused) for one in self.house.street.situation.audit(AuditFilter(), limit=999) if one.refused
        ]

    @property
    def incidents(self) -> list[Incident]:
        return self.house.centre.situation.find(Incident, order="number")


@pytest.fixture
def shift(tmp_path: Path, clock: ManualClock):
    made = Shift(tmp_path, clock)
    yield made
    assert made.refusals() == []
    assert made.house.street.digest() == made.house.centre.digest()
    assert [list(one.verify()) for one in (made.house.centre, made.house.street)] == [[], []]
    made.house.close()


def test_an_incident_is_led_from_the_call_to_its_closure(shift: Shift) -> None:
    told = CallNotes(at=CALL.at, place=CALL.place, type="N02", text=CALL.text, level="III", trapped=2)
    shift.does("wang", open_incident(told, shift.desk))
    [flood] = shift.incidents
    assert (flood.level, flood.trapped, flood.owner) == ("III", 2, "wang")
    told = CallNotes(at=CALL.at, place=CALL.place, type="N02", text="有人受伤", injured=1, level="II")
    shift.does("wang", add_report(told, flood.id, shift.desk))
    assert (shift.incidents[0].injured, shift.incidents[0].level) == (1, "III")
    acts = [
        shift.does("wang", verify(flood.id, "电话核实")),
        shift.does("li", change_level(flood.id, "II", "会商决定")),
        shift.does("wang", set_state(flood.id, "responding", "启动响应")),
        shift.does("wang", count_casualties(flood.id, "现场清点", deaths=0, missing=0, injured=1)),
        shift.does("wang", set_state(flood.id, "controlled", "水位下降")),
        shift.does("wang", set_state(flood.id, "ended", "通行恢复")),
        shift.does("li", close(flood.id, "已处置")),
        shift.does("li", set_state(flood.id, "responding", "再次积水")),
    ]
    assert acts[-2:] == ["incident.state.closed", "incident.state.responding"]


def test_a_task_goes_to_the_street_and_its_answer_comes_back(shift: Shift) -> None:
    shift.does("wang", open_incident(CALL, shift.desk))
    for title in ("抽水", "封路"):
        shift.does("wang", send_task(shift.incidents[0].id, "JD03", title, 30))
    street = shift.house.street
    street.append([_placed(one) for one in Deliveries("JD03").tick(street.situation, shift.clock.now())])
    shift.share()
    first, second = (one.id for one in street.situation.find(Task, order="sent_at"))
    shift.does("wang", phone_receipt(first, "赵主任"))
    acts = [shift.does("zhao", one) for one in (acknowledge_task(first), move_task(first, "under_way"))]
    acts += [shift.does("zhao", one) for one in (move_task(first, "on_scene"), complete_task(first, "水已抽干"))]
    acts += [shift.does("zhao", return_task(second, "不在辖区"))]
    assert acts == ["task.acknowledge", "task.under_way", "task.on_scene", "task.done", "task.return"]
    assert [one.state for one in shift.house.centre.situation.find(Task, order="sent_at")] == ["done", "returned"]


def _placed(draft: Draft) -> Draft:
    return Draft(draft.author, draft.act, draft.changes, cause=draft.cause, scope=STREET)


def test_calls_that_a_feed_brings_are_received_joined_and_taken_apart(shift: Shift) -> None:
    intake, (lat, lon) = Intake(shift.desk, "ZX"), UNDERPASS
    centre = shift.house.centre
    for number, text in ((1, "下穿积水"), (2, "下穿积水"), (1, "下穿积水更深")):
        report = Report(id=f"calls:{number}", channel="call", type="N02", text=text, lat=lat, lon=lon, located="source")
        drafts = intake.take(Parsed(records=(report,)), centre.situation, shift.clock.now())
        centre.append([Draft(one.author, one.act, one.changes, one.reason, scope=one.scope or CITY) for one in drafts])
        shift.share()
    shift.does("li", unmerge("calls:2", "两处不同", shift.desk))
    first, second = shift.incidents
    shift.does("li", merge_reports(second.id, first.id, "同一处积水"))
    shift.does("li", unmerge("calls:2", "还是两处", shift.desk))
    assert [one.state for one in shift.incidents] == ["reported", "reported"]
    assert {one.incident for one in centre.situation.find(Report)} == {first.id, second.id}


def test_what_was_said_apart_is_decided_by_whoever_might_have_set_it(shift: Shift) -> None:
    shift.does("wang", open_incident(CALL, shift.desk))
    [flood] = shift.incidents
    for journal, author, counted in ((shift.house.centre, "wang", 1), (shift.house.street, "zhao", 3)):
        alone(shift, journal, author, count_casualties(flood.id, injured=counted))
    shift.share()
    assert shift.does("wang", decide("incident", flood.id, "injured", 3, "清点核对")) == "conflict.decide"
    for author, level in (("li", "III"), ("li", "II")):
        journal = shift.house.centre if level == "III" else shift.house.street
        alone(shift, journal, author, change_level(flood.id, level, "研判"))
    shift.share()
    with pytest.raises(NotAllowed, match=r"authority\.approval"):
        shift.does("wang", decide("incident", flood.id, "level", "III", "研判"))
    assert shift.does("li", decide("incident", flood.id, "level", "II", "研判")) == "conflict.decide"
    assert shift.incidents[0].level == "II"


def alone(shift: Shift, journal: Journal, author: str, command: Command) -> None:
    """A command carried out at a station that hears nothing of the others."""
    station = journal.identity.station
    seat = Seat(author, "SUP", station, STREET, shift.clock.now(), journal.situation, journal.new_id)
    journal.append([command(seat)])


def test_the_log_a_file_an_export_an_approval_and_an_erasure_are_kept(shift: Shift) -> None:
    shift.does("wang", write_log("接班"))
    shift.does("wang", record_export("日报.pdf", "ab" * 32))
    centre = shift.house.centre
    photo = Attachment(id=f"attachment:{centre.new_id()}", name="现场.jpg", added_by="wang")
    centre.append([Draft("wang", "attachment.add", changes_of(photo), scope=CITY)])
    shift.does("wang", remove(photo.id, "重复"))
    wish = approvals.Wish(act="unmask", object="r1 plate", purpose="rescue", reason="核实")
    shift.does("wang", approvals.ask(wish))
    shift.does("wang", approvals.use_at_once(wish))
    asked, used = centre.situation.find(Approval, order="asked_at")
    shift.does("li", approvals.answer(asked.id, True))
    shift.does("wang", approvals.use(asked.id, "unmask"))
    shift.does("li", approvals.review(used.id, "当时必要"))
    shift.does("wang", break_glass("rescue", "有人落水，来不及请示"))
    shift.does("wang", end_glass())
    assert shift.does("li", erase("r1", "本人申请")) == "erasure.order"
