"""The GeoPackage of building footprints: read back, foreign to other kinds of file, the same bytes each time."""

import sqlite3
import struct
from contextlib import closing
from datetime import UTC, datetime

import numpy as np
import pytest

from workstation.domain.errors import ContentError
from workstation.mapping.geopackage import Footprint, read_buildings, write_buildings

DAY = datetime(2026, 11, 1, tzinfo=UTC)
SQUARE = np.array([[124.2, 29.6], [124.201, 29.6], [124.201, 29.601], [124.2, 29.601], [124.2, 29.6]])
YARD = 124.2004 + np.array([[0, 0], [0.0001, 0], [0.0001, 0.0001], [0, 0]]) * [1, 1] - [0, 94.6]


def _execute(path, statement, *values):
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement, values)
        database.commit()


def test_a_building_comes_back_with_its_yard_and_without_a_height_nobody_measured(tmp_path):
    path = tmp_path / "town.gpkg"
    write_buildings(path, [Footprint((SQUARE, YARD), 21.5), Footprint((SQUARE + 0.01,), None)], DAY)
    first, second = read_buildings(path)
    assert np.array_equal(first.rings[0], SQUARE)
    assert np.array_equal(first.rings[1], YARD)
    assert (first.height, second.height) == (21.5, None)


def test_the_file_is_a_geopackage_with_its_extent_and_reference_system(tmp_path):
    path = tmp_path / "town.gpkg"
    write_buildings(path, [Footprint((SQUARE,), 9.0)], DAY)
    head = path.read_bytes()[:100]
    assert struct.unpack(">I", head[68:72]) == (0x47504B47,)
    assert struct.unpack(">I", head[60:64]) == (10300,)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        content = "SELECT table_name, data_type, min_x, min_y, max_x, max_y, srs_id, last_change FROM gpkg_contents"
        extent = ("buildings", "features", 124.2, 29.6, 124.201, 29.601, 4326, "2026-11-01T00:00:00.000Z")
        assert database.execute(content).fetchall() == [extent]
        column = ("buildings", "geom", "POLYGON", 4326, 0, 0)
        assert database.execute("SELECT * FROM gpkg_geometry_columns").fetchall() == [column]
        systems = {row[0] for row in database.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
        assert systems == {-1, 0, 4326}


def test_the_same_town_is_the_same_bytes_and_replaces_the_old_file(tmp_path):
    path, other = tmp_path / "town.gpkg", tmp_path / "again.gpkg"
    write_buildings(path, [Footprint((SQUARE,), 3.0)] * 50, DAY)
    write_buildings(path, [Footprint((SQUARE,), 9.0)], DAY)
    write_buildings(other, [Footprint((SQUARE,), 9.0)], DAY)
    assert path.read_bytes() == other.read_bytes()


def test_an_envelope_and_big_endian_numbers_of_another_program_are_understood(tmp_path):
    path = tmp_path / "town.gpkg"
    write_buildings(path, [Footprint((SQUARE,), 9.0)], DAY)
    envelope = struct.pack("<4d", 124.2, 124.201, 29.6, 29.601)
    wkb = struct.pack(">BIII", 0, 3, 1, len(SQUARE)) + SQUARE.astype(">f8").tobytes()
    foreign = b"GP" + struct.pack("<BBi", 0, 0b11, 4326) + envelope + wkb
    _execute(path, "UPDATE buildings SET geom = ?", foreign)
    assert np.array_equal(read_buildings(path)[0].rings[0], SQUARE)


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        b"",
        b"PG" + bytes(40),
        b"GP" + struct.pack("<BBi", 0, 0b1111, 4326) + bytes(60),
        b"GP" + struct.pack("<BBi", 0, 1, 4326),
        b"GP" + struct.pack("<BBiBII", 0, 1, 4326, 1, 1, 1) + bytes(16),
        b"GP" + struct.pack("<BBiBIII", 0, 1, 4326, 1, 3, 1, 4_000_000_000),
        b"GP" + struct.pack("<BBiBIII", 0, 1, 4326, 1, 3, 1, 5) + bytes(24),
    ],
    ids=["null", "empty", "magic", "envelope", "header only", "a point", "too many points", "cut off"],
)
def test_a_broken_geometry_is_named_with_file_and_building(tmp_path, geometry):
    path = tmp_path / "town.gpkg"
    write_buildings(path, [Footprint((SQUARE,), 9.0)], DAY)
    _execute(path, "UPDATE buildings SET geom = ?", geometry)
    with pytest.raises(ContentError, match=r"town.gpkg: building 1: "):
        read_buildings(path)


def test_a_file_that_is_no_geopackage_is_refused(tmp_path):
    absent, text, plain = tmp_path / "none.gpkg", tmp_path / "text.gpkg", tmp_path / "plain.gpkg"
    text.write_text("not a database at all, but long enough to be looked at" * 20, encoding="utf-8")
    _execute(plain, "CREATE TABLE buildings (fid INTEGER PRIMARY KEY, geom BLOB, height REAL)")
    for path in (absent, text, plain):
        with pytest.raises(ContentError, match=path.name):
            read_buildings(path)
