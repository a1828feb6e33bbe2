"""How far a station's clock is from the hub's, by what its answers tell."""

from hypothesis import given
from hypothesis import strategies as st

from workstation.sync.hub_clock import HubClock


def test_before_the_first_answer_the_offset_is_unknown():
    assert HubClock().offset_ms is None


def test_half_the_round_trip_is_taken():
    clock = HubClock()
    clock.heard(1_000, 1_200, 61_100)
    assert clock.offset_ms == 60_000


def test_the_quickest_exchange_knows_best():
    clock = HubClock()
    clock.heard(0, 900, 5_050)
    clock.heard(2_000, 2_010, 7_005)
    clock.heard(4_000, 4_800, 9_010)
    assert clock.offset_ms == 5_000


def test_a_clock_that_was_set_is_believed_at_once():
    clock = HubClock()
    clock.heard(0, 10, 5)
    clock.heard(1_000, 1_100, 301_050)
    assert clock.offset_ms == 300_000


@given(
    st.integers(-(10**9), 10**9), st.lists(st.tuples(st.integers(0, 5_000), st.floats(0, 1)), min_size=1, max_size=20)
)
def test_the_offset_is_right_to_within_half_the_quickest_round_trip(offset, exchanges):
    clock, now = HubClock(), 10**12
    for round_trip, part in exchanges:
        clock.heard(now, now + round_trip, now + round(round_trip * part) + offset)
        now += 60_000
    quickest = min(round_trip for round_trip, _ in exchanges[-8:])
    assert abs(clock.offset_ms - offset) <= quickest / 2 + 1
