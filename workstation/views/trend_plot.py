"""The plot itself. It is loaded by name when the first sensor is shown: pyqtgraph costs a desk's start an eighth of a
second."""

from datetime import datetime
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workstation.domain.clock import CITY_ZONE
from workstation.domain.levels import Severity
from workstation.domain.records import Alarm
from workstation.views.palette import palette
from workstation.words import t

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


class TimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph carries no types
    """Local time of day under the plot."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        form = "%H:%M" if spacing >= 60 else "%H:%M:%S"
        return [datetime.fromtimestamp(value, CITY_ZONE).strftime(form) for value in values]


class TrendPlot:
    """A curve with its limits as dashed lines and its alarms as upright ones. `widget` is what is put on the page."""

    def __init__(self) -> None:
        pg.setConfigOptions(antialias=True, background=palette().bg, foreground=palette().text2)
        self._plot = pg.PlotWidget(axisItems={"bottom": TimeAxis("bottom")})
        self._plot.showGrid(x=True, y=True, alpha=0.15)
        self._plot.setMenuEnabled(False)
        self._curve = self._plot.plot(pen=pg.mkPen(palette().focus, width=2), connect="finite")
        self._lines: list[pg.InfiniteLine] = []
        self._is_empty = False

    @property
    def widget(self) -> QWidget:
        plot: QWidget = self._plot
        return plot

    def mark(self, limits: dict[Severity, float], alarms: list[Alarm], unit: str) -> None:
        """Show these limits and alarms in place of the ones before."""
        for line in self._lines:
            self._plot.removeItem(line)
        self._lines = [_limit(severity, value, unit) for severity, value in limits.items()]
        self._lines += [_raised(alarm.raised_at) for alarm in alarms if alarm.raised_at]
        for line in self._lines:
            self._plot.addItem(line)
        self._plot.setLabel("left", escape(unit))

    def draw(self, times: Numbers, values: Numbers, longest: float, asked: tuple[float, float]) -> None:
        """Times in seconds since 1970, UTC; no line is drawn where nothing came for longer than `longest` seconds.

        Where nothing came at all the axis spans the time that was `asked` about.
        """
        self._curve.setData(*with_gaps(times, values, longest))
        if not len(times):
            self._plot.setXRange(*asked, padding=0)
        elif self._is_empty:
            self._plot.enableAutoRange(axis="x")
        self._is_empty = not len(times)


def with_gaps(times: Numbers, values: Numbers, longest: float) -> tuple[Numbers, Numbers]:
    """NaN where nothing was measured for longer than `longest` seconds, so that no line is drawn across."""
    breaks = np.flatnonzero(np.diff(times) > longest) + 1
    return np.insert(times, breaks, times[breaks] - 1), np.insert(values, breaks, np.nan)


def _limit(severity: Severity, value: float, unit: str) -> pg.InfiniteLine:
    colour = palette().severity(severity)
    pen = pg.mkPen(colour, width=1, style=Qt.PenStyle.DashLine)
    label = f"{t(f'severity.{severity.value}')} {value:g} {unit}"
    options = {"color": colour, "position": 0.02, "movable": False, "anchors": [(0, 1), (0, 1)]}
    return pg.InfiniteLine(value, angle=0, pen=pen, label=label, labelOpts=options)


def _raised(at: datetime) -> pg.InfiniteLine:
    pen = pg.mkPen(palette().orange_ii, width=1)
    return pg.InfiniteLine(at.timestamp(), angle=90, pen=pen, label=t("desk.trend.alarm"), labelOpts={"position": 0.96})
