"""The desk: queue, live map and pages side by side, under a header that always says what is worst and what is due."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStatusBar, QTabWidget, QVBoxLayout, QWidget

from workstation.commands.seat import Command
from workstation.domain.records import Alarm, Camera, Incident
from workstation.mapping.basemap import Basemap
from workstation.mapping.picture import MAP_KINDS, PictureReader
from workstation.views import columns
from workstation.views.asking import tell
from workstation.views.bridge import Bridge
from workstation.views.calls import Calls
from workstation.views.desk_pages import DeskPages
from workstation.views.errands import Errands
from workstation.views.glass_bar import GlassBar
from workstation.views.guard import Guard
from workstation.views.header import Header, other_language
from workstation.views.incident_page import IncidentPage
from workstation.views.keys import TAB_KEYS, bind, key_lines
from workstation.views.map.view import MapView
from workstation.views.queue_panel import QueuePanel
from workstation.views.reader import Reader
from workstation.views.seen_dialog import show_who_saw
from workstation.views.snapshot import Dossier, Snapshot, read_dossier, read_snapshot
from workstation.views.theme import speak_qt
from workstation.views.workplace import Workplace
from workstation.words import t, use

TICK_MS = 1000


class MainWindow(QMainWindow):
    """One person's desk, over the ground of a city."""

    def __init__(self, workplace: Workplace, ground: Basemap) -> None:
        super().__init__()
        self.workplace = workplace
        self.snapshot, self.chosen = Snapshot(), ""
        self.bridge, self.reader = Bridge(workplace, self), Reader(workplace, self)
        self._picture = PictureReader()
        self.errands = Errands(self, workplace, self.bridge)
        self.header, self.queue = Header(workplace), QueuePanel(workplace)
        self.map = MapView(workplace.clock, partial(columns.title_on_map, workplace))
        self.incident = IncidentPage(workplace, self.give, self.bridge.deliver, self.reader)
        self.pages = DeskPages(workplace, self.errands, self.incident, self.reader, self.map.centre_on)
        self.calls = Calls(self, workplace, self.errands, self.bridge, self.choose_incident)
        self.guard = Guard(self, workplace.duty)
        self.glass = GlassBar(workplace, self.errands, self.reader)
        self.setStatusBar(QStatusBar())
        self._lay_out()
        self._connect()
        self.setWindowTitle(t("desk.title"))
        self.map.set_city(ground)
        self.refresh(MAP_KINDS)

    @property
    def tabs(self) -> QTabWidget:
        return self.pages.tabs

    def add_bar(self, bar: QWidget) -> None:
        """Put a bar between the header and the work: the demo's, a drill's."""
        self._rows.insertWidget(1, bar)

    def refresh(self, kinds: frozenset[str]) -> None:
        """Read again what these kinds touch."""
        beyond = kinds != frozenset({"observation"})
        if beyond:
            self.reader.follow("desk", read_snapshot, self._show_snapshot)
            if self.chosen:
                self._read_dossier()
        if kinds & MAP_KINDS:
            now, latest, picture = self.workplace.clock.now(), self.reader.latest, self._picture
            picture.touch(kinds)
            self.reader.follow("map", lambda situation: picture.read(situation, latest(), now), self.map.set_layers)
        if beyond:
            self.pages.ask()
            self.glass.ask()

    def give(self, command: Command) -> None:
        """Have a command carried out; a refusal is shown in words and changes nothing."""
        self.errands.give(command)

    def choose_incident(self, incident: str, centre: bool = True, turn: bool = True) -> None:
        """Make an incident the chosen one; `turn` also brings up its page."""
        self.chosen = incident
        self.queue.choose(incident)
        self.map.select("incident", incident)
        if turn:
            self.tabs.setCurrentWidget(self.incident)
        known = self.workplace.situation().get(Incident, incident)
        if centre and known is not None and known.lat is not None and known.lon is not None:
            self.map.centre_on(known.lat, known.lon)
        self._read_dossier()

    def pick(self, kind: str, record: str) -> None:
        """Turn to what was picked on the map; kinds without a page of their own are only ringed."""
        if kind == "incident":
            self.choose_incident(record, centre=False)
        elif kind == "sensor":
            self.pages.show_sensor(record)
        elif kind == "camera":
            self.pages.show_camera(self.workplace.situation().get(Camera, record))

    def speak(self, language: str) -> None:
        """Change the language of everything on the desk."""
        use(language)
        speak_qt(language)
        self.statusBar().clearMessage()  # what was said in the other
        for child in (self, *self.findChildren(QWidget)):
            QApplication.sendEvent(child, QEvent(QEvent.Type.LanguageChange))
        self.setWindowTitle(t("desk.title"))
        for part in (self.queue, self.incident, self.pages, self.glass):
            part.retranslate()
        self._show_snapshot(self.snapshot)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self.guard.close()
        self._cover()
        self.bridge.close()
        self.reader.close()
        self.pages.close_pages()
        self.map.close_map()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        """From the outside in: whoever gets a parent has all its own parts dressed anew."""
        self.setCentralWidget(whole := QWidget())
        self._rows = QVBoxLayout(whole)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        for part in (self.header, self.glass):
            self._rows.addWidget(part)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self._rows.addWidget(self.split, 1)
        for widget, stretch in ((self.queue, 29), (self.map, 36), (self.tabs, 41)):
            self.split.addWidget(widget)
            self.split.setStretchFactor(self.split.count() - 1, stretch)
        self.split.setSizes([540, 560, 750])

    def _connect(self) -> None:
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.bridge.changed.connect(self.refresh)
        self.guard.ended.connect(self.close)
        self.guard.covered.connect(self._cover)
        self.glass.ended.connect(self._shut)
        self.errands.on_refusal = lambda error: self.glass.offer(error, self.chosen)
        self.queue.chosen.connect(self.choose_incident)
        self.map.picked.connect(self.pick)
        self.map.place_chosen.connect(self.calls.open)
        self.incident.wanted.connect(self._wanted)
        self.incident.merged.chosen.connect(self.choose_incident)
        self.incident.reports.person.who_saw.connect(self._show_who_saw)
        self.calls.uses = uses = self._uses()
        for signal, name in (
            (self.header.new_used, "new"),
            (self.header.language_used, "language"),
            (self.header.alarms_used, "alarms"),
            (self.header.conflicts_used, "conflicts"),
            (self.header.sync_used, "unsent"),
            (self.header.help_used, "help"),
            (self.header.glass_used, "glass"),
            (self.incident.reports.person.glass_wanted, "glass"),
            (self.incident.members.glass_wanted, "glass"),
        ):
            signal.connect(uses[name])
        self.tabs.currentChanged.connect(lambda number: self.pages.turned(self.chosen))
        self.header.incident_used.connect(self.choose_incident)
        self.header.due_used.connect(self._turn_to_due)
        self.pages.alarms.table.chosen.connect(self._alarm_chosen)
        bind(self, uses)

    def _uses(self) -> dict[str, Callable[[], object]]:
        return {
            "help": lambda: tell(self, "desk.help", "\n".join(f"{keys}\t{what}" for keys, what in key_lines())),
            "new": lambda: self.calls.open(),
            "search": self.queue.filter.setFocus,
            "map": self.map.canvas.setFocus,
            "alarms": lambda: self._turn(self.pages.alarms, self.pages.alarms.table),
            "queue": self.queue.table.setFocus,
            "tasks": lambda: self._turn_to_tab("tasks"),
            "acknowledge": self.pages.acknowledge,
            "playbook": lambda: self._wanted("playbook"),
            "export": lambda: self._wanted("export"),
            "full_screen": lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen),
            "log": lambda: self.errands.write_log(self.chosen),
            "level": self.incident.set_level,
            "camera": lambda: self._wanted("camera"),
            "language": lambda: self.speak(other_language()),
            "unsent": lambda: self._turn(self.pages.sync, self.pages.sync.table),
            "conflicts": self._turn_to_conflicts,
            "audit": self._turn_to_audit,
            "administration": self._turn_to_administration,
            "approvals": lambda: self._turn(self.pages.offered_approvals(), self.pages.approvals.table),
            "attach": self.incident.attach_file,
            "glass": lambda: self.glass.open_dialog(self.chosen),
            "lock": self._lock,
            **{key: partial(self._turn_to_tab, tab) for key, tab in TAB_KEYS.items()},
        }

    def _lock(self) -> None:
        if not self.guard.lock():
            self.errands.refuse(t("lock.no_accounts"))

    def _turn_to_conflicts(self) -> None:
        if self.pages.turn("conflicts"):
            self.pages.conflicts.begin()

    def _turn_to_audit(self) -> None:
        if self.pages.turn("audit"):
            self.pages.audit.fields["author"].setFocus()

    def _turn_to_administration(self) -> None:
        if self.pages.turn("administration"):
            self.pages.administration.accounts.setFocus()

    def _turn_to_due(self, incident: str) -> None:
        """Turn to what is due first in an incident."""
        self.choose_incident(incident)
        self._turn_to_tab("checklist")
        self.incident.checklist.choose_due()

    def _turn_to_tab(self, name: str) -> None:
        self._turn(self.incident, self.incident.turn_to(name))

    def _turn(self, page: QWidget, focus: QWidget) -> None:
        self.tabs.setCurrentWidget(page)
        focus.setFocus()

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.queue.show_snapshot(snapshot)
        self.header.show_snapshot(snapshot)
        self.guard.show_snapshot(snapshot)
        self.pages.show_snapshot(snapshot)
        if not self.chosen and snapshot.queue:
            self.choose_incident(snapshot.queue[0].incident.id, centre=False, turn=False)

    def _read_dossier(self) -> None:
        incident = self.chosen
        self.reader.ask("incident", lambda situation: read_dossier(situation, incident), self._show_dossier, True)

    def _show_dossier(self, dossier: Dossier | None) -> None:
        if dossier is None or dossier.incident.id == self.chosen:
            self.incident.show_dossier(dossier)

    def _tick(self) -> None:
        for part in (self.header, self.incident, self.pages, self.queue, self.guard, self.glass):
            part.tick()

    def _shut(self) -> None:
        """The glass is whole again: what it opened is read again, as it is shown without."""
        self.incident.mask_all()
        self.refresh(frozenset({"approval", "incident"}))

    def _cover(self) -> None:
        """Whoever sits here locks the desk or leaves it: nothing stays in clear, and no glass broken."""
        self.incident.mask_all()
        self.workplace.end_glass()

    def _show_who_saw(self, report: str) -> None:
        """Who saw a report, or took the report of its incident along."""
        show_who_saw(self, self.workplace, self.reader, [report, self.chosen])

    def _alarm_chosen(self, alarm: str) -> None:
        known = self.workplace.situation().get(Alarm, alarm)
        if known is not None and known.sensor:
            self.map.select("sensor", known.sensor)
            if known.lat is not None and known.lon is not None:
                self.map.centre_on(known.lat, known.lon)
            self.pages.show_sensor(known.sensor, turn=False)

    def _wanted(self, what: str) -> None:
        if not self.chosen:
            return
        if what == "export":
            self.errands.export(self.chosen)
        elif what == "camera":
            self.pages.show_nearest_camera(self.workplace.situation().get(Incident, self.chosen))
        elif what == "playbook":
            self.errands.start_playbook(self.chosen)
            self.incident.turn_to("checklist")
