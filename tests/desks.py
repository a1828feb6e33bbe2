"""A person's desk on a real station: the test sits down, types and clicks, and reads what the widgets show."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from tests.stations import known
from workstation.app.assembly import assembled, city, teach
from workstation.app.desk import Desk
from workstation.app.seat import Person
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.records import KIND_OF, Alarm, Incident, Record, Run, Sensor, Step
from workstation.station import Space, Station
from workstation.sync.link_state import LinkState
from workstation.views.row_table import RowTable
from workstation.views.window import MainWindow

R = TypeVar("R", bound=Record)
ACTS = {"alarm": "alarm.raise", "report": "report.merge", "task": "task.send", "run": "run.start", "step": "step.plan"}
UNDERPASS = (29.606482, 124.190213)
"""人民路下穿, of which the callers speak."""
SMALL = (1366, 768)
PATIENCE_S = 60.0
PATIENCE_MS = 60_000


@dataclass(slots=True)
class Cable:
    """A link to the centre that is as the test says."""

    state: LinkState


@dataclass(frozen=True, slots=True)
class Room:
    """The desk, the station under it, and the clock on the wall."""

    desk: Desk
    station: Station
    clock: ManualClock

    @property
    def window(self) -> MainWindow:
        return self.desk.window

    def write(self, *records: Record, author: str = "wang") -> None:
        """Let the station know of records as if somebody had told it."""
        drafts = [Draft(author, ACTS.get(KIND_OF[type(one)], "incident.open"), changes_of(one)) for one in records]
        self.station.write(drafts).result()

    def known(self, cls: type[R], **equals: object) -> list[R]:
        """What the station's tables hold."""
        return known(self.station, cls, **equals)

    def until(self, condition: Callable[[], object]) -> None:
        """Let the desk go on until it shows it; the test fails when it does not come to that."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, "the desk did not come to show it"
            QTest.qWait(5)

    def open_with(self, *records: Record) -> None:
        """Write incidents and wait until the queue shows as many."""
        before = len(self.window.queue.table.rows_model.rows)
        self.write(*records)
        count = before + sum(isinstance(one, Incident) for one in records)
        self.until(lambda: len(self.window.queue.table.rows_model.rows) == count)

    def turn_to(self, incident: str) -> None:
        """Choose an incident and wait until its page shows it."""
        self.window.choose_incident(incident)
        self.until(lambda: self.window.incident.dossier and self.window.incident.dossier.incident.id == incident)

    def said(self) -> str:
        """The line at the foot of the window, without the word that it was not done."""
        return self.window.statusBar().currentMessage().removeprefix("未执行:").removeprefix("Not done: ")


def press(key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """A key on the list that has popped up, else on what has the focus, as a keyboard does it."""
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    QTest.keyClick(QApplication.activePopupWidget() or focused(), key, held)


def focused() -> QWidget:
    """What the next key goes to; where a window was closed, another is made active, as a window manager does."""
    active = QApplication.activeWindow()
    if active is None or not active.isVisible():
        [*_, window] = (one for one in QApplication.topLevelWidgets() if one.isVisible() and one.isWindow())
        window.activateWindow()
        QCoreApplication.processEvents()
    return QApplication.focusWidget() or QApplication.activeWindow()


def type_in(text: str) -> None:
    """Text at the focus: latin by keys, anything else as an input method commits it."""
    if text.isascii():
        QTest.keyClicks(focused(), text)
        return
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(focused(), event)


@contextmanager
def undressed() -> Iterator[None]:
    """Build first, dress then: a widget is styled anew whenever it finds another parent, which costs most of a test."""
    application = QApplication.instance()
    sheet = application.styleSheet()
    application.setStyleSheet("")
    yield
    application.setStyleSheet(sheet)


@contextmanager
def desk_at(station: Station, clock: ManualClock, person: Person, cable: Cable | None = None) -> Iterator[Room]:
    """The desk of a person at a started station, shown and active; put away at the end with everything it started."""
    with undressed():
        desk = Desk(station, city("linjiang"), person, cable)
    window = desk.window
    window.resize(*SMALL)
    window.show()
    window.activateWindow()
    try:
        yield Room(desk, station, clock)
    finally:
        desk.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def station_in(folder: Path, clock: ManualClock, code: str = "ZX", on_duty: bool = False) -> Iterator[Station]:
    """A started station; one that is on duty also plays playbooks and knows the city's instruments."""
    station = assembled(Space.found(folder / code, code), clock, city("linjiang"), on_duty)
    station.start()
    try:
        if on_duty:
            teach(station, city("linjiang"))
        yield station
    finally:
        station.stop()


def flood(clock: ManualClock, number: int, level: str | None = "III", **fields: object) -> Incident:
    """An open incident of the evening."""
    lat, lon = UNDERPASS
    known: dict[str, object] = {
        "id": f"i{number}",
        "number": f"SJ20261124-{number:04d}",
        "title": f"积水{number}",
        "type": "N02",
        "level": level,
        "state": "verified",
        "opened_at": clock.now() - timedelta(minutes=number),
        "lat": lat,
        "lon": lon,
        "place": "人民路下穿",
        "street": "990101003",
    }
    return Incident(**(known | fields))


def alarm(clock: ManualClock, sensor: str, level: str, state: str = "raised", **fields: object) -> Alarm:
    """An alarm of a gauge."""
    return Alarm(
        id=f"alarm:{sensor}", sensor=sensor, state=state, level=level, raised_at=clock.now(), unit="cm", **fields
    )


def gauge(code: str = "RM-07") -> Sensor:
    """An instrument of the underpass."""
    lat, lon = UNDERPASS
    names = {"name_zh": "人民路下穿积水计", "name_en": "Renmin Road Underpass Ponding Gauge"}
    return Sensor(id=code, type="underpass_ponding", unit="cm", period_s=10, lat=lat, lon=lon, **names)


def run_of(incident: str, *steps: Step) -> tuple[Record, ...]:
    """A playbook running for an incident, with just these steps."""
    return (Run(id=f"run:{incident}", playbook="PB-FLOOD", incident=incident, state="running"), *steps)


def step(clock: ManualClock, incident: str, code: str, **fields: object) -> Step:
    """A step of that run, due in ten minutes."""
    known: dict[str, object] = {
        "id": f"run:{incident}:{code}",
        "run": f"run:{incident}",
        "incident": incident,
        "step": code,
        "title_zh": f"步骤{code}",
        "title_en": f"Step {code}",
        "role": "OP",
        "mode": "manual",
        "state": "active",
        "due_at": clock.now() + timedelta(minutes=10),
    }
    return Step(**(known | fields))


def cells(table: RowTable[object], column: int) -> list[str]:
    """What a column shows, from the top."""
    model = table.model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def fitting(table: RowTable[object]) -> bool:
    """Whether all columns that are not hidden have room side by side."""
    return table.horizontalHeader().length() <= table.viewport().width()


def visible(root: QWidget, cls: type[QWidget]) -> list[QWidget]:
    return [one for one in root.findChildren(cls) if one.isVisible()]


def texts(root: QWidget) -> list[str]:
    """What the labels and buttons of a page say, as far as they are seen."""
    return [one.text() for cls in (QLabel, QAbstractButton) for one in visible(root, cls) if one.text()]
