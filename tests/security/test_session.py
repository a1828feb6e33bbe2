"""What a log-in is still good for when nobody touches it, and when the hub is not heard."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.security.session import Rights, Session, rights

NIGHT = datetime(2026, 11, 24, 17, tzinfo=UTC)
FRESH = Session("wangfang", NIGHT, NIGHT, NIGHT)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("heard_before", "expected"),
    [(0 * HOUR, Rights.FULL), (71 * HOUR, Rights.FULL), (72 * HOUR, Rights.READ_ONLY), (None, Rights.READ_ONLY)],
)
def test_a_street_alone_for_three_days_reads_on_and_writes_no_more(
    heard_before: timedelta | None, expected: Rights
) -> None:
    heard = None if heard_before is None else NIGHT - heard_before
    assert rights(replace(FRESH, hub_heard_at=heard), NIGHT) is expected


@pytest.mark.parametrize(
    ("minutes", "is_in_public", "expected"),
    [(9, False, Rights.FULL), (10, False, Rights.LOCKED), (4, True, Rights.FULL), (5, True, Rights.LOCKED)],
)
def test_a_seat_nobody_touches_is_locked_sooner_where_the_public_passes(
    minutes: int, is_in_public: bool, expected: Rights
) -> None:
    assert rights(replace(FRESH, is_in_public=is_in_public), NIGHT + timedelta(minutes=minutes)) is expected


def test_a_log_in_ends_after_twelve_hours_however_busy_it_is() -> None:
    late = NIGHT + 12 * HOUR
    assert rights(replace(FRESH, used_at=late, hub_heard_at=late), late) is Rights.ENDED
    assert rights(replace(FRESH, used_at=late, hub_heard_at=late), late - timedelta(seconds=1)) is Rights.LOCKED


def test_a_clock_set_back_does_not_prolong_what_was_granted() -> None:
    assert rights(replace(FRESH, used_at=NIGHT + HOUR), NIGHT) is Rights.LOCKED
    assert rights(replace(FRESH, hub_heard_at=NIGHT + HOUR), NIGHT) is Rights.READ_ONLY


@given(st.timedeltas(0 * HOUR, 100 * HOUR), st.timedeltas(0 * HOUR, 100 * HOUR))
def test_time_alone_never_gives_rights_back(one: timedelta, more: timedelta) -> None:
    ladder = list(Rights)
    assert ladder.index(rights(FRESH, NIGHT + one)) <= ladder.index(rights(FRESH, NIGHT + one + more))
