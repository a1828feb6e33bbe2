"""The committed city: it tiles, its parts belong together, and the generator still writes exactly it."""

import csv
import re
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise

import pytest
import shapely
from pypinyin import lazy_pinyin
from shapely.geometry import Point, shape

from workstation.content import folder, read_geojson, read_text, read_yaml
from workstation.demo.city.names import stem
from workstation.demo.city.streets import outline
from workstation.demo.city.writing import files, write_city
from workstation.mapping.geopackage import read_buildings

TINY = 1e-12


@cache
def features(name):
    return read_geojson(_city() / f"{name}.geojson")


@cache
def shapes(name):
    return {feature.properties["code"]: shape(feature.geometry) for feature in features(name)}


@cache
def gazetteer():
    return list(csv.DictReader(read_text(_city() / "gazetteer.csv").splitlines()))


def _city():
    return folder("maps") / "linjiang"


def _ids(name):
    return [feature.properties["id"] for feature in features(name)]


def _count(name, key):
    return Counter(feature.properties[key] for feature in features(name))


def test_the_generator_writes_the_committed_bytes_again(tmp_path):
    write_city(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {path.name for path in _city().iterdir()} == written.keys()
    assert [name for name, content in written.items() if content != (_city() / name).read_bytes()] == []


def test_two_runs_in_one_process_agree():
    assert dict(files()) == dict(files())


@pytest.mark.parametrize("level", ["grid", "communities", "streets", "districts"])
def test_the_areas_of_a_level_tile_the_city_without_gap_or_overlap(level):
    areas = list(shapes(level).values())
    whole = shapely.union_all(areas)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert all(area.is_valid and area.geom_type == "Polygon" and area.exterior.is_ccw for area in areas)
    assert abs(sum(area.area for area in areas) - whole.area) < TINY
    tree = shapely.STRtree(areas)
    overlaps = tree.query(areas, predicate="overlaps")
    assert overlaps.shape[1] == 0


def test_neighbouring_cells_share_their_vertices_exactly():
    edges = Counter()
    for feature in features("grid"):
        ring = [tuple(point) for point in feature.geometry["coordinates"][0]]
        edges.update(frozenset(pair) for pair in pairwise(ring))
    assert set(edges.values()) == {1, 2}
    border = {edge for edge, times in edges.items() if times == 1}
    whole = shapely.union_all(list(shapes("grid").values()))
    assert len(border) == len(whole.exterior.coords) - 1


@pytest.mark.parametrize(("level", "above"), [("grid", 12), ("communities", 9), ("streets", 6)])
def test_every_area_is_the_exact_union_of_the_areas_whose_codes_it_begins(level, above):
    parents = {12: "communities", 9: "streets", 6: "districts"}[above]
    parts = defaultdict(list)
    for code, area in shapes(level).items():
        parts[code[:above]].append(area)
    assert parts.keys() == shapes(parents).keys()
    for code, areas in parts.items():
        assert shapely.union_all(areas).symmetric_difference(shapes(parents)[code]).area < TINY


def test_codes_are_unique_and_say_city_district_street_community_and_sequence():
    for level, digits, count in (("districts", 6, 3), ("streets", 9, 12), ("communities", 12, 48), ("grid", 15, 600)):
        codes = [feature.properties["code"] for feature in features(level)]
        assert len(codes) == len(set(codes)) == count
        assert all(re.fullmatch(rf"9901\d{{{digits - 4}}}", code) for code in codes)
    for feature in features("grid"):
        about = feature.properties
        assert about["code"].startswith(about["community"])
        assert about["community"].startswith(about["street"])
        assert about["street"].startswith(about["district"])


def test_a_cell_is_about_a_tenth_of_a_square_kilometre_and_its_ages_fit_its_population():
    areas = [feature.properties["area_km2"] for feature in features("grid")]
    assert 0.095 < sum(areas) / len(areas) < 0.115
    assert min(areas) > 0.05
    assert max(areas) < 0.2
    for feature in features("grid"):
        about = feature.properties
        assert 0 <= about["pop_65"] + about["pop_0_6"] <= about["population"]
    assert 300_000 < sum(feature.properties["population"] for feature in features("grid")) < 700_000


def test_every_street_has_its_own_station_and_office():
    city = read_yaml(_city() / "city.yaml")
    stations = {feature.properties["code"]: feature.properties["station"] for feature in features("streets")}
    assert sorted(stations.values()) == [f"JD{number:02d}" for number in range(1, 13)]
    assert {code: office["station"] for code, office in city["streets"].items()} == stations
    assert city["simulated"] is True
    assert all("*" in office["phone"] and office["duty_zh"] for office in city["streets"].values())


def test_the_city_has_the_size_it_was_ordered_with():
    assert len(features("cameras")) == 60
    assert len(features("sensors")) == 200
    assert len(features("units")) == 30
    assert 1400 <= len(gazetteer()) <= 1700
    assert len(read_buildings(_city() / "linjiang.gpkg")) > 5000
    assert sum(path.stat().st_size for path in _city().iterdir()) < 4_000_000


def test_all_kinds_of_facility_stand_in_the_city():
    count = _count("facilities", "category")
    wanted = {"hospital": 9, "school": 24, "shelter": 24, "fire_station": 6, "police": 12, "pump_station": 10}
    wanted |= {"underpass": 10, "hydrant": 300, "subway": 15, "substation": 8, "government": 16}
    assert {category: number for category, number in wanted.items() if count[category] < number} == {}
    shelters = [f.properties for f in features("facilities") if f.properties["category"] == "shelter"]
    assert all(shelter["capacity"] > 0 for shelter in shelters)
    assert {shelter["street"] for shelter in shelters} == shapes("streets").keys()


def test_every_sensor_measures_what_the_tables_know_or_what_the_field_asks_for():
    indicators = {row["id"]: row["unit"] for row in read_yaml(folder("resources") / "tables" / "thresholds.yaml")}
    without = {"flow", "temperature", "humidity", "manhole", "lift_entrapment", "power_outage"}
    for feature in features("sensors"):
        about = feature.properties
        assert about["type"] in indicators.keys() | without
        assert about["unit"] == indicators.get(about["type"], about["unit"])
        assert about["period_s"] > 0
    assert without <= _count("sensors", "type").keys()


def test_only_level_gauges_have_levels_and_the_warning_lies_below_the_guarantee():
    for feature in features("sensors"):
        about = feature.properties
        if about["type"] == "river_level":
            assert about["warn"] < about["guarantee"]
        else:
            assert (about["warn"], about["guarantee"]) == (None, None)


def test_gauge_rm_07_measures_the_ponding_at_renmin_road_underpass_in_jd03():
    (gauge,) = (f for f in features("sensors") if f.properties["id"] == "RM-07")
    (tunnel,) = (f for f in features("roads") if f.properties["name_zh"] == "人民路下穿")
    (row,) = (row for row in gazetteer() if row["name_zh"] == "人民路下穿")
    assert gauge.properties["type"] == "underpass_ponding"
    assert gauge.properties["street"] == row["street"] == "990101003"
    assert (row["initials"], row["pinyin"], row["name_en"]) == ("rmlxc", "renminluxiachuan", "Renmin Road Underpass")
    assert tunnel.properties["tunnel"] is True
    assert shape(gauge.geometry).distance(shape(tunnel.geometry)) < 0.0002


@pytest.mark.parametrize("name", ["facilities", "cameras", "sensors", "units"])
def test_everything_lies_in_the_street_it_says(name):
    for feature in features(name):
        street = shapes("streets")[feature.properties["street"]]
        assert street.contains(Point(feature.geometry["coordinates"])), feature.properties["id"]


def test_no_two_things_share_an_id():
    found = [id_ for name in ("facilities", "cameras", "sensors", "units", "roads") for id_ in _ids(name)]
    assert [id_ for id_, times in Counter(found).items() if times > 1] == []


def test_no_two_facilities_share_a_name():
    names = [feature.properties["name_zh"] for feature in features("facilities")]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_every_unit_is_based_at_a_facility():
    bases = {feature.properties["base"] for feature in features("units")}
    assert bases <= set(_ids("facilities"))


def test_gazetteer_rows_lie_in_the_city_and_in_their_street():
    west, south, east, north = read_yaml(_city() / "city.yaml")["bbox"]
    for row in gazetteer():
        lon, lat = float(row["lon"]), float(row["lat"])
        assert west <= lon <= east
        assert south <= lat <= north
        assert shapes("streets")[row["street"]].contains(Point(lon, lat)), row["name_zh"]


def test_gazetteer_names_agree_in_chinese_pinyin_and_english():
    names = [row["name_zh"] for row in gazetteer()]
    assert len(names) == len(set(names))
    for row in gazetteer():
        syllables = lazy_pinyin(row["name_zh"], v_to_u=False)
        assert row["pinyin"] == "".join(syllables).lower(), row["name_zh"]
        assert row["initials"] == "".join(syllable[0] for syllable in syllables).lower()
        assert row["name_en"].isascii()
        assert row["name_en"][0].isupper()


def test_an_english_name_divides_syllables_before_a_vowel():
    assert stem("东安").en == "Dong'an"


def test_roads_have_ranks_bridges_over_the_river_and_nobody_drives_on_water():
    kinds = _count("roads", "class")
    assert kinds.keys() == {"motorway", "trunk", "primary", "secondary", "residential", "rail"}
    river = next(shape(f.geometry) for f in features("water") if f.properties["class"] == "river")
    bridges = [f for f in features("roads") if f.properties["bridge"] and river.intersects(shape(f.geometry))]
    assert {f.properties["name_zh"] for f in bridges} >= {"人民大桥", "文昌大桥", "建安大桥", "沙洲大桥", "观澜大桥"}
    for feature in features("roads"):
        if not (feature.properties["bridge"] or feature.properties["tunnel"]):
            assert shape(feature.geometry).intersection(river).length < 1e-4, feature.properties


def test_no_building_stands_in_water_or_outside_the_city():
    waters = shapely.union_all([shape(feature.geometry) for feature in features("water")])
    whole = shapely.union_all(list(shapes("districts").values()))
    shapely.prepare([waters, whole])
    houses = [shapely.Polygon(house.rings[0]) for house in read_buildings(_city() / "linjiang.gpkg")]
    assert all(house.is_valid for house in houses)
    assert not shapely.intersects(waters, houses).any()
    assert shapely.contains(whole, houses).all()


def test_land_use_and_water_are_valid_polygons():
    classes = {"residential", "commercial", "industrial", "park", "school", "farmland", "forest"}
    assert _count("landuse", "class").keys() == classes
    assert _count("water", "class") == {"river": 1, "canal": 1, "lake": 3}
    assert all(shape(f.geometry).is_valid for name in ("landuse", "water") for f in features(name))


def test_an_outline_of_two_separate_parts_is_refused():
    with pytest.raises(ValueError, match="not one ring"):
        outline([(0, 0), (5, 5)])
