"""What an instrument measured over the last hours, beside the levels at which it alarms; gaps stay gaps."""

from datetime import datetime, timedelta

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.domain.levels import Severity
from workstation.domain.records import Alarm, Sensor
from workstation.views.ages import ZONE, age
from workstation.views.labels import Line
from workstation.views.palette import palette
from workstation.views.workplace import Workplace
from workstation.words import pick, t

HOURS = 2
POINTS = 1200
GAP_PERIODS = 3


class TimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph carries no types
    """Local time of day under the plot."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        form = "%H:%M" if spacing >= 60 else "%H:%M:%S"
        return [datetime.fromtimestamp(value, ZONE).strftime(form) for value in values]


class TrendPage(QWidget):
    """The plot of one sensor. `limits` are the severities' levels that its rule gives it."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._sensor: Sensor | None = None
        self.title, self.now = Line("title"), Line("second")
        pg.setConfigOptions(antialias=True, background=palette().bg, foreground=palette().text2)
        self.plot = pg.PlotWidget(axisItems={"bottom": TimeAxis("bottom")})
        self.plot.showGrid(x=True, y=True, alpha=0.15)
        self.plot.setMenuEnabled(False)
        self.curve = self.plot.plot(pen=pg.mkPen(palette().focus, width=2), connect="finite")
        self._lines: list[pg.InfiniteLine] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addWidget(self.title)
        column.addWidget(self.now)
        column.addWidget(self.plot, 1)
        self.refresh()

    def show_sensor(self, sensor: Sensor, limits: dict[Severity, float], alarms: list[Alarm]) -> None:
        """Turn to a sensor; `alarms` are marked where they were raised."""
        self._sensor = sensor
        for line in self._lines:
            self.plot.removeItem(line)
        self._lines = [self._limit(severity, value, sensor) for severity, value in limits.items()]
        self._lines += [self._mark(alarm) for alarm in alarms if alarm.raised_at]
        for line in self._lines:
            self.plot.addItem(line)
        self.refresh()

    def refresh(self) -> None:
        """Read the last hours again."""
        sensor = self._sensor
        if sensor is None:
            self.title.tell(t("desk.trend.none"))
            self.now.tell(t("desk.trend.how"))
            return
        now = self._workplace.clock.now()
        series = self._workplace.telemetry().series(sensor.id, now - timedelta(hours=HOURS), now, points=POINTS)
        times, values = np.asarray(series[0]) / 1000.0, np.asarray(series[1], dtype=float)
        self.title.tell(f"{pick(sensor.name_zh, sensor.name_en) or sensor.id} · {sensor.id}")
        if not len(times):
            self.now.tell(t("desk.trend.empty", hours=HOURS))
            self.curve.setData([], [])
            return
        newest = datetime.fromtimestamp(float(times[-1]), ZONE)
        self.now.tell(t("desk.trend.now", value=f"{values[-1]:g}", unit=sensor.unit or "", age=age(newest, now)))
        self.plot.setLabel("left", sensor.unit or "")
        self.curve.setData(
            *_with_gaps(times, values, GAP_PERIODS * max(sensor.period_s or 60.0, HOURS * 3600 / POINTS))
        )

    def _limit(self, severity: Severity, value: float, sensor: Sensor) -> pg.InfiniteLine:
        colour = palette().severity(severity)
        pen = pg.mkPen(colour, width=1, style=Qt.PenStyle.DashLine)
        label = f"{t(f'severity.{severity.value}')} {value:g} {sensor.unit or ''}"
        options = {"color": colour, "position": 0.02, "movable": False, "anchors": [(0, 1), (0, 1)]}
        return pg.InfiniteLine(value, angle=0, pen=pen, label=label, labelOpts=options)

    def _mark(self, alarm: Alarm) -> pg.InfiniteLine:
        at = alarm.raised_at.timestamp() if alarm.raised_at else 0.0
        return pg.InfiniteLine(at, angle=90, pen=pg.mkPen(palette().orange_ii, width=1), label=t("desk.trend.alarm"))


def _with_gaps(
    times: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]",
    values: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]",
    longest: float,
) -> tuple["np.ndarray[tuple[int, ...], np.dtype[np.float64]]", "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"]:
    """NaN where nothing was measured for longer than `longest` seconds, so that no line is drawn across."""
    breaks = np.flatnonzero(np.diff(times) > longest) + 1
    return np.insert(times, breaks, times[breaks] - 1), np.insert(values, breaks, np.nan)
