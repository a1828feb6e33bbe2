"""Warnings from outside: replaced, withdrawn, in whatever order they come."""

from dataclasses import replace
from datetime import timedelta

from tests.intake.calling import bring
from workstation.domain.clock import ManualClock
from workstation.domain.records import Alert
from workstation.intake.intake import Intake
from workstation.journal import Journal


def test_an_update_replaces_an_alert_and_a_cancel_withdraws_it(
    intake: Intake, journal: Journal, clock: ManualClock
) -> None:
    first = Alert(
        id="cap:a,1,x", sender="a", identifier="1", sent=clock.now(), status="Actual", message_type="Alert",
        raw_digest="1",
    )  # fmt: skip
    later = replace(
        first,
        id="cap:a,2,x",
        identifier="2",
        sent=clock.now() + timedelta(minutes=5),
        message_type="Update",
        references=[{"sender": "a", "identifier": "1", "id": first.id}],
        raw_digest="2",
    )
    bring(intake, journal, clock, first)
    bring(intake, journal, clock, later)
    shown = {alert.id: (alert.state, alert.replaced_by) for alert in journal.situation.find(Alert)}
    assert shown == {first.id: ("superseded", later.id), later.id: ("active", None)}
    assert bring(intake, journal, clock, first, later) == []


def test_a_cancel_that_overtook_its_alert_still_withdraws_it(
    intake: Intake, journal: Journal, clock: ManualClock
) -> None:
    first = Alert(id="cap:a,1,x", sender="a", identifier="1", sent=clock.now(), status="Actual", message_type="Alert")
    cancel = replace(
        first,
        id="cap:a,2,x",
        identifier="2",
        sent=clock.now() + timedelta(minutes=5),
        message_type="Cancel",
        references=[{"sender": "a", "identifier": "1", "id": first.id}],
    )
    bring(intake, journal, clock, cancel, first)
    known = journal.situation.get(Alert, first.id)
    assert known is not None
    assert known.state == "cancelled"
