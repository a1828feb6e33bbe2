"""The pages beside the map: incident, alarms, trend, camera, log, disagreements, sources, audit, sync, requests."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTabWidget, QWidget

from workstation.commands.alarm import acknowledge_alarm
from workstation.domain.geometry import distance_m
from workstation.domain.records import Alarm, Camera, Incident, Quarantine, Record, Sensor, Source
from workstation.situation import Situation, TimelineLine
from workstation.views import administration_page, audit_page, columns
from workstation.views.administration_page import AdministrationPage
from workstation.views.approvals_page import ApprovalsPage
from workstation.views.audit_page import AuditPage
from workstation.views.columns import SensorNow
from workstation.views.conflicts_page import ConflictsPage
from workstation.views.errands import Errands
from workstation.views.labels import Action
from workstation.views.late_page import LatePage
from workstation.views.list_page import ListPage
from workstation.views.reader import Reader
from workstation.views.row_table import RowTable
from workstation.views.snapshot import Snapshot
from workstation.views.sync_page import SyncPage
from workstation.views.trend import TrendPage
from workstation.views.video import CameraTile
from workstation.views.workplace import Workplace
from workstation.words import pick, t

NAMES = (
    *("incident", "alarms", "trend", "camera", "log", "conflicts", "sources", "audit", "administration", "sync"),
    "approvals",
)


LATELY = timedelta(days=1)


class DeskPages:
    """The tabs and what is in them; `incident` is the page of the incident that is chosen, `centre_on` has the map
    show a place."""

    def __init__(
        self,
        workplace: Workplace,
        errands: Errands,
        incident: QWidget,
        reader: Reader,
        centre_on: Callable[[float, float], object],
    ) -> None:
        self._workplace, self._errands, self._centre_on = workplace, errands, centre_on
        self._give = errands.give
        self._reader = reader
        now = workplace.clock.now
        self.tabs = QTabWidget()
        self.tabs.setUsesScrollButtons(True)
        self.incident = incident
        self._about: Mapping[str, Record] = {}
        self._sensors, self._counts = dict[str, SensorNow](), dict[str, int]()
        self._has_camera = False
        self.alarms: ListPage[Alarm] = ListPage(
            RowTable(columns.alarm_columns(now, self._sensor, workplace.name_of), columns.identity, "desk.tab.alarms")
        )
        self.trend = TrendPage(workplace)
        self.camera = CameraTile()
        self.log: ListPage[TimelineLine] = ListPage(
            RowTable(columns.log_columns(self._about_line), columns.identity, "desk.tab.log")
        )
        self._conflicts, self._audit = LatePage(self._make_conflicts), LatePage(self._make_audit)
        self._administration = LatePage(self._make_administration)
        self.sync = SyncPage(workplace, reader)
        self.approvals = ApprovalsPage(workplace, errands.give, reader)
        self.sources: ListPage[Source] = ListPage(
            RowTable(columns.source_columns(now), columns.identity, "desk.tab.sources")
        )
        self.rejects: ListPage[Quarantine] = ListPage(
            RowTable(columns.quarantine_columns(), columns.identity, "desk.quarantine")
        )
        sources = _one_above_the_other(self.sources, self.rejects)
        late = (self._audit, self._administration)
        listed = (self.log, self._conflicts, sources, *late, self.sync, self.approvals)
        self._pages: list[QWidget] = [self.incident, self.alarms, self.trend, self.camera, *listed]
        self._finish()

    @property
    def conflicts(self) -> ConflictsPage:
        return self._conflicts.page

    @property
    def audit(self) -> AuditPage:
        return self._audit.page

    @property
    def administration(self) -> AdministrationPage:
        return self._administration.page

    def turn(self, name: str) -> bool:
        """Turn to a page by its name; False where who sits here is not offered it."""
        number = NAMES.index(name)
        if self.tabs.isTabVisible(number):
            self.tabs.setCurrentIndex(number)
        else:
            self._errands.refuse(t("desk.not_offered"))
        return self.tabs.isTabVisible(number)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self._about = snapshot.about
        self.alarms.show_rows(snapshot.alarms, "desk.none.alarms")
        self.log.show_rows(snapshot.log, "desk.none.log")
        self.sources.show_rows(snapshot.sources, "desk.none.sources")
        self.rejects.show_rows(snapshot.rejects, "desk.none.rejects")
        self.alarms.say_about("desk.about.alarms", count=snapshot.unacknowledged)
        self.log.say_about("desk.about.log")
        self.sources.say_about("desk.about.sources")
        self.rejects.say_about("desk.about.rejects", count=snapshot.quarantined)
        self._counts |= {"alarms": snapshot.unacknowledged, "conflicts": snapshot.undecided}
        self._label()

    def _label(self) -> None:
        """The name of each page, and how much on it waits."""
        for number, name in enumerate(NAMES):
            label = t(f"desk.tab.{name}")
            count = self._counts.get(name)
            self.tabs.setTabText(number, f"{label} {count}" if count else label)

    def ask(self) -> None:
        """Have everything read again that the pages show beside the snapshot."""
        self._read_sensors()
        station, since = self._workplace.station, self._workplace.clock.now() - LATELY
        self._reader.follow("refused", lambda situation: situation.refused_since(station, since), self._show_refused)
        for page in (self._conflicts.made, self._administration.made, self.approvals):
            if page is not None:
                page.ask()

    def _show_refused(self, count: int) -> None:
        """How many of this station's own entries of the last day count for nobody."""
        self._counts["sync"] = count
        self._label()

    def _read_sensors(self) -> None:
        """Have the names and newest values of all instruments read; the list of alarms shows them."""
        self._reader.follow("sensors", self._sensors_now, self._show_sensors)

    def acknowledge(self) -> None:
        """Acknowledge the chosen alarm where it waits for that, or the worst that nobody has."""
        chosen = self.alarms.table.chosen_row() if self.tabs.currentWidget() is self.alarms else None
        waiting = [alarm for alarm in self.alarms.table.rows_model.rows if alarm.state in ("raised", "returned")]
        alarm = chosen if chosen in waiting or not waiting else waiting[0]
        if alarm is not None:
            self._give(acknowledge_alarm(alarm.id))
        else:
            self._errands.refuse(t("desk.alarms_none"))

    def show_sensor(self, sensor: str, turn: bool = True) -> None:
        """The trend of an instrument; `turn` also brings up its page."""
        situation = self._workplace.situation()
        known = situation.get(Sensor, sensor)
        if known is not None:
            self.trend.show_sensor(known, self._workplace.limits(known), situation.find(Alarm, sensor=sensor))
            if turn:
                self.tabs.setCurrentWidget(self.trend)

    def show_camera(self, camera: Camera | None) -> None:
        self._has_camera = camera is not None
        self.camera.show_camera(camera)
        self.tabs.setCurrentWidget(self.camera)

    def show_nearest_camera(self, incident: Incident | None) -> None:
        """The camera closest to an incident."""
        if incident is None or incident.lat is None or incident.lon is None:
            return
        lat, lon = incident.lat, incident.lon
        cameras = [
            one for one in self._workplace.situation().find(Camera) if one.lat is not None and one.lon is not None
        ]
        self.show_camera(min(cameras, key=lambda one: distance_m(one.lat or 0, one.lon or 0, lat, lon), default=None))

    def offered_approvals(self) -> ApprovalsPage:
        """The page of requests, put up although there may be nothing on it."""
        self.tabs.setTabVisible(NAMES.index("approvals"), True)
        return self.approvals

    def turned(self, incident: str) -> None:
        """Another page is seen: a camera page without a camera shows the one nearest to the incident."""
        if self.tabs.currentWidget() is self.sync:
            self.sync.ask()
        if self.tabs.currentWidget() is self.camera and not self._has_camera and incident:
            self.show_nearest_camera(self._workplace.situation().get(Incident, incident))

    def tick(self) -> None:
        """Let ages and values run on, on the page that is seen."""
        page = self.tabs.currentWidget()
        if page is self.alarms or not self._sensors:
            self._read_sensors()
        if page is self.trend:
            self.trend.refresh()
        if page is self.sync:
            self.sync.ask()
        if page is self.approvals:
            self.approvals.tick()
        for listed in (self.alarms, self.sources):
            if listed.isVisible():
                listed.table.viewport().update()

    def retranslate(self) -> None:
        self._read_sensors()
        self.trend.retranslate()
        for page in (self._conflicts.made, self._audit.made, self._administration.made):
            if page is not None:
                page.retranslate()
        self.sync.ask()
        self.approvals.retranslate()
        self.camera.refresh()

    def close_pages(self) -> None:
        self.camera.close_camera()
        if self._audit.made is not None:
            self._audit.made.close_page()

    def _make_conflicts(self) -> ConflictsPage:
        page = ConflictsPage(self._workplace, self._give, self._reader)
        page.place_wanted.connect(self._centre_on)
        page.ask()
        return page

    def _make_audit(self) -> AuditPage:
        return AuditPage(self._workplace, self._errands.export_audit)

    def _make_administration(self) -> AdministrationPage:
        page = AdministrationPage(self._workplace, self._errands, self._reader)
        page.ask()
        return page

    def _finish(self) -> None:
        """Put the pages up, those that this role may see."""
        for name, page in zip(NAMES, self._pages, strict=True):
            self.tabs.addTab(page, t(f"desk.tab.{name}"))
        self.tabs.setTabVisible(NAMES.index("audit"), audit_page.is_for(self._workplace))
        self.tabs.setTabVisible(NAMES.index("administration"), administration_page.is_for(self._workplace))
        self.tabs.setTabVisible(NAMES.index("approvals"), False)
        self.approvals.counted.connect(self._show_approvals)
        self.alarms.add_action(Action("desk.do.acknowledge", "F8", "primary"), self.acknowledge)
        self.alarms.table.used.connect(lambda alarm: self.acknowledge())
        self.alarms.finish_actions()

    def _show_approvals(self, rows: int, waiting: int) -> None:
        """Offer the page of requests while there is anything on it, or somebody reads it."""
        is_read = self.tabs.currentWidget() is self.approvals
        self.tabs.setTabVisible(NAMES.index("approvals"), rows > 0 or is_read)
        self._counts["approvals"] = waiting
        self._label()

    def _sensor(self, sensor: str) -> SensorNow:
        return self._sensors.get(sensor, SensorNow())

    def _sensors_now(self, situation: Situation) -> dict[str, SensorNow]:
        """On the reading thread: the instruments of a city are thousands."""
        latest = self._reader.latest()
        return {
            one.id: SensorNow(pick(one.name_zh, one.name_en), latest[one.id].value if one.id in latest else None)
            for one in situation.find(Sensor)
        }

    def _show_sensors(self, sensors: dict[str, SensorNow]) -> None:
        self._sensors = sensors
        for listed in (self.alarms, self.log):
            listed.table.viewport().update()

    def _about_line(self, line: TimelineLine) -> str:
        return self._subject(line.ref)

    def _subject(self, name: str) -> str:
        record = self._about.get(name)
        gauge = self._sensor(record.sensor or "").name if isinstance(record, Alarm) else ""
        return gauge or columns.subject_text(record, self._workplace.name_of)


def _one_above_the_other(upper: QWidget, lower: QWidget) -> QSplitter:
    both = QSplitter(Qt.Orientation.Vertical)
    both.addWidget(upper)
    both.addWidget(lower)
    return both
