"""The desk can be read out, walked by Tab, and is quiet when nothing is wrong."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QApplication, QWidget

from tests.desks import Room, alarm, flood, press, run_of, step
from workstation.domain.levels import NUMERAL, Severity
from workstation.views.palette import palette, severity_path
from workstation.words import LANGUAGES

MOST_SATURATED = 0.02


def takes_focus(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def name_of(widget: QWidget) -> str:
    """What a screen reader says a control is."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def controls(root: QWidget) -> list[QWidget]:
    inside = (one for one in root.findChildren(QWidget) if one.window() is root)
    return [one for one in inside if takes_focus(one) and one.isEnabled()]


def nameless(root: QWidget) -> list[str]:
    return [f"{one.metaObject().className()} {one.objectName()}" for one in controls(root) if not name_of(one).strip()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_has_a_name_to_be_read_out(room: Room, language: str) -> None:
    room.open_with(flood(room.clock, 1))
    room.turn_to("i1")
    room.window.speak(language)
    assert nameless(room.window) == []
    assert nameless(room.window.calls.open()) == []


def test_tab_walks_through_the_whole_desk_and_comes_back(room: Room) -> None:
    room.open_with(flood(room.clock, 1))
    room.turn_to("i1")
    press(Qt.Key.Key_F3)
    seen: list[QWidget] = []
    while (now := QApplication.focusWidget()) not in seen:
        seen.append(now)
        assert len(seen) < 100
        press(Qt.Key.Key_Tab)
    assert room.window.queue.table in seen
    assert room.window.map.canvas in seen
    assert room.window.header.new in seen
    assert {one for one in controls(room.window) if one.isVisible()} <= set(seen)


def test_a_quiet_desk_is_grey(city_room: Room) -> None:
    """Bright colour is for the abnormal: fewer than two pixels in a hundred are saturated when nothing is wrong."""
    city_room.window.resize(1920, 1080)
    canvas = city_room.window.map.canvas
    city_room.until(lambda: canvas.tiles.complete(canvas.wished()))
    assert saturated(city_room.window.grab().toImage()) < MOST_SATURATED


def test_an_evening_of_red_alarms_is_seen_at_once(room: Room) -> None:
    quiet = saturated(room.window.grab().toImage())
    clock = room.clock
    room.open_with(*(flood(clock, number, "I", state="reported") for number in range(1, 12)))
    room.write(*(alarm(clock, f"RM-{number:02d}", "I") for number in range(12)))
    room.write(*run_of("i1", step(clock, "i1", "F1", due_at=clock.now())))
    press(Qt.Key.Key_F5)
    room.until(lambda: len(room.window.pages.alarms.table.rows_model.rows) == 12)
    assert saturated(room.window.grab().toImage()) > quiet


def saturated(picture: QImage) -> float:
    """The share of pixels with HSV saturation above 0.6 and value above 0.5."""
    rgb = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    pixels = rows[:, : rgb.width() * 3].reshape(-1, 3).astype(float)
    high, low = pixels.max(axis=1), pixels.min(axis=1)
    return float(np.mean((high > 127.5) & ((high - low) > 0.6 * np.maximum(high, 1.0))))


def test_severity_is_never_told_by_colour_alone() -> None:
    assert len(set(NUMERAL.values())) == len(Severity)
    outlines = {severity: severity_path(severity, QPointF(0, 0), 10) for severity in Severity}
    assert len({path.elementCount() for path in outlines.values()}) == len(Severity)


@pytest.mark.parametrize("token", ["text", "text2", "red_i", "orange_ii", "yellow_iii", "blue_iv", "shelved", "focus"])
def test_every_colour_of_a_text_can_be_read_on_page_and_card(token: str) -> None:
    for ground in (palette().bg, palette().panel):
        assert contrast(getattr(palette(), token), ground) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
