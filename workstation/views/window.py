"""The desk: queue, live map and pages side by side, under a header that always says what is worst and what is due."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QInputDialog,
    QLineEdit,
    QMainWindow,
    QMessageBox,
    QSplitter,
    QStatusBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.commands.seat import Command
from workstation.domain.errors import KnownError, Refused
from workstation.domain.records import Alarm, Camera, Incident, Sensor
from workstation.mapping.basemap import read_basemap
from workstation.mapping.picture import Picture, read_picture
from workstation.views import columns
from workstation.views.bridge import Bridge
from workstation.views.call_form import CallForm
from workstation.views.desk_pages import DeskPages
from workstation.views.header import Header, other_language
from workstation.views.incident_page import IncidentPage
from workstation.views.labels import Caption
from workstation.views.map.view import MapView
from workstation.views.reader import Reader
from workstation.views.row_table import RowTable
from workstation.views.snapshot import Dossier, Snapshot, read_dossier, read_snapshot
from workstation.views.theme import look
from workstation.views.workplace import Workplace
from workstation.words import catalogue, pick, t, use

TICK_MS = 1000
MAP_KINDS = frozenset({"incident", "sensor", "unit", "camera", "facility", "alert", "alarm", "observation"})
KEYS = ("F1", "F5", "Ctrl+N", "Ctrl+K", "Ctrl+L", "Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+E", "Ctrl+Space", "F11")


class MainWindow(QMainWindow):
    """One person's desk. `city` is the folder of the city's content."""

    def __init__(self, workplace: Workplace, city: Path) -> None:
        super().__init__()
        self.workplace = workplace
        self.snapshot = Snapshot()
        self.chosen = ""
        self.bridge, self.reader = Bridge(workplace, self), Reader(workplace, self)
        self.header = Header(workplace)
        self.queue = RowTable(columns.queue_columns(workplace.clock.now), columns.identity, "desk.queue")
        self.filter = QLineEdit()
        self.queue_title = Caption("desk.queue", "section")
        self.map = MapView(workplace.clock)
        self.incident = IncidentPage(workplace, self.give)
        self.pages = DeskPages(workplace, self.give, self.incident)
        self.form: CallForm | None = None
        self.setStatusBar(QStatusBar())
        self._lay_out()
        self._connect()
        self._retitle()
        self.map.set_city(read_basemap(city))
        self.refresh(MAP_KINDS)

    @property
    def tabs(self) -> QTabWidget:
        return self.pages.tabs

    def refresh(self, kinds: frozenset[str]) -> None:
        """Read again what these kinds touch."""
        if kinds != frozenset({"observation"}):
            self.reader.ask("desk", read_snapshot, self._show_snapshot)
            if self.chosen:
                self._read_dossier()
        if kinds & MAP_KINDS:
            latest, now = self.workplace.telemetry().latest(), self.workplace.clock.now()
            self.reader.ask("map", lambda situation: read_picture(situation, latest, now), self._show_picture)

    def give(self, command: Command) -> None:
        """Have a command carried out; a refusal is shown in words and changes nothing."""
        self.bridge.deliver(self.workplace.submit(command), self._given)

    def choose_incident(self, incident: str, centre: bool = True) -> None:
        """Turn the desk to an incident."""
        self.chosen = incident
        self.queue.choose(incident)
        self.map.select("incident", incident)
        self.tabs.setCurrentWidget(self.incident)
        known = self.workplace.situation().get(Incident, incident)
        if centre and known is not None and known.lat is not None and known.lon is not None:
            self.map.centre_on(known.lat, known.lon)
        self._read_dossier()

    def new_call(self, lat: float | None = None, lon: float | None = None) -> CallForm:
        """Open the form for a call."""
        self.form = CallForm(self.workplace, self)
        self.form.saved.connect(self._save_call)
        if lat is not None and lon is not None:
            self.form.at_place(lat, lon)
        self.form.show()
        self.form.place.setFocus()
        return self.form

    def speak(self, language: str) -> None:
        """Change the language of everything on the desk."""
        use(language)
        QApplication.sendEvent(self, QEvent(QEvent.Type.LanguageChange))
        for child in self.findChildren(QWidget):
            QApplication.sendEvent(child, QEvent(QEvent.Type.LanguageChange))
        self._retitle()
        self.incident.retranslate()
        self.pages.retranslate()
        self._show_snapshot(self.snapshot)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self.bridge.close()
        self.reader.close()
        self.pages.close_pages()
        self.map.close_map()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        left = QWidget()
        look(left, "panel")
        column = QVBoxLayout(left)
        column.setContentsMargins(8, 8, 8, 0)
        column.addWidget(self.queue_title)
        column.addWidget(self.filter)
        column.addWidget(self.queue, 1)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        for widget, stretch in ((left, 30), (self.map, 42), (self.tabs, 34)):
            self.split.addWidget(widget)
            self.split.setStretchFactor(self.split.count() - 1, stretch)
        self.split.setSizes([480, 720, 560])
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.header)
        rows.addWidget(self.split, 1)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.bridge.changed.connect(self.refresh)
        self.queue.chosen.connect(self.choose_incident)
        self.filter.textChanged.connect(lambda text: self._show_queue())
        self.map.picked.connect(self._picked)
        self.map.place_chosen.connect(self.new_call)
        self.incident.wanted.connect(self._wanted)
        self.header.new_used.connect(self.new_call)
        self.header.language_used.connect(lambda: self.speak(other_language()))
        self.header.alarms_used.connect(lambda: self.tabs.setCurrentWidget(self.pages.alarms))
        self.header.sync_used.connect(self._show_unsent)
        self.header.help_used.connect(self._show_help)
        self.pages.alarms.table.chosen.connect(self._alarm_chosen)
        for keys, use_ in zip(KEYS, self._uses(), strict=True):
            QShortcut(QKeySequence(keys), self, activated=use_)  # type: ignore[call-overload]

    def _uses(self) -> tuple[Any, ...]:
        return (
            self._show_help,
            lambda: self.refresh(MAP_KINDS),
            self.new_call,
            self.filter.setFocus,
            lambda: self.speak(other_language()),
            self.queue.setFocus,
            self.map.canvas.setFocus,
            self.tabs.setFocus,
            lambda: self._wanted("export"),
            self.pages.acknowledge,
            lambda: self.showNormal() if self.isFullScreen() else self.showFullScreen(),
        )

    def _retitle(self) -> None:
        self.setWindowTitle(t("desk.title"))
        self.filter.setPlaceholderText(t("desk.filter"))
        self.filter.setAccessibleName(t("desk.filter"))

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._show_queue()
        self.header.show_snapshot(snapshot)
        self.pages.show_snapshot(snapshot)
        if not self.chosen and snapshot.queue:
            self.choose_incident(snapshot.queue[0].incident.id, centre=False)
            self.tabs.setCurrentWidget(self.incident)

    def _show_queue(self) -> None:
        wanted = self.filter.text().strip().lower()
        rows = [row for row in self.snapshot.queue if wanted in _searched(row.incident)]
        self.queue.show_rows(rows)
        more = self.snapshot.more
        key = "desk.queue_more" if more else "desk.queue_count"
        self.queue_title.say(key, count=len(rows), more=more)

    def _show_picture(self, picture: Picture) -> None:
        self.map.set_layers(picture)

    def _read_dossier(self) -> None:
        incident = self.chosen
        self.reader.ask("incident", lambda situation: read_dossier(situation, incident), self._show_dossier)

    def _show_dossier(self, dossier: Dossier | None) -> None:
        if dossier is None or dossier.incident.id == self.chosen:
            self.incident.show_dossier(dossier)

    def _tick(self) -> None:
        self.header.tick()
        self.incident.tick()
        self.pages.tick()
        self.queue.viewport().update()

    def _given(self, future: "Future[Any]") -> None:
        error = future.exception()
        if error is None:
            self.statusBar().showMessage(t("desk.done"), 3000)
        elif isinstance(error, KnownError):
            self.statusBar().showMessage(refusal_text(error), 8000)
        else:
            raise error

    def _save_call(self, command: Command) -> None:
        def then(future: "Future[Any]") -> None:
            form, error = self.form, future.exception()
            if isinstance(error, KnownError) and form is not None:
                form.refuse(refusal_text(error))
            elif error is not None:
                raise error
            elif form is not None:
                form.close()
                self.statusBar().showMessage(t("desk.form.saved"), 4000)

        self.bridge.deliver(self.workplace.submit(command), then)

    def _picked(self, kind: str, record: str) -> None:
        if kind == "incident":
            self.choose_incident(record, centre=False)
        elif kind == "sensor":
            self._show_sensor(record)
        elif kind == "camera":
            self.pages.show_camera(self.workplace.situation().get(Camera, record))

    def _alarm_chosen(self, alarm: str) -> None:
        known = self.workplace.situation().get(Alarm, alarm)
        if known is not None and known.sensor:
            self.map.select("sensor", known.sensor)
            if known.lat is not None and known.lon is not None:
                self.map.centre_on(known.lat, known.lon)
            self._show_sensor(known.sensor, turn=False)

    def _show_sensor(self, sensor: str, turn: bool = True) -> None:
        known = self.workplace.situation().get(Sensor, sensor)
        if known is not None:
            alarms = self.workplace.situation().find(Alarm, sensor=sensor)
            self.pages.trend.show_sensor(known, self.workplace.limits(known), alarms)
            if turn:
                self.tabs.setCurrentWidget(self.pages.trend)

    def _wanted(self, what: str) -> None:
        if not self.chosen:
            return
        if what == "export":
            self.statusBar().showMessage(t("desk.exporting"))
            self.bridge.deliver(self.workplace.export(self.chosen), self._exported)
        elif what == "camera":
            self.pages.show_nearest_camera(self.workplace.situation().get(Incident, self.chosen))
        elif what == "playbook":
            self._start_playbook()

    def _start_playbook(self) -> None:
        choices = {
            f"{one.id} {pick(one.name_zh, one.name_en)}": one.id for one in self.workplace.playbooks(self.chosen)
        }
        chosen, good = QInputDialog.getItem(self, t("desk.ask.title"), t("desk.ask.playbook"), list(choices), 0, False)
        if good:
            self.give(self.workplace.start_playbook(self.chosen, choices[chosen]))

    def _exported(self, future: "Future[Any]") -> None:
        error = future.exception()
        if isinstance(error, KnownError | OSError):
            self.statusBar().showMessage(t("desk.export_failed", reason=str(error)), 10_000)
        elif error is not None:
            raise error
        else:
            names = ", ".join(path.name for path in future.result())
            self.statusBar().showMessage(t("desk.exported", names=names), 10_000)

    def _show_unsent(self) -> None:
        lines = self.workplace.unsent(20)
        listed = "\n".join(f"{line.at:%H:%M:%S} {columns.word('act', line.act)}" for line in lines)
        self._tell("desk.sync_title", listed or t("desk.sync_none"))

    def _show_help(self) -> None:
        self._tell("desk.help", "\n".join(f"{keys:<12} {t(f'desk.key.{keys}')}" for keys in KEYS))

    def _tell(self, title: str, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, t(title), text, QMessageBox.StandardButton.Ok, self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.open()


def refusal_text(error: KnownError) -> str:
    """A refusal in the language of the desk."""
    if isinstance(error, Refused):
        key = f"refused.{error.rule}"
        return t(key, **error.details) if key in catalogue() else error.rule
    return str(error)


def _searched(incident: Incident) -> str:
    told = (incident.title, incident.number, incident.place, incident.type, incident.street)
    return " ".join(text for text in told if text).lower()
