"""What the map shows now: the picture, which layers are on, and the scene of the ground that follows from both.

Kept apart from the widget so that the decisions can be tested without a pixel.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from workstation.domain.geometry import Floats
from workstation.mapping.basemap import Basemap
from workstation.mapping.choropleth import FEW, quantile_limits, steps_of
from workstation.mapping.layers import PointLayer, PolygonLayer
from workstation.mapping.picture import Picture
from workstation.views.map.furniture import Legend
from workstation.views.map.scene import Scene
from workstation.words import language

SWITCHES = ("incident", "alert", "sensor", "unit", "camera", "facility", "population", "load", "grid", "gather")
ON_AT_FIRST = frozenset({"incident", "alert", "sensor", "unit", "camera", "grid", "gather"})
CHOROPLETHS = ("population", "load")


@dataclass(frozen=True)
class Content:
    """One frozen state of the map's content. Every change makes another."""

    base: Basemap
    picture: Picture = field(default_factory=Picture)
    on: frozenset[str] = ON_AT_FIRST

    def switched(self, name: str, on: bool) -> "Content":
        """With a layer on or off; of the two choropleths at most one is on."""
        kept = self.on - {name}
        if on and name in CHOROPLETHS:
            kept = kept - set(CHOROPLETHS)
        return replace(self, on=kept | {name} if on else kept)

    @property
    def gather(self) -> bool:
        return "gather" in self.on

    def layers(self) -> Iterator[PointLayer]:
        """The point layers to draw, the lowest first."""
        return (layer for layer in self.picture.points if layer.kind in self.on)

    def layer(self, kind: str) -> PointLayer | None:
        return next((layer for layer in self.picture.points if layer.kind == kind), None)

    @property
    def alerts(self) -> PolygonLayer | None:
        layer = self.picture.alerts
        return layer if "alert" in self.on and layer is not None and len(layer.rings) else None

    def scene(self, ratio: float) -> Scene:
        """What the ground is to show."""
        return Scene(self.base, language(), ratio, self._cells(), self.alerts, "grid" in self.on)

    def legend(self) -> Legend | None:
        name = next((name for name in CHOROPLETHS if name in self.on), None)
        return Legend(f"map.legend.{name}", self._limits(name)) if name else None

    def _limits(self, name: str) -> tuple[float, ...]:
        values = self.base.grid.values
        if name == "load":
            return FEW
        return quantile_limits(values) if values is not None else ()

    def _cells(self) -> PolygonLayer | None:
        name = next((name for name in CHOROPLETHS if name in self.on), None)
        values = self.base.grid.values
        if name is None or values is None or not len(values):
            return None
        if name == "load":
            values = _loads(self.base.grid, self.picture.by_cell or {})
        return replace(self.base.grid, values=values, ranks=steps_of(values, self._limits(name)))

    def same_ground(self, other: "Content") -> bool:
        """Whether both stand on one ground, so that no tile has to be painted again."""
        on, before = self.on - {"gather"}, other.on - {"gather"}
        ground = {"alert", "grid", *CHOROPLETHS}
        return (
            self.base is other.base
            and on & ground == before & ground
            and _same_areas(self.alerts, other.alerts)
            and ("load" not in on or self.picture.by_cell == other.picture.by_cell)
        )


def _loads(grid: PolygonLayer, by_cell: Mapping[str, int]) -> Floats:
    return np.array([float(by_cell.get(code, 0)) for code in grid.ids])


def _same_areas(one: PolygonLayer | None, other: PolygonLayer | None) -> bool:
    if one is None or other is None:
        return one is other
    same_ids = list(one.ids) == list(other.ids) and np.array_equal(one.rings.x, other.rings.x)
    return bool(same_ids and np.array_equal(one.rings.y, other.rings.y) and _same_ranks(one, other))


def _same_ranks(one: PolygonLayer, other: PolygonLayer) -> bool:
    return one.ranks is not None and other.ranks is not None and np.array_equal(one.ranks, other.ranks)
