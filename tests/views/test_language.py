"""The language is changed at run time, and nothing of the one before is left anywhere on the desk."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QSpinBox,
    QTableView,
    QTabWidget,
    QWidget,
)

from tests.desks import Room, alarm, flood, gauge, run_of, step
from tests.views.conftest import bare_room
from workstation.domain.observation import Observation
from workstation.domain.records import Report, Run, Sensor, Source, Task
from workstation.views.asking import ask_choice
from workstation.views.demo_bar import DemoBar
from workstation.words import LANGUAGES

CJK = re.compile(r"[\u3400-\u9fff\uff01-\uff5e\u3001-\u303f]")
LATIN = re.compile(r"[A-Za-z]{2,}")
CODES = re.compile(
    r"SJ\d+-[\w-]+|i\d+|RM-\d+|PB-[A-Z]+|[A-Z]\d{1,2}\b|ZX|JD\d+|\bcm\b|\bHome\b|\bCtrl\b|\bAlt\b|\bShift\b|\bEnter\b|\bEsc\b|wang|rmlxc|English"
)
"""What is no word of a language: numbers and codes, names of keys, units, who sits there; the way to the other one."""


class Standing:
    """An evening that stands still."""

    minute, last_minute, speed, is_scripted, is_cut = 12.0, 116.0, 10.0, True, False


SAYING = {
    QLabel: lambda one: [one.text()],
    QAbstractButton: lambda one: [one.text()],
    QMessageBox: lambda one: [one.text()],
    QLineEdit: lambda one: [one.placeholderText()],
    QSpinBox: lambda one: [one.specialValueText()],
    QTabWidget: lambda one: [one.tabText(number) for number in range(one.count())],
    QComboBox: lambda one: [one.itemText(number) for number in range(one.count())],
    QTableView: lambda one: table_words(one),
}
QTS_OWN_ARROWS = ("ScrollLeftButton", "ScrollRightButton")
"""Qt names them when it makes them, and never again; nobody reads them: Tab passes them by."""


def words_of(widget: QWidget) -> Iterator[str]:
    """All that a widget says: to the eye, on a tip, and to a screen reader."""
    if widget.objectName() not in QTS_OWN_ARROWS:
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    for kind, saying in SAYING.items():
        if isinstance(widget, kind):
            yield from saying(widget)
    if widget.isWindow():
        yield widget.windowTitle()


def table_words(table: QTableView) -> Iterator[str]:
    model = table.model()
    for column in range(model.columnCount()):
        yield str(model.headerData(column, table.horizontalHeader().orientation()) or "")
        yield from (str(model.index(row, column).data()) for row in range(model.rowCount()))


def said(root: QWidget) -> set[str]:
    return {words for one in (root, *root.findChildren(QWidget)) for words in words_of(one) if words}


def foreign(language: str, told: set[str]) -> list[str]:
    """What is not of that language."""
    alien = {"zh": LATIN, "en": CJK}[language]
    way_out = {"zh": "English", "en": "中文"}[language]
    return sorted(one for one in told if alien.search(CODES.sub("", one.replace(way_out, ""))))


@pytest.fixture(scope="module")
def lively(tmp_path_factory, dressed) -> Iterator[Room]:
    """A desk on which every list holds something, none of it a person's own words. Tests only change its language."""
    with bare_room(tmp_path_factory.mktemp("lively")) as room:
        enliven(room)
        yield room


def enliven(room: Room) -> None:
    clock = room.clock
    levels = enumerate((None, "I", "II", "III", "IV"), 1)
    room.open_with(*(flood(clock, number, level, title="人民路下穿城市内涝") for number, level in levels))
    steps = [
        step(clock, "i1", f"F{number}", state=state, done_at=clock.now() if state == "done" else None)
        for number, state in enumerate(("active", "done", "skipped", "unknown", "first_confirmed", "waiting"), 1)
    ]
    room.write(
        gauge(),
        *run_of("i1", *steps),
        Run(id="run:s", incident="i1", playbook="PB-GAS", state="suggested", suggested="II", inputs={"trapped": 3}),
        *(
            Task(id=f"t{state}", incident="i1", step="run:i1:F1", state=state, office="JD03", sent_at=clock.now())
            for state in ("sent", "delivered", "acknowledged", "under_way", "done", "returned")
        ),
        *(
            Report(id=f"r{merge}", incident="i1", merge=merge, source=source, text="", received_at=clock.now())
            for merge, source in (("founding", "desk:ZX"), ("proposed", "calls:a"), ("automatic", "open311"))
        ),
        *(alarm(clock, f"RM-0{n}", "I", state) for n, state in enumerate(("raised", "acknowledged", "returned"), 1)),
        alarm(clock, "RM-07", "II", "cleared", cleared_at=clock.now(), stale=True),
        *(Sensor(id=f"RM-0{n}", name_zh="积水计", name_en="Ponding gauge", unit="cm") for n in range(1, 4)),
        Source(id="calls", name="calls", state="outage", since=clock.now(), reason=""),
        Source(id="mqtt", name="mqtt", state="ok", since=clock.now(), reason=""),
    )
    room.station.observe([Observation("RM-07", clock.now(), 12.0)]).result()
    room.until(lambda: len(room.window.snapshot.sources) == 2)
    room.turn_to("i1")
    room.until(lambda: len(room.window.incident.dossier.reports) == 3)
    room.window.pick("sensor", "RM-07")
    room.window.add_bar(DemoBar(Standing()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_the_switch_no_word_of_the_other_language_is_left(lively: Room, language: str) -> None:
    form = lively.window.calls.open()
    for one in (*LANGUAGES, *reversed(LANGUAGES)):
        lively.window.speak(one)
    lively.window.speak(language)
    lively.window.header.tick()
    assert len(said(lively.window)) > 150
    lively.until(lambda: not any("积水计" in one for one in said(lively.window)) or language == "zh")
    assert foreign(language, said(lively.window)) == []
    assert foreign(language, said(form)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_desk_with_nothing_on_it_speaks_one_language(room: Room, language: str) -> None:
    room.window.speak("en")
    room.window.speak(language)
    room.window.header.tick()
    assert foreign(language, said(room.window)) == []


def test_the_window_says_the_same_things_when_the_language_comes_back(lively: Room) -> None:
    lively.window.speak("zh")
    lively.window.header.tick()
    before = said(lively.window)
    lively.window.speak("en")
    lively.window.speak("zh")
    lively.window.header.tick()
    assert said(lively.window) == before


def buttons(dialog: QDialog) -> list[str]:
    box = dialog.findChild(QDialogButtonBox)
    return [box.button(kind).text().replace("&", "") for kind in (box.StandardButton.Ok, box.StandardButton.Cancel)]


@pytest.mark.parametrize(("language", "told"), [("zh", ["确定", "取消"]), ("en", ["OK", "Cancel"])])
def test_the_buttons_of_a_question_speak_the_language_of_the_desk(lively: Room, language: str, told: list[str]) -> None:
    lively.window.speak("en")
    lively.window.speak(language)
    seen: list[tuple[list[str], list[str]]] = []

    def look_and_leave() -> None:
        [question] = lively.window.findChildren(QInputDialog)
        seen.append((buttons(question), foreign(language, said(question))))
        question.reject()

    QTimer.singleShot(0, look_and_leave)
    assert ask_choice(lively.window, "desk.ask.level", ["Ⅰ", "Ⅱ"]) == ""
    assert seen == [(told, [])]


@pytest.mark.parametrize(("language", "ok"), [("zh", "确定"), ("en", "OK")])
def test_the_help_speaks_the_language_of_the_desk(lively: Room, language: str, ok: str) -> None:
    lively.window.speak(language)
    lively.window.header.help.click()
    [box] = lively.window.findChildren(QMessageBox)
    assert box.button(QMessageBox.StandardButton.Ok).text().replace("&", "") == ok
    assert foreign(language, {re.sub(r"^\S+\t", "", line) for line in box.text().split("\n")}) == []
    box.accept()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_on_the_map_calls_an_incident_what_the_queue_calls_it(lively: Room, language: str) -> None:
    lively.window.speak(language)
    title = lively.window.map.title_of("incident", "i1")
    assert title == lively.window.incident._title.text()
    assert foreign(language, {title}) == []
    assert lively.window.map.title_of("sensor", "RM-07") is None
