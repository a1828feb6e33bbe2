"""A circle on the globe as rings on a map: closed, inside the map's edges, and around its centre."""

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon

from workstation.feeds.parsed import Notes
from workstation.feeds.shapes import MAX_POINTS, circle_rings, polygon

LATS = st.floats(-89.9, 89.9)
LONS = st.floats(-180, 180)


@given(LATS, LONS, st.floats(0.05, 5_000))
def test_a_circle_stays_on_the_map_and_around_its_centre(lat, lon, radius):
    rings = circle_rings(lat, lon, radius)
    for ring in rings:
        assert ring[0] == ring[-1]
        assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)
    area = MultiPolygon([Polygon(ring) for ring in rings])
    assert area.distance(Point(lon, lat)) < 1e-6


def test_a_circle_across_180_degrees_lies_on_both_edges_of_the_map():
    east, west = (Polygon(ring).bounds for ring in circle_rings(-17, 179.5, 100))
    assert (east[2], west[0]) == (180, -180)
    assert east[0] > 178
    assert west[2] < -179


def test_a_circle_around_a_pole_runs_along_the_whole_edge():
    (ring,) = circle_rings(89.5, 20, 200)
    assert Polygon(ring).is_valid
    assert Polygon(ring).bounds[0::2] == (-180, 180)
    assert Polygon(ring).bounds[3] == 90


def test_rings_run_counter_clockwise_as_geojson_asks():
    for lat, lon, radius in ((29.5, 120.5, 5), (-17, -179.9, 50), (89.5, 0, 200), (-89.5, 0, 200)):
        assert all(Polygon(ring).exterior.is_ccw for ring in circle_rings(lat, lon, radius))


def test_an_outline_of_a_million_corners_is_remarked_and_never_drawn():
    notes = Notes()
    assert polygon("29.6,124.1 29.7,124.1 29.7,124.2 29.6,124.2 " * 250_000, "polygon", notes) is None
    [remark] = notes.of("w1")
    assert remark.key == "feeds.polygon.invalid"
    assert len(str(remark.values)) < 1_000
    assert (
        len(polygon("29.6,124.1 29.7,124.1 29.7,124.2 29.6,124.1 " * (MAX_POINTS // 4), "polygon", notes)) == MAX_POINTS
    )
