"""Building footprints in an OGC GeoPackage (1.3), written and read with the standard library.

The format is what other GIS tools open; SQL and the binary geometry stay in here. The bytes written depend on the
content alone: the one header field in which SQLite leaves its own version is set to a fixed one.
"""

import sqlite3
import struct
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from workstation.domain.errors import ContentError
from workstation.domain.geometry import Floats

_APPLICATION = 0x47504B47
_VERSION = 10300
_SQLITE_VERSION = 3040000
MAX_POINTS = 10_000

_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'
)
_SCHEMA = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE buildings (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POLYGON, height DOUBLE);
"""


@dataclass(frozen=True, slots=True)
class Footprint:
    """A building: closed rings of (lon, lat) in degrees, the outer first, and its height in metres (None: unknown)."""

    rings: tuple[Floats, ...]
    height: float | None


def write_buildings(path: Path, footprints: Sequence[Footprint], changed: datetime) -> None:
    """Write a new GeoPackage with one table `buildings`; an older file of that name is replaced."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA page_size=4096")
        database.execute(f"PRAGMA application_id={_APPLICATION}")
        database.execute(f"PRAGMA user_version={_VERSION}")
        database.executescript(_SCHEMA)
        _describe(database, footprints, changed)
        rows = ((_encode(footprint.rings), footprint.height) for footprint in footprints)
        database.executemany("INSERT INTO buildings (geom, height) VALUES (?, ?)", rows)
        database.commit()
    with path.open("r+b") as file:
        file.seek(96)
        file.write(struct.pack(">I", _SQLITE_VERSION))


def _describe(database: sqlite3.Connection, footprints: Sequence[Footprint], changed: datetime) -> None:
    systems = [
        ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", "undefined cartesian coordinate reference system"),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
        ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84, "longitude/latitude coordinates in decimal degrees"),
    ]
    database.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", systems)
    points = np.concatenate([footprint.rings[0] for footprint in footprints])
    west, south = (float(value) for value in points.min(axis=0))
    east, north = (float(value) for value in points.max(axis=0))
    stamp = changed.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    content = ("buildings", "features", "buildings", "", stamp, west, south, east, north, 4326)
    database.execute("INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", content)
    database.execute("INSERT INTO gpkg_geometry_columns VALUES ('buildings', 'geom', 'POLYGON', 4326, 0, 0)")


def _encode(rings: Iterable[Floats]) -> bytes:
    """GeoPackage binary header without envelope, then little-endian WKB of a polygon."""
    rings = tuple(rings)
    parts = [b"GP", struct.pack("<BBi", 0, 1, 4326), struct.pack("<BII", 1, 3, len(rings))]
    for ring in rings:
        parts += [struct.pack("<I", len(ring)), np.ascontiguousarray(ring, "<f8").tobytes()]
    return b"".join(parts)


def read_buildings(path: Path) -> list[Footprint]:
    """The table `buildings` of a GeoPackage, in the order of its ids.

    Raises ContentError for a file that is no GeoPackage, lacks the table, or holds a geometry that is no polygon.
    """
    if not path.is_file():
        raise ContentError(path.name, "", "file not found")
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            (application,) = database.execute("PRAGMA application_id").fetchone()
            rows = database.execute("SELECT fid, geom, height FROM buildings ORDER BY fid").fetchall()
    except sqlite3.DatabaseError as error:
        raise ContentError(path.name, "buildings", str(error)) from error
    if application != _APPLICATION:
        raise ContentError(path.name, "", "not a GeoPackage (application id)")
    return [Footprint(_decode(path.name, fid, geometry), height) for fid, geometry, height in rows]


_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


def _decode(file: str, fid: int, geometry: object) -> tuple[Floats, ...]:
    """The rings of a GeoPackage binary polygon; an envelope is skipped."""
    if not isinstance(geometry, bytes) or geometry[:2] != b"GP" or len(geometry) < 8:
        raise ContentError(file, f"building {fid}", "no GeoPackage geometry")
    start = 8 + _ENVELOPE_BYTES.get(geometry[3] >> 1 & 7, len(geometry))
    try:
        return _wkb_rings(geometry, start)
    except (struct.error, ValueError, IndexError) as error:
        raise ContentError(file, f"building {fid}", f"broken geometry: {error}") from error


def _wkb_rings(geometry: bytes, start: int) -> tuple[Floats, ...]:
    order = "<" if geometry[start] else ">"
    kind, count = struct.unpack_from(f"{order}II", geometry, start + 1)
    if kind != 3 or count > MAX_POINTS:
        raise ValueError(f"not a plain polygon: type {kind}, {count} rings")
    rings = []
    at = start + 9
    for _ in range(count):
        (points,) = struct.unpack_from(f"{order}I", geometry, at)
        if points > MAX_POINTS:
            raise ValueError(f"a ring of {points} points")
        flat = np.frombuffer(geometry, f"{order}f8", points * 2, at + 4)
        rings.append(flat.astype(np.float64).reshape(points, 2))
        at += 4 + points * 16
    return tuple(rings)
