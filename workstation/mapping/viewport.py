"""The part of the world a map shows, as arithmetic: pan, zoom about a point, fit, and the way from metres to pixels.

World coordinates are Web-Mercator metres (x east, y north), screen coordinates logical pixels (x right, y down).
A viewport is a value: every gesture gives a new one, so a frame and its picks agree on one.
"""

from dataclasses import dataclass, replace
from math import cos, floor, log2, pi, radians

import numpy as np
from numpy.typing import NDArray

from workstation.domain.geometry import MERCATOR_RADIUS_M, Floats, unmercator

STEPS = 8
LEVELS = (24, 160)
WORLD_SCALE = 2 * pi * MERCATOR_RADIUS_M / 256


def scale_of(level: int) -> float:
    """Metres a pixel of a zoom level; `STEPS` levels halve it. Fixed levels let the ground be kept as tiles."""
    return float(WORLD_SCALE / 2 ** (level / STEPS))


def level_of(scale: float) -> int:
    """The finest level that shows at least as much as `scale`."""
    level = floor(STEPS * log2(WORLD_SCALE / max(scale, 1e-6)) + 1e-9)
    return max(LEVELS[0], min(LEVELS[1], level))


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in Web-Mercator metres."""

    west: float
    south: float
    east: float
    north: float

    def around(self, x: Floats, y: Floats) -> NDArray[np.int64]:
        """Which of these points lie inside."""
        return np.flatnonzero((x >= self.west) & (x <= self.east) & (y >= self.south) & (y <= self.north))

    def meets(self, other: "Bounds") -> bool:
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )

    def holds(self, other: "Bounds") -> bool:
        return (
            self.west <= other.west
            and other.east <= self.east
            and self.south <= other.south
            and other.north <= self.north
        )


def bounds_of(x: Floats, y: Floats) -> Bounds | None:
    """The box around points; None for no points."""
    if not len(x):
        return None
    return Bounds(float(x.min()), float(y.min()), float(x.max()), float(y.max()))


@dataclass(frozen=True, slots=True)
class Viewport:
    """Centre in metres, `scale` in metres a pixel, size in pixels."""

    x: float
    y: float
    scale: float
    width: int
    height: int

    @property
    def level(self) -> int:
        return level_of(self.scale)

    @property
    def bounds(self) -> Bounds:
        half_w, half_h = self.width * self.scale / 2, self.height * self.scale / 2
        return Bounds(self.x - half_w, self.y - half_h, self.x + half_w, self.y + half_h)

    def to_screen(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        return (x - self.x) / self.scale + self.width / 2, (self.y - y) / self.scale + self.height / 2

    def point(self, x: float, y: float) -> tuple[float, float]:
        """One world point in pixels."""
        return (x - self.x) / self.scale + self.width / 2, (self.y - y) / self.scale + self.height / 2

    def to_world(self, px: float, py: float) -> tuple[float, float]:
        return self.x + (px - self.width / 2) * self.scale, self.y - (py - self.height / 2) * self.scale

    def degrees(self, px: float, py: float) -> tuple[float, float]:
        """(lon, lat) under a pixel."""
        x, y = self.to_world(px, py)
        lon, lat = unmercator(np.array([x]), np.array([y]))
        return float(lon[0]), float(lat[0])

    def ground_scale(self) -> float:
        """Metres on the ground a pixel: the projection stretches by 1 / cos(latitude)."""
        _, lat = self.degrees(self.width / 2, self.height / 2)
        return self.scale * cos(radians(lat))

    def panned(self, dx: float, dy: float) -> "Viewport":
        """The content moved by (dx, dy) pixels."""
        return replace(self, x=self.x - dx * self.scale, y=self.y + dy * self.scale)

    def zoomed(self, steps: int, px: float, py: float) -> "Viewport":
        """At another level; what lies under the pixel (px, py) stays there."""
        scale = scale_of(max(LEVELS[0], min(LEVELS[1], level_of(self.scale) + steps)))
        x, y = self.to_world(px, py)
        return replace(self, scale=scale, x=x - (px - self.width / 2) * scale, y=y + (py - self.height / 2) * scale)

    def sized(self, width: int, height: int) -> "Viewport":
        return replace(self, width=max(1, width), height=max(1, height))

    def scaled(self, scale: float) -> "Viewport":
        return replace(self, scale=scale)

    def centred(self, x: float, y: float) -> "Viewport":
        return replace(self, x=x, y=y)

    def fitted(self, bounds: Bounds, margin: float = 0.04) -> "Viewport":
        """Centred on the box with the whole of it in sight and `margin` of the size free on every side."""
        room = 1 - 2 * margin
        across = (bounds.east - bounds.west) / (self.width * room)
        up = (bounds.north - bounds.south) / (self.height * room)
        scale = scale_of(level_of(max(across, up)))
        return replace(self, x=(bounds.west + bounds.east) / 2, y=(bounds.south + bounds.north) / 2, scale=scale)
