"""A log-in at a seat: locked by hand or idleness, opened by the password, read only after three days alone."""

from datetime import datetime

import pytest

from tests.station.test_credentials import code, refusal
from workstation.domain.clock import ManualClock
from workstation.security.session import Rights
from workstation.station import Space
from workstation.station.credentials import Credentials
from workstation.station.sitting import HubHeard, Sitting

pytestmark = pytest.mark.usefixtures("quick_hashes")
DAY = 24 * 3600
IDLE = 10 * 60


@pytest.fixture
def space(tmp_path) -> Space:
    """A street's space that is enrolled with a hub."""
    made = Space.found(tmp_path / "jd03", "JD03")
    made.hub_file.write_text("{}")
    return made


def sat_down(space, clock):
    credentials = Credentials(space.folder, clock)
    issued = credentials.issue("wangfang")
    heard = HubHeard(space, clock)
    heard.note()
    signed_in = credentials.sign_in("wangfang", issued.password, code(issued, clock))
    return Sitting(credentials, signed_in, heard, clock), issued.password


def test_a_seat_nobody_touches_locks_and_a_touch_does_not_open_it(space, clock):
    sitting, password = sat_down(space, clock)
    clock.advance(IDLE - 1)
    sitting.touch()
    clock.advance(IDLE)
    assert sitting.rights() is Rights.LOCKED
    sitting.touch()
    assert refusal(sitting.check).rule == "session.locked"
    assert refusal(sitting.unlock, "guess").rule == "sign_in.wrong"
    assert sitting.rights() is Rights.LOCKED
    sitting.unlock(password)
    assert sitting.rights() is Rights.FULL


def test_a_seat_is_locked_by_hand_at_once(space, clock):
    sitting, _ = sat_down(space, clock)
    sitting.lock()
    assert sitting.rights() is Rights.LOCKED


def test_after_twelve_hours_no_password_opens_the_seat(space, clock):
    sitting, password = sat_down(space, clock)
    clock.advance(DAY / 2)
    assert sitting.rights() is Rights.ENDED
    assert refusal(sitting.unlock, password).rule == "session.ended"


def test_three_days_without_the_hub_leave_reading_only_also_over_a_restart(space, clock):
    sat_down(space, clock)
    clock.advance(3 * DAY)
    credentials, heard = Credentials(space.folder, clock), HubHeard(space, clock)
    issued = credentials.issue("li-ming")
    signed_in = credentials.sign_in("li-ming", issued.password, code(issued, clock))
    sitting = Sitting(credentials, signed_in, heard, clock)
    assert refusal(sitting.check).rule == "session.read_only"
    heard.note()
    assert sitting.rights() is Rights.FULL


def test_a_space_without_a_hub_does_not_wait_for_one(tmp_path, clock):
    space = Space.found(tmp_path / "zx", "ZX")
    sitting, _ = sat_down(space, clock)
    sitting.check()


def test_a_station_that_never_heard_its_hub_reads_only(space, clock):
    (space.folder / "keys" / "hub.heard").write_text("yesterday")
    assert HubHeard(space, clock).at is None


class Running(ManualClock):
    """A clock that does not stand still between two looks at it, as none does."""

    def now(self) -> datetime:
        return self.advance(0.001)


def test_at_a_space_without_a_hub_everything_may_be_done_by_a_clock_that_runs(tmp_path, clock):
    sitting, _ = sat_down(Space.found(tmp_path / "zx", "ZX"), Running(clock.now()))
    assert sitting.rights() is Rights.FULL
    sitting.check()
