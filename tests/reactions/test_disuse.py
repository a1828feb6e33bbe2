"""Accounts by which nobody comes in are taken out of service by themselves, on record, and put back by hand."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.journals import enrolled, exchange, opened
from workstation.commands.administration import restore_account
from workstation.commands.seat import Seat
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.records import Access, Account, Grant
from workstation.journal import Journal
from workstation.reactions.disuse import AUTHOR, Disuse
from workstation.security.authority import in_force
from workstation.situation import AuditFilter

DAY = 86_400


class House:
    """A hub with its administrators and two operators, and the centre's station where one of them works."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.clock = clock
        (self.centre,) = enrolled(folder, clock, "ZX")
        self.hub = opened(folder, "HUB", clock)
        self.rule = Disuse()
        self.make("wang", "OP")
        self.make("li", "OP")
        self.make("sys", "SYS")
        self.make("sec", "SEC")

    def make(self, login: str, role: str) -> None:
        now = self.clock.now()
        valid = {"region": "990100", "valid_from": now, "valid_to": now + timedelta(days=730), "level": 3}
        account = Account(id=login, state="active", created_at=now)
        for one in (account, Grant(id=f"g:{login}", account=login, role=role, purposes=["duty"], **valid)):
            self.hub.append([Draft("system", "account.create", changes_of(one))])

    def comes_in(self, login: str, journal: Journal | None = None) -> None:
        at = journal or self.hub
        row = Access(id=f"access:{at.new_id()}", at=self.clock.now(), user=login, act="sign_in", station="ZX")
        at.append([Draft("rule:sign_in", "access.sign_in", changes_of(row), scope="990100")])

    def days_go_by(self, days: int) -> set[str]:
        """Let days pass at the hub; the accounts that are out of service then."""
        for _ in range(days):
            self.clock.advance(DAY)
            self.hub.append(self.rule.tick(self.hub.situation, self.clock.now()))
        return {one.id for one in self.hub.situation.find(Account, state="suspended")}


@pytest.fixture
def house(tmp_path: Path, clock: ManualClock):
    made = House(tmp_path, clock)
    yield made
    made.hub.close()
    made.centre.close()


def test_after_ninety_days_and_not_before_an_account_that_nobody_uses_is_suspended_on_record(house: House) -> None:
    house.days_go_by(20)
    house.comes_in("wang")
    assert house.days_go_by(69) == set()
    assert house.days_go_by(1) == {"li", "sys"}
    assert house.days_go_by(20) == {"li", "sys", "wang"}
    told = house.hub.situation.audit(AuditFilter(act="account.suspend"))
    assert {(one.author, one.reason) for one in told} == {(AUTHOR, "90 天无人登录,自动停用")} and len(told) == 3


def test_a_log_in_counts_that_a_station_tells_of(house: House) -> None:
    exchange(house.hub, house.centre)
    house.days_go_by(30)
    house.comes_in("wang", house.centre)
    exchange(house.centre, house.hub)
    assert "wang" not in house.days_go_by(80) and "wang" in house.days_go_by(10)


def test_put_back_into_service_it_has_another_ninety_days(house: House) -> None:
    assert "li" in house.days_go_by(90)
    seat = Seat("sec", "SEC", "HUB", "990100", house.clock.now(), house.hub.situation, house.hub.new_id)
    house.hub.append([restore_account("li", "休假归来")(seat)])
    assert "li" not in house.days_go_by(89)
    assert "li" in house.days_go_by(1)


def test_the_last_who_could_put_accounts_back_is_not_taken_out(house: House) -> None:
    house.days_go_by(1)
    house.comes_in("sys")
    assert house.days_go_by(200) == {"wang", "li", "sec"}


def test_it_looks_once_a_day_and_what_was_granted_stays_on_record(house: House) -> None:
    house.clock.advance(91 * DAY)
    assert len(house.rule.tick(house.hub.situation, house.clock.now())) == 3
    house.clock.advance(60)
    assert house.rule.tick(house.hub.situation, house.clock.now()) == []
    assert all(in_force(one, house.clock.now()) for one in house.hub.situation.find(Grant))
