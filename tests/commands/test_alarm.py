"""What a person does with an alarm."""

from pathlib import Path

import pytest

from tests.journals import opened
from workstation.commands.alarm import acknowledge_alarm
from workstation.commands.seat import Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import Refused
from workstation.domain.records import Alarm
from workstation.words import t


@pytest.fixture
def journal(tmp_path: Path, clock: ManualClock):
    journal = opened(tmp_path, "ZX", clock)
    journal.append([Draft("rule", "alarm.raise", set_fields("alarm", "alarm:RM-07:1", state="raised", level="I"))])
    yield journal
    journal.close()


def seat(journal, clock: ManualClock, author: str = "王芳") -> Seat:
    return Seat(author, "operator", "ZX", "", clock.now(), journal.situation, journal.new_id)


def test_an_acknowledgement_names_who_saw_it_and_when(journal, clock: ManualClock) -> None:
    (entry,) = journal.append([acknowledge_alarm("alarm:RM-07:1", " 已看视频 ")(seat(journal, clock))])
    alarm = journal.situation.get(Alarm, "alarm:RM-07:1")
    assert (alarm.state, alarm.acknowledged_by, alarm.acknowledged_at) == ("acknowledged", "王芳", clock.now())
    assert entry.reason == "已看视频"


def test_a_second_acknowledgement_is_refused_and_says_who_was_first(journal, clock: ManualClock) -> None:
    journal.append([acknowledge_alarm("alarm:RM-07:1")(seat(journal, clock))])
    with pytest.raises(Refused) as caught:
        acknowledge_alarm("alarm:RM-07:1")(seat(journal, clock, "李强"))
    assert "王芳" in t(f"refused.{caught.value.rule}", **caught.value.details)


@pytest.mark.parametrize(("alarm_id", "state"), [("alarm:nowhere:1", None), ("alarm:RM-07:1", "cleared")])
def test_what_is_gone_cannot_be_acknowledged(journal, clock: ManualClock, alarm_id: str, state: str | None) -> None:
    if state:
        journal.append([Draft("rule", "alarm.clear", set_fields("alarm", alarm_id, state=state))])
    with pytest.raises(Refused) as caught:
        acknowledge_alarm(alarm_id)(seat(journal, clock))
    assert t(f"refused.{caught.value.rule}", **caught.value.details)
