"""Where a position lies: grid cell, community, street, district, the office that answers for it, what is near.

The grid comes first, since its cell names all that is above it; where a city has no cell (a river), the polygon of
the street answers. Thousands of positions are asked of one tree at once. Outside the city every field is None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import STRtree, points
from shapely.geometry import shape

from workstation.content import Feature, read_geojson, read_yaml
from workstation.domain.draft import Value
from workstation.domain.geometry import EARTH_RADIUS_M, distance_m

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """Codes as text. `office` is the street's station (JD03); `nearest` holds id, names and metres by category."""

    grid: str | None = None
    community: str | None = None
    street: str | None = None
    district: str | None = None
    office: str | None = None
    office_zh: str | None = None
    office_en: str | None = None
    street_zh: str | None = None
    street_en: str | None = None
    nearest: dict[str, Value] = field(default_factory=dict)


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class _Facilities:
    """One category of facility, its positions in radians."""

    names: tuple[dict[str, Value], ...]
    lat: Floats
    lon: Floats

    def nearest(self, lat: float, lon: float) -> Value:
        north = self.lat - np.radians(lat)
        east = (self.lon - np.radians(lon)) * np.cos(np.radians(lat))
        index = int(np.argmin(north * north + east * east))
        metres = EARTH_RADIUS_M * float(np.hypot(north[index], east[index]))
        return {**self.names[index], "metres": round(metres)}


class Locator:
    """The city's areas, ready to be asked. Reads only; may be shared between threads."""

    def __init__(
        self,
        cells: Sequence[Feature],
        streets: Sequence[Feature],
        facilities: Sequence[Feature],
        offices: Mapping[str, Mapping[str, Any]],
    ) -> None:
        by_street = {str(f.properties["code"]): _street_place(f.properties, offices) for f in streets}
        self._streets = list(by_street.values())
        self._cells = [_cell_place(f.properties, by_street) for f in cells]
        self._facilities = _by_category(facilities)
        self._bounds = _bounds(streets)
        self._geometries = [[f.geometry for f in layer] for layer in (streets, cells)]

    @cached_property
    def _trees(self) -> list[STRtree]:
        """Streets and cells by where they lie; made when a position is first asked for."""
        return [STRtree([shape(geometry) for geometry in layer]) for layer in self._geometries]

    @classmethod
    def read(cls, city: Path) -> "Locator":
        """From a city's folder: grid, streets, facilities and city.yaml. Raises ContentError."""
        layers = [read_geojson(city / f"{name}.geojson") for name in ("grid", "streets", "facilities")]
        return cls(layers[0], layers[1], layers[2], read_yaml(city / "city.yaml").get("streets") or {})

    def locate(self, lat: float, lon: float) -> Place:
        """One position, with the nearest facility of every category."""
        place = self.locate_many([lat], [lon])[0]
        return replace(place, nearest=self.nearest(lat, lon)) if place is not NOWHERE else place

    def locate_many(self, lats: Sequence[float], lons: Sequence[float]) -> list[Place]:
        """Many positions at once, without what is near."""
        found = [NOWHERE] * len(lats)
        if not found:
            return found
        asked = points(np.asarray(lons, float), np.asarray(lats, float))
        for tree, places in zip(self._trees, (self._streets, self._cells), strict=True):
            for which, area in tree.query(asked, predicate="intersects").T[::-1]:
                found[which] = places[area]
        return found

    def nearest(self, lat: float, lon: float) -> dict[str, Value]:
        """The nearest facility of every category: id, name_zh, name_en, metres (straight line)."""
        return {category: group.nearest(lat, lon) for category, group in self._facilities.items()}

    def km_outside(self, lat: float, lon: float) -> float:
        """Kilometres to the box around the city; 0 inside it, and where no city is known."""
        if self._bounds is None:
            return 0.0
        west, south, east, north = self._bounds
        return distance_m(lat, lon, min(max(lat, south), north), min(max(lon, west), east)) / 1000


def _street_place(properties: Mapping[str, Any], offices: Mapping[str, Mapping[str, Any]]) -> Place:
    code = str(properties["code"])
    office = offices.get(code, {})
    return Place(
        street=code,
        district=_text(properties.get("district")),
        office=_text(properties.get("station") or office.get("station")),
        office_zh=_text(office.get("office_zh")),
        office_en=_text(office.get("office_en")),
        street_zh=_text(properties.get("name_zh")),
        street_en=_text(properties.get("name_en")),
    )


def _cell_place(properties: Mapping[str, Any], streets: Mapping[str, Place]) -> Place:
    street = streets.get(str(properties["street"]), Place(street=str(properties["street"])))
    return replace(street, grid=str(properties["code"]), community=_text(properties.get("community")))


def _by_category(facilities: Sequence[Feature]) -> dict[str, _Facilities]:
    groups: dict[str, list[Feature]] = {}
    for feature in facilities:
        groups.setdefault(str(feature.properties["category"]), []).append(feature)
    return {category: _group(members) for category, members in sorted(groups.items())}


def _group(members: Sequence[Feature]) -> _Facilities:
    middles = [shape(feature.geometry).centroid for feature in members]
    names: list[dict[str, Value]] = [
        {name: _text(feature.properties.get(name)) for name in ("id", "name_zh", "name_en")} for feature in members
    ]
    lat, lon = ([getattr(middle, axis) for middle in middles] for axis in ("y", "x"))
    return _Facilities(tuple(names), np.radians(lat), np.radians(lon))


def _bounds(streets: Sequence[Feature]) -> tuple[float, float, float, float] | None:
    if not streets:
        return None
    boxes = np.array([shape(feature.geometry).bounds for feature in streets])
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _text(value: object) -> str | None:
    return str(value) if value not in (None, "") else None
