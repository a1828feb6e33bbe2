"""What an instrument measured: a gap stays a gap, the limits stand beside it, and nothing measured is said in words."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pyqtgraph as pg
import pytest

from tests.desks import Room, alarm, gauge, texts
from workstation.domain.levels import Severity
from workstation.domain.observation import Observation
from workstation.domain.records import Alarm, Sensor
from workstation.views.palette import palette
from workstation.views.trend import TrendPage

LIMITS = {Severity.IV: 5.0, Severity.III: 10.0, Severity.II: 20.0, Severity.I: 25.0}


def measured(room: Room, values: dict[float, float]) -> None:
    """Values by the seconds before now."""
    now = room.clock.now()
    seen = [Observation("RM-07", now - timedelta(seconds=before), value) for before, value in values.items()]
    room.station.observe(seen).result()


def page(room: Room, *alarms: Alarm) -> TrendPage:
    room.write(gauge(), *alarms)
    room.window.pick("sensor", "RM-07")
    return room.window.pages.trend


def lines(trend: TrendPage) -> list[pg.InfiniteLine]:
    return [one for one in trend.plot.widget.getPlotItem().items if isinstance(one, pg.InfiniteLine)]


def labels(trend: TrendPage) -> list[str]:
    return sorted(one.label.format for one in lines(trend))


def curve(trend: TrendPage) -> pg.PlotDataItem:
    [drawn] = trend.plot.widget.getPlotItem().listDataItems()
    return drawn


def test_a_gap_in_the_measurements_is_a_gap_in_the_line(room: Room) -> None:
    measured(room, {float(before): 12.0 for before in (*range(3000, 2000, -10), *range(1000, 0, -10))})
    drawn = curve(page(room))
    times, values = drawn.getData()
    [gap] = np.flatnonzero(np.isnan(values))
    assert times[gap + 1] - times[gap - 1] == pytest.approx(1010)
    assert drawn.opts["connect"] == "finite"


def test_a_measurement_unknown_to_the_gauge_itself_is_a_gap_and_said(room: Room) -> None:
    measured(room, {30.0: 12.0, 20.0: 13.0, 10.0: float("nan")})
    trend = page(room)
    assert np.isnan(curve(trend).getData()[1][-1])
    assert trend.now.text() == "当前 未知 cm · 10 秒前"


def test_the_newest_value_is_told_with_unit_and_age(room: Room) -> None:
    measured(room, {30.0: 12.0, 10.0: 26.5})
    trend = page(room)
    assert (trend.title.text(), trend.now.text()) == ("人民路下穿积水计 · RM-07", "当前 26.5 cm · 10 秒前")
    room.clock.advance(50)
    trend.refresh()
    assert trend.now.text() == "当前 26.5 cm · 1 分前"


def test_nothing_measured_is_said_and_leaves_no_old_line(room: Room) -> None:
    measured(room, {10.0: 26.5})
    trend = page(room)
    room.clock.advance(3 * 3600)
    trend.refresh()
    assert trend.now.text() == "近 2 小时没有数据"
    assert curve(trend).getData()[0] is None or not len(curve(trend).getData()[0])


def test_where_nothing_was_measured_the_axis_spans_the_hours_asked_about(room: Room) -> None:
    trend = page(room, alarm(room.clock, "RM-07", "I"))
    now = room.clock.now().timestamp()
    assert trend.plot.widget.viewRange()[0] == [now - 7200, now]
    assert not trend.plot.widget.getViewBox().autoRangeEnabled()[0]
    measured(room, {600.0: 12.0, 10.0: 26.5})
    trend.refresh()
    assert trend.plot.widget.getViewBox().autoRangeEnabled()[0]


def test_without_a_sensor_the_page_says_how_to_choose_one(room: Room) -> None:
    room.window.tabs.setCurrentWidget(room.window.pages.trend)
    assert {"未选择传感器", "在地图或报警列表中选择一个传感器"} <= set(texts(room.window.pages.trend))


def test_each_limit_of_the_rule_stands_in_the_plot_with_word_number_and_colour(room: Room) -> None:
    trend = page(room)
    drawn = {one.value(): one for one in lines(trend)}
    assert set(drawn) == set(LIMITS.values())
    for severity, value in LIMITS.items():
        assert drawn[value].pen.color().name().upper() == palette().severity(severity).upper()
    assert labels(trend) == ["Ⅰ 特别严重 25 cm", "Ⅱ 严重 20 cm", "Ⅲ 较重 10 cm", "Ⅳ 一般 5 cm"]


def test_an_alarm_is_marked_where_it_was_raised(room: Room) -> None:
    trend = page(room, alarm(room.clock, "RM-07", "I"))
    [mark] = [one for one in lines(trend) if one.angle == 90]
    assert mark.value() == room.clock.now().timestamp()


def test_limits_and_marks_speak_the_language_of_the_desk(room: Room) -> None:
    trend = page(room, alarm(room.clock, "RM-07", "I"))
    assert "报警" in labels(trend)
    room.window.speak("en")
    assert labels(trend) == ["I extreme 25 cm", "II severe 20 cm", "III moderate 10 cm", "IV minor 5 cm", "alarm"]
    assert trend.title.text() == "Renmin Road Underpass Ponding Gauge · RM-07"


def test_turning_to_another_sensor_leaves_nothing_of_the_first(room: Room) -> None:
    measured(room, {10.0: 26.5})
    trend = page(room)
    room.write(Sensor(id="Q-1", name_zh="雨量计", type="nothing_known", unit="mm"))
    room.window.pick("sensor", "Q-1")
    assert labels(trend) == []
    assert trend.now.text() == "近 2 小时没有数据"


@pytest.mark.parametrize("seconds", [60.0, 3600.0])
def test_the_axis_tells_the_city_s_own_time(room: Room, seconds: float) -> None:
    axis: Callable[[list[float], float, float], list[str]] = page(room).plot.widget.getAxis("bottom").tickStrings
    assert axis([room.clock.now().timestamp()], 1.0, seconds) == ["19:40"]
