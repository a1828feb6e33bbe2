"""The base map of a city: its content folder read into arrays, in the order in which they are painted.

Everything comes from the city's own files, so another city is another folder. What a file does not hold is not drawn;
what is broken raises ContentError with file and feature. Real widths of roads are kept here because they are a property
of the class, while colours are the business of the painter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from workstation.content import Feature, read_geojson, read_yaml
from workstation.domain.errors import ContentError
from workstation.domain.geometry import mercator
from workstation.mapping.geopackage import read_buildings
from workstation.mapping.layers import LineLayer, Places, PolygonLayer, Rings, flatten
from workstation.mapping.viewport import Bounds

Names = tuple[str, str]
LANDUSE = ("farmland", "residential", "commercial", "industrial", "school", "park")
ROADS = ("residential", "rail", "secondary", "primary", "trunk", "motorway")
ROAD_COARSEST = {"residential": 10.0, "rail": 60.0, "secondary": 32.0}
BUILDINGS_COARSEST = 4.2


@dataclass(frozen=True)
class Basemap:
    """A city as areas, lines and names, each in painting order; `grid` holds the unit grid cells with their codes as
    ids and their population as values (NaN where unknown)."""

    names: Names
    bounds: Bounds
    areas: tuple[PolygonLayer, ...] = ()
    roads: tuple[LineLayer, ...] = ()
    borders: tuple[LineLayer, ...] = ()
    places: tuple[Places, ...] = ()
    grid: PolygonLayer = field(default_factory=lambda: PolygonLayer("grid", flatten([])))

    def cell_at(self, x: float, y: float) -> int | None:
        """The grid cell under a point in metres; None outside the grid."""
        return self.grid.rings.at(x, y)


def read_basemap(city: Path) -> Basemap:
    """Read a city's folder, such as `maps/linjiang`. Raises ContentError naming the file that is broken."""
    about = read_yaml(city / "city.yaml")
    grid, districts, streets = (_features(city, name) for name in ("grid", "districts", "streets"))
    communities, water, roads = (_features(city, name) for name in ("communities", "water", "roads"))
    return Basemap(
        _named(about),
        _bounds(about.get("bbox")),
        _areas(city, districts, water),
        tuple(_road_layers(roads)),
        _borders(grid, communities, streets, districts),
        _places(districts, water, streets, communities),
        _grid(grid),
    )


def _features(city: Path, name: str) -> list[Feature]:
    path = city / f"{name}.geojson"
    return read_geojson(path) if path.is_file() else []


def _named(properties: dict[str, Any]) -> Names:
    zh, en = str(properties.get("name_zh") or ""), str(properties.get("name_en") or "")
    return zh, en


def _bounds(box: Any) -> Bounds:
    if not isinstance(box, list) or len(box) != 4:
        raise ContentError("city.yaml", "bbox", "needs west, south, east, north in degrees")
    x, y = mercator(np.array([box[0], box[2]], float), np.array([box[1], box[3]], float))
    return Bounds(float(x[0]), float(y[0]), float(x[1]), float(y[1]))


def shapes_of(geometry: dict[str, Any]) -> list[list[Any]]:
    """The polygons of a geometry as lists of rings of (lon, lat); none for points and lines."""
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        return [shape for part in geometry.get("geometries", []) for shape in shapes_of(part)]
    if kind == "Polygon":
        return [geometry["coordinates"]]
    return list(geometry["coordinates"]) if kind == "MultiPolygon" else []


def _lines_of(geometry: dict[str, Any]) -> list[Any]:
    if geometry["type"] == "LineString":
        return [geometry["coordinates"]]
    return list(geometry["coordinates"]) if geometry["type"] == "MultiLineString" else []


def _polygons(features: Sequence[Feature], tone: str, coarsest: float = float("inf")) -> PolygonLayer:
    shapes = [shape for feature in features for shape in shapes_of(feature.geometry)]
    return PolygonLayer(tone, flatten(shapes), coarsest=coarsest)


def _areas(city: Path, districts: list[Feature], water: list[Feature]) -> tuple[PolygonLayer, ...]:
    landuse = _features(city, "landuse")
    tones = [
        _polygons([one for one in landuse if one.properties.get("class") == tone], tone, _landuse_coarsest(tone))
        for tone in LANDUSE
    ]
    surfaces = [one for one in water if "Polygon" in one.geometry["type"]]
    layers = [_polygons(districts, "land"), *tones, _polygons(surfaces, "water")]
    layers += [_buildings(path) for path in sorted(city.glob("*.gpkg"))]
    return tuple(layer for layer in layers if len(layer.rings))


def _buildings(path: Path) -> PolygonLayer:
    return PolygonLayer("building", flatten([one.rings for one in read_buildings(path)]), coarsest=BUILDINGS_COARSEST)


def _landuse_coarsest(tone: str) -> float:
    return 40.0 if tone in ("school", "commercial") else 120.0


def _road_layers(roads: list[Feature]) -> list[LineLayer]:
    layers = []
    for tone in ROADS:
        lines, names = [], []
        for road in roads:
            if road.properties.get("class") == tone:
                parts = _lines_of(road.geometry)
                lines += [[part] for part in parts]
                names += [_named(road.properties)] * len(parts)
        if lines:
            layers.append(LineLayer(tone, flatten(lines), ROAD_COARSEST.get(tone, float("inf")), names))
    return layers


def _borders(*levels: list[Feature]) -> tuple[LineLayer, ...]:
    """Outlines from the smallest area to the largest; the finer ones fade out first."""
    tones = (("grid", 6.0), ("community", 9.0), ("street", 40.0), ("district", 400.0))
    layers = []
    for (tone, coarsest), features in zip(tones, levels, strict=True):
        rings = [[ring] for one in features for shape in shapes_of(one.geometry) for ring in shape]
        if rings:
            layers.append(LineLayer(tone, flatten(rings), coarsest))
    return tuple(layers)


def _middle(shape: Rings) -> tuple[float, float]:
    """Where a name stands: the middle of an area by its corners' polygon, weighted by area."""
    end = shape.starts[1]
    x, y = shape.x[:end] - shape.x[0], shape.y[:end] - shape.y[0]
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    double = float(cross.sum())
    if abs(double) < 1e-6:
        return float(shape.x[:end].mean()), float(shape.y[:end].mean())
    cx = float(((x + np.roll(x, -1)) * cross).sum()) / (3 * double)
    cy = float(((y + np.roll(y, -1)) * cross).sum()) / (3 * double)
    return cx + float(shape.x[0]), cy + float(shape.y[0])


def _area_middle(feature: Feature) -> tuple[float, float] | None:
    shapes = shapes_of(feature.geometry)
    largest = max(shapes, key=lambda shape: len(shape[0]), default=None)
    return _inside(flatten([largest])) if largest else None


def _inside(shape: Rings) -> tuple[float, float]:
    """The middle of an area; of a bent one, such as a river, the middle of its widest part straight above or below."""
    x, y = _middle(shape)
    if shape.at(x, y) is not None:
        return x, y
    xs, ys = shape.x[: shape.starts[1]], shape.y[: shape.starts[1]]
    nx, ny = np.roll(xs, -1), np.roll(ys, -1)
    spans = (xs > x) != (nx > x)
    cuts = np.sort(ys[spans] + (x - xs[spans]) * (ny[spans] - ys[spans]) / (nx[spans] - xs[spans]))
    if len(cuts) < 2:
        return x, y
    pairs = cuts[: len(cuts) // 2 * 2].reshape(-1, 2)
    widest = pairs[int(np.argmax(pairs[:, 1] - pairs[:, 0]))]
    return x, float(widest.mean())


def _line_middle(feature: Feature) -> tuple[float, float] | None:
    lines = _lines_of(feature.geometry)
    if not lines:
        return _area_middle(feature)
    line = flatten([[max(lines, key=len)]])
    return float(line.x[len(line.x) // 2]), float(line.y[len(line.y) // 2])


def _named_places(features: Sequence[Feature], tone: str, coarsest: float) -> Places:
    where: Callable[[Feature], tuple[float, float] | None] = _line_middle if tone == "water" else _area_middle
    found = [
        (place, _named(one.properties)) for one in features if (place := where(one)) and any(_named(one.properties))
    ]
    x = np.array([place[0] for place, _ in found], float)
    y = np.array([place[1] for place, _ in found], float)
    return Places(tone, x, y, [names for _, names in found], coarsest)


def _places(
    districts: list[Feature], water: list[Feature], streets: list[Feature], communities: list[Feature]
) -> tuple[Places, ...]:
    return (
        _named_places(districts, "district", 120.0),
        _named_places(water, "water", 24.0),
        _named_places(streets, "street", 22.0),
        _named_places(communities, "community", 5.0),
    )


def _grid(cells: list[Feature]) -> PolygonLayer:
    kept = [(one, shape) for one in cells for shape in shapes_of(one.geometry)[:1]]
    people = [one.properties.get("population") for one, _ in kept]
    return PolygonLayer(
        "grid",
        flatten([shape for _, shape in kept]),
        ids=[str(one.properties.get("code") or "") for one, _ in kept],
        names=[_named(one.properties) for one, _ in kept],
        values=np.array([np.nan if value is None else float(value) for value in people]),
    )
