"""Where a position lies, and who answers for it."""

import pytest

from tests.intake.city import locator
from workstation.domain.geometry import distance_m


def test_a_position_names_its_cell_its_street_and_the_office_that_answers() -> None:
    place = locator().locate(29.585, 124.185)
    assert (place.grid, place.community) == ("990101001001001", "990101001001")
    assert (place.street, place.district, place.office) == ("990101001", "990101", "JD01")
    assert (place.office_zh, place.street_zh) == ("第一街道办", "第1街道")


def test_the_nearest_facility_of_each_category_comes_with_its_distance() -> None:
    nearest = locator().locate(29.6095, 124.2095).nearest
    assert set(nearest) == {"hospital", "shelter"}
    hospital = nearest["hospital"]
    assert isinstance(hospital, dict)
    assert hospital["id"] == "h2"
    assert hospital["metres"] == pytest.approx(distance_m(29.6095, 124.2095, 29.61, 124.21), abs=1)


def test_where_no_cell_lies_the_street_still_answers() -> None:
    place = locator().locate(29.615, 124.215)
    assert place.grid is None
    assert place.street == "990101004"


def test_outside_the_city_everything_is_unknown() -> None:
    place = locator().locate(40.0, -75.0)
    assert (place.grid, place.street, place.office, place.nearest) == (None, None, None, {})
    assert locator().km_outside(40.0, -75.0) > 10_000
    assert locator().km_outside(29.6, 124.2) == 0.0


def test_many_positions_lie_where_each_alone_lies() -> None:
    lats = [29.585 + i * 0.0017 for i in range(20)] + [40.0]
    lons = [124.185 + i * 0.0015 for i in range(20)] + [-75.0]
    many = locator().locate_many(lats, lons)
    alone = [locator().locate(lat, lon) for lat, lon in zip(lats, lons, strict=True)]
    assert [place.grid for place in many] == [place.grid for place in alone]
    assert [place.street for place in many] == [place.street for place in alone]
    assert locator().locate_many([], []) == []
