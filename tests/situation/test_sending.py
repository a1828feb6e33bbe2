"""What the centre does not have yet is counted by urgency and told entry by entry, from receipts and nothing else."""

from pathlib import Path

from tests.journals import opened
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.precedence import FLASH, PRIORITY, ROUTINE
from workstation.situation import Sending, Situation
from workstation.situation.sending import CENTRE
from workstation.sync.rounds import HUB


def written(journal, kind: str, name: str, **fields: object) -> None:
    journal.append([Draft("li", f"{kind}.set", set_fields(kind, name, **fields))])


def sending(folder: Path, journal, limit: int = 10) -> Sending:
    situation = Situation.open(folder / "JD03" / "journal.sqlite")
    try:
        return situation.sending(journal.identity.station, limit)
    finally:
        situation.close()


def test_what_waits_is_counted_by_class_and_listed_as_it_travels(tmp_path, clock) -> None:
    street = opened(tmp_path, "JD03", clock)
    written(street, "log", "g1", text="巡查")
    written(street, "incident", "i1", title="积水")
    written(street, "incident", "i1", level="II")
    found = sending(tmp_path, street)
    assert found.queue == (1, 0, 1, 1)
    assert [one.precedence for one in found.waiting] == [FLASH, PRIORITY, ROUTINE]
    assert sending(tmp_path, street, 1).queue == found.queue
    assert len(sending(tmp_path, street, 1).waiting) == 1
    street.close()


def test_what_the_centre_confirmed_waits_no_longer(tmp_path, clock) -> None:
    street = opened(tmp_path, "JD03", clock)
    for number in range(3):
        written(street, "log", f"g{number}", text=f"{number}")
    street.exchange.receipt(HUB, {("JD03", street.own.incarnation): 2})
    [left] = sending(tmp_path, street).waiting
    assert left.line.changes[0].id == "g2"
    street.exchange.receipt("ZX", {("JD03", street.own.incarnation): 3})
    assert sum(sending(tmp_path, street).queue) == 1
    street.close()


def test_what_others_wrote_is_not_ours_to_send(tmp_path, clock) -> None:
    street = opened(tmp_path, "JD03", clock)
    written(street, "log", "g1", text="巡查")
    situation = Situation.open(tmp_path / "JD03" / "journal.sqlite")
    assert situation.sending("ZX", 10) == Sending()
    situation.close()
    street.close()


def test_receipts_are_read_under_the_name_the_link_keeps_them_by() -> None:
    assert CENTRE == HUB
