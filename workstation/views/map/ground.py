"""The ground painted into tiles: areas, choropleth, roads with casings, borders, alerts, names. Runs on a thread.

Cartographic order: what is large and still lies below what is narrow and names things. Roads are cased: every casing
of every class first, then the fills from the least to the greatest class, so that junctions flow into one another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from workstation.domain.geometry import unmercator
from workstation.domain.levels import LEVELS
from workstation.mapping.basemap import Basemap
from workstation.mapping.choropleth import STEPS
from workstation.mapping.layers import LineLayer, PolygonLayer
from workstation.mapping.viewport import Bounds, scale_of
from workstation.views.map.gate import Gate
from workstation.views.map.lettering import Lettering
from workstation.views.map.outlines import Outlines
from workstation.views.map.scene import TILE, Scene, TileKey
from workstation.views.palette import palette

ROAD_METRES = {"motorway": 30.0, "trunk": 26.0, "primary": 20.0, "secondary": 14.0, "residential": 8.0, "rail": 4.0}
ROAD_PIXELS = {"motorway": 2.6, "trunk": 2.2, "primary": 1.6, "secondary": 1.0, "residential": 0.7, "rail": 1.2}
ROAD_TONE = {
    "motorway": "road_trunk",
    "trunk": "road_trunk",
    "primary": "road_major",
    "secondary": "road_major",
    "residential": "road_minor",
}
CASING = 1.1
BORDER_PIXELS = {"grid": 0.8, "community": 0.9, "street": 1.3, "district": 1.8}
MARGIN = 24.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One tile being painted: its painter, the part of the world with a margin, and metres and device pixels."""

    painter: QPainter
    bounds: Bounds
    scale: float
    ratio: float
    gate: Gate

    def fill(self, paths: Iterator[QPainterPath]) -> None:
        """Draw with the pen and brush of the painter, a frame going first between any two."""
        for path in paths:
            self.gate.let_pass()
            self.painter.drawPath(path)

    def stroke(self, paths: Iterator[QPainterPath], pen: QPen) -> None:
        for path in paths:
            self.gate.let_pass()
            self.painter.strokePath(path, pen)

    def pen(self, colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """A pen whose width in logical pixels is the same at every zoom."""
        pen = QPen(QColor(colour), width * self.ratio, style)
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        return pen


class GroundPainter:
    """Paints tiles of scenes over one base map."""

    def __init__(self, base: Basemap, gate: Gate) -> None:
        self._gate = gate
        box = base.bounds
        self._origin = ((box.west + box.east) / 2, (box.south + box.north) / 2)
        self._stretch = cos(radians(float(unmercator(np.array([0.0]), np.array([self._origin[1]]))[1][0])))
        self._fixed = Outlines(self._origin)
        self._moving = Outlines(self._origin)
        self._lettering = Lettering(base, gate)

    def paint(self, scene: Scene, key: TileKey) -> QImage:
        """One tile of a scene, opaque, in device pixels."""
        side = round(TILE * scene.ratio)
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(QColor(palette().map.sea))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = self._sheet(painter, scene, key)
        painter.setTransform(self._transform(sheet, key))
        self._areas(sheet, scene)
        self._roads(sheet, scene.base.roads)
        self._late_areas(sheet, scene)
        self._borders(sheet, scene)
        self._alerts(sheet, scene)
        painter.resetTransform()
        painter.scale(scene.ratio, scene.ratio)
        self._lettering.paint(painter, key, scene.language)
        painter.end()
        return image

    def _sheet(self, painter: QPainter, scene: Scene, key: TileKey) -> Sheet:
        scale, box = scale_of(key.level), key.bounds
        extra = MARGIN * scale
        wider = Bounds(box.west - extra, box.south - extra, box.east + extra, box.north + extra)
        return Sheet(painter, wider, scale, scene.ratio, self._gate)

    def _transform(self, sheet: Sheet, key: TileKey) -> QTransform:
        k, box = sheet.ratio / sheet.scale, key.bounds
        return QTransform(k, 0, 0, -k, (self._origin[0] - box.west) * k, (box.north - self._origin[1]) * k)

    def _areas(self, sheet: Sheet, scene: Scene) -> None:
        for layer in scene.base.areas:
            if layer.tone != "building" and sheet.scale <= layer.coarsest:
                self._fill(sheet, layer, getattr(palette().map, layer.tone))
        if scene.cells is not None:
            self._cells(sheet, scene.cells)

    def _fill(self, sheet: Sheet, layer: PolygonLayer, colour: str) -> None:
        edge = layer.tone == "water"
        sheet.painter.setPen(sheet.pen(palette().map.water_line, 1.0) if edge else QPen(Qt.PenStyle.NoPen))
        sheet.painter.setBrush(QColor(colour))
        sheet.fill(self._seen(sheet, layer))

    def _cells(self, sheet: Sheet, cells: PolygonLayer) -> None:
        if cells.ranks is None:
            return
        seen = cells.rings.meeting(sheet.bounds)
        sheet.painter.setPen(sheet.pen(palette().map.land, 0.8))
        for step in range(STEPS):
            colour = QColor(palette().map.ramp[step])
            colour.setAlphaF(0.86)
            sheet.painter.setBrush(colour)
            sheet.fill(self._fixed.paths(cells.rings, seen[cells.ranks[seen] == step]))

    def _late_areas(self, sheet: Sheet, scene: Scene) -> None:
        """Buildings: above the roads' casings, and not under a choropleth, which they would hide."""
        for layer in scene.base.areas:
            if layer.tone == "building" and sheet.scale <= layer.coarsest and scene.cells is None:
                sheet.painter.setPen(sheet.pen(palette().map.building_line, 0.7))
                sheet.painter.setBrush(QColor(palette().map.building))
                sheet.fill(self._seen(sheet, layer))

    def _seen(self, sheet: Sheet, layer: PolygonLayer | LineLayer) -> Iterator[QPainterPath]:
        return self._fixed.paths(layer.rings, layer.rings.meeting(sheet.bounds))

    def _roads(self, sheet: Sheet, roads: tuple[LineLayer, ...]) -> None:
        shown = [layer for layer in roads if sheet.scale <= layer.coarsest]
        sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
        for layer in shown:
            if layer.tone != "rail" and self._width(sheet, layer.tone) > 1.4:
                sheet.stroke(self._seen(sheet, layer), self._road_pen(sheet, "road_case", layer.tone, 2 * CASING))
        for layer in shown:
            if layer.tone == "rail":
                self._rail(sheet, layer)
            else:
                sheet.stroke(self._seen(sheet, layer), self._road_pen(sheet, ROAD_TONE[layer.tone], layer.tone, 0.0))

    def _width(self, sheet: Sheet, tone: str) -> float:
        return max(ROAD_PIXELS[tone], ROAD_METRES[tone] / (sheet.scale * self._stretch))

    def _road_pen(self, sheet: Sheet, colour: str, tone: str, extra: float) -> QPen:
        pen = sheet.pen(getattr(palette().map, colour), self._width(sheet, tone) + extra)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if extra else Qt.PenCapStyle.RoundCap)
        return pen

    def _rail(self, sheet: Sheet, layer: LineLayer) -> None:
        dashes = sheet.pen(palette().map.road_case, 1.2, Qt.PenStyle.CustomDashLine)
        dashes.setDashPattern([6.0, 6.0])
        sheet.stroke(self._seen(sheet, layer), sheet.pen(palette().map.rail, 2.6))
        sheet.stroke(self._seen(sheet, layer), dashes)

    def _borders(self, sheet: Sheet, scene: Scene) -> None:
        sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
        for layer in scene.base.borders:
            wanted = layer.tone != "grid" or scene.grid
            if wanted and sheet.scale <= layer.coarsest:
                pen = sheet.pen(getattr(palette().map, layer.tone), BORDER_PIXELS[layer.tone])
                if layer.tone in ("street", "district"):
                    pen.setDashPattern([7.0, 3.0, 1.5, 3.0] if layer.tone == "district" else [4.0, 3.0])
                sheet.stroke(self._seen(sheet, layer), pen)

    def _alerts(self, sheet: Sheet, scene: Scene) -> None:
        """Areas of alerts: a light tint, hatching and a firm outline, seen in print and without colour too."""
        layer = scene.alerts
        if layer is None or layer.ranks is None:
            return
        self._moving.keep({id(layer.rings)})
        seen = layer.rings.meeting(sheet.bounds)
        for rank in np.unique(layer.ranks[seen]):
            alike = seen[layer.ranks[seen] == rank]
            colour = QColor(palette().severity(LEVELS[rank - 1] if rank else None))
            sheet.painter.setPen(sheet.pen(colour.name(), 1.8))
            colour.setAlpha(12)
            sheet.painter.setBrush(colour)
            sheet.fill(self._moving.paths(layer.rings, alike))
            colour.setAlpha(44)
            hatching = QBrush(colour, Qt.BrushStyle.BDiagPattern)
            hatching.setTransform(sheet.painter.transform().inverted()[0])
            sheet.painter.setBrushOrigin(QPointF(0, 0))
            sheet.painter.setPen(Qt.PenStyle.NoPen)
            sheet.painter.setBrush(hatching)
            sheet.fill(self._moving.paths(layer.rings, alike))
