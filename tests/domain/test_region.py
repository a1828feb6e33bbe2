"""Which region holds which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.region import ROOT, contains, is_region, is_wide, joined

TWO, THREE = (st.integers(1, 10**n - 1).map(lambda number, n=n: f"{number:0{n}d}") for n in (2, 3))
CHAINS = st.tuples(TWO, TWO, TWO, THREE, THREE, THREE).map(
    lambda p: (
        ROOT,
        p[0] + "0000",
        p[0] + p[1] + "00",
        p[0] + p[1] + p[2],
        *("".join(p[:end]) for end in (4, 5, 6)),
    )
)
CODES = CHAINS.flatmap(st.sampled_from)


@pytest.mark.parametrize(
    ("region", "code", "held"),
    [
        ("990100", "990100", True),
        ("990100", "990101", True),
        ("990100", "990101003", True),
        ("990100", "990101003001002", True),
        ("990101", "990101003", True),
        ("990101003", "990101003001", True),
        ("990101003", "990101003001002", True),
        ("990101", "990100", False),
        ("990101", "990102", False),
        ("990101003", "990101", False),
        ("990101003", "990101004", False),
        ("990101003", "990101030", False),
        ("990100", "990200", False),
        ("", "990100", True),
        ("990100", "", False),
    ],
)
def test_a_city_holds_its_districts_and_a_district_its_streets(region: str, code: str, held: bool) -> None:
    assert contains(region, code) is held


@pytest.mark.parametrize(
    "code", ["99", "9901", "99010", "9901010", "990101003001002004", "99010A", "９９０１００", " 990100"]
)
def test_what_is_no_code_holds_nothing_and_lies_nowhere(code: str) -> None:
    assert not is_region(code)
    assert not contains(code, "990101003") and not contains("990100", code) and not contains("", code)


@given(CHAINS)
def test_each_region_of_a_chain_holds_all_below_it_and_none_above(chain: tuple[str, ...]) -> None:
    for place, region in enumerate(chain):
        assert [contains(region, code) for code in chain] == [at >= place for at in range(len(chain))]


@given(CODES, CODES, CODES)
def test_holding_is_handed_down(upper: str, middle: str, lower: str) -> None:
    if contains(upper, middle) and contains(middle, lower):
        assert contains(upper, lower)


@given(CODES, CODES)
def test_two_regions_hold_each_other_only_when_they_are_one(one: str, other: str) -> None:
    assert (contains(one, other) and contains(other, one)) is (one == other)


@given(CODES, CODES)
def test_no_place_lies_in_two_regions_apart(one: str, other: str) -> None:
    if not contains(one, other) and not contains(other, one):
        assert not contains(one, other + "001") or not contains(other, other + "001")


@pytest.mark.parametrize(
    ("code", "wide"), [("990100", True), ("990000", True), ("", True), ("990101", False), ("990101003", False)]
)
def test_a_city_is_wide_and_a_district_is_not(code: str, wide: bool) -> None:
    assert is_wide(code) is wide


@pytest.mark.parametrize(
    ("codes", "region"),
    [
        (["990101003"], "990101003"),
        (["990101003", "990101003"], "990101003"),
        (["990101003", "990101003001"], "990101003"),
        (["990101003", "990101004"], "990101"),
        (["990101003", "990102003"], "990100"),
        (["990101003", "990201003"], "990000"),
        (["990100", "990101003"], "990100"),
        (["990101003", "110101003"], ROOT),
        (["990101003", "somewhere"], ROOT),
        ([], ROOT),
    ],
)
def test_the_least_region_that_holds_several(codes: list[str], region: str) -> None:
    assert joined(codes) == region


@given(st.lists(CODES, min_size=1, max_size=4))
def test_what_holds_several_holds_each(codes: list[str]) -> None:
    assert all(contains(joined(codes), code) for code in codes)
