"""Log-ins on record: good, refused and locked out, also where nobody could tell who it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desks import station_in
from tests.station.test_credentials import NEW, code, refusal
from tests.stations import known
from workstation.domain.clock import ManualClock
from workstation.domain.records import Access
from workstation.station import Station
from workstation.station.attempts import recorder
from workstation.station.credentials import Credentials, Issued

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def station(tmp_path: Path, clock: ManualClock) -> Iterator[Station]:
    with station_in(tmp_path, clock) as made:
        yield made


@pytest.fixture
def credentials(station: Station, clock: ManualClock) -> Credentials:
    return Credentials(station.space.folder, clock, recorder(station.submit))


@pytest.fixture
def wang(credentials: Credentials) -> Issued:
    return credentials.issue("wangfang")


def recorded(station: Station) -> list[tuple[str | None, str | None]]:
    """Who tried and what came of it, in the order in which it happened."""
    rows = known(station, Access)
    assert {one.station for one in rows} <= {"ZX"}
    return [(one.user, one.act) for one in sorted(rows, key=lambda one: int(one.id.rsplit("-", 1)[1]))]


def test_who_comes_in_is_on_record_before_the_desk_opens(station, credentials, wang, clock) -> None:
    credentials.sign_in("wangfang", wang.password, code(wang, clock))
    credentials.unlock("wangfang", wang.password)
    assert recorded(station) == [("wangfang", "sign_in"), ("wangfang", "unlock")]


def test_who_is_turned_away_is_on_record_five_times_and_then_as_locked_out(station, credentials, wang, clock) -> None:
    for _ in range(4):
        refusal(credentials.sign_in, "wangfang", NEW, code(wang, clock))
    for _ in range(2):
        refusal(credentials.sign_in, "wangfang", wang.password, "000000")
    refusal(credentials.unlock, "wangfang", wang.password)
    told = [done for _, done in recorded(station)]
    assert told == ["sign_in_refused"] * 4 + ["sign_in_locked"] * 2 + ["unlock_locked"]


def test_what_was_typed_as_a_login_that_nobody_has_is_kept_nowhere(station, credentials, wang, clock) -> None:
    refusal(credentials.sign_in, wang.password, "wangfang", "000000")
    assert recorded(station) == [(None, "sign_in_refused")]
    station.stop()
    assert wang.password.encode() not in b"".join(one.read_bytes() for one in station.space.folder.glob("journal.*"))


def test_where_it_cannot_be_put_on_record_nobody_comes_in(station, credentials, wang, clock) -> None:
    station.stop()
    with pytest.raises(RuntimeError, match="was stopped"):
        credentials.sign_in("wangfang", wang.password, code(wang, clock))
