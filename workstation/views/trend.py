"""What an instrument measured over the last hours, beside the levels at which it alarms; gaps stay gaps."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.domain.clock import CITY_ZONE
from workstation.domain.levels import Severity
from workstation.domain.records import Alarm, Sensor
from workstation.views.ages import age
from workstation.views.labels import Line
from workstation.views.workplace import Workplace
from workstation.words import pick, t

if TYPE_CHECKING:
    from workstation.views.trend_plot import TrendPlot

HOURS = 2
POINTS = 1200
GAP_PERIODS = 3


class TrendPage(QWidget):
    """The plot of one sensor. `limits` are the severities' levels that its rule gives it."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._sensor: Sensor | None = None
        self._limits: dict[Severity, float] = {}
        self._alarms: list[Alarm] = []
        self.plot: TrendPlot | None = None
        self.title, self.now = Line("title"), Line("second")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 8, 10, 8)
        self._column.addWidget(self.title)
        self._column.addWidget(self.now)
        self._rest = QWidget()
        self._column.addWidget(self._rest, 1)
        self.refresh()

    def show_sensor(self, sensor: Sensor, limits: dict[Severity, float], alarms: list[Alarm]) -> None:
        """Turn to a sensor; `alarms` are marked where they were raised."""
        self._sensor, self._limits, self._alarms = sensor, limits, alarms
        self._load()
        self.retranslate()

    def retranslate(self) -> None:
        """Say the words again, also those beside the lines of the plot."""
        if self._sensor is not None and self.plot is not None:
            self.plot.mark(self._limits, self._alarms, self._sensor.unit or "")
        self.refresh()

    def refresh(self) -> None:
        """Read the last hours again."""
        sensor, plot = self._sensor, self.plot
        if sensor is None or plot is None:
            self.title.tell(t("desk.trend.none"))
            self.now.tell(t("desk.trend.how"))
            return
        now = self._workplace.clock.now()
        since = now - timedelta(hours=HOURS)
        series = self._workplace.telemetry().series(sensor.id, since, now, points=POINTS)
        times, values = np.asarray(series[0]) / 1000.0, np.asarray(series[1], dtype=float)
        self.title.tell(f"{pick(sensor.name_zh, sensor.name_en) or sensor.id} · {sensor.id}")
        if len(times):
            newest = datetime.fromtimestamp(float(times[-1]), CITY_ZONE)
            value = t("unknown") if np.isnan(values[-1]) else f"{values[-1]:g}"
            self.now.tell(t("desk.trend.now", value=value, unit=sensor.unit or "", age=age(newest, now)))
        else:
            self.now.tell(t("desk.trend.empty", hours=HOURS))
        longest = GAP_PERIODS * max(sensor.period_s or 60.0, HOURS * 3600 / POINTS)
        plot.draw(times, values, longest, (since.timestamp(), now.timestamp()))

    def _load(self) -> None:
        """Make the plot when it is first needed."""
        if self.plot is None:
            self.plot = import_module("workstation.views.trend_plot").TrendPlot()
            self._column.replaceWidget(self._rest, self.plot.widget)
            self._rest.deleteLater()
