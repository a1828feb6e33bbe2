"""The pages beside the map: incident, alarms, trend, camera, operations log, disagreements, sources."""

from collections.abc import Callable

from PySide6.QtWidgets import QTabWidget, QWidget

from workstation.commands.alarm import acknowledge_alarm
from workstation.commands.conflict import decide
from workstation.commands.seat import Command
from workstation.domain.geometry import distance_m
from workstation.domain.records import Alarm, Camera, Incident, Source
from workstation.situation import Conflict, TimelineLine
from workstation.views import columns
from workstation.views.asking import ask_choice, ask_text
from workstation.views.labels import Action
from workstation.views.list_page import ListPage
from workstation.views.row_table import RowTable
from workstation.views.snapshot import Snapshot
from workstation.views.trend import TrendPage
from workstation.views.video import CameraTile
from workstation.views.workplace import Workplace
from workstation.words import t

NAMES = ("incident", "alarms", "trend", "camera", "log", "conflicts", "sources")
Give = Callable[[Command], object]


class DeskPages:
    """The tabs and what is in them; `incident` is the page of the incident that is chosen."""

    def __init__(self, workplace: Workplace, give: Give, incident: QWidget) -> None:
        self._workplace = workplace
        self._give = give
        now = workplace.clock.now
        self.tabs = QTabWidget()
        self.tabs.setUsesScrollButtons(True)
        self.incident = incident
        self.alarms: ListPage[Alarm] = ListPage(
            RowTable(columns.alarm_columns(now), columns.identity, "desk.tab.alarms")
        )
        self.trend = TrendPage(workplace)
        self.camera = CameraTile()
        self.log: ListPage[TimelineLine] = ListPage(RowTable(columns.log_columns(), columns.identity, "desk.tab.log"))
        self.conflicts: ListPage[Conflict] = ListPage(
            RowTable(columns.conflict_columns(), columns.identity, "desk.tab.conflicts")
        )
        self.sources: ListPage[Source] = ListPage(
            RowTable(columns.source_columns(now), columns.identity, "desk.tab.sources")
        )
        listed = (self.log, self.conflicts, self.sources)
        self._pages: list[QWidget] = [self.incident, self.alarms, self.trend, self.camera, *listed]
        for name, page in zip(NAMES, self._pages, strict=True):
            self.tabs.addTab(page, t(f"desk.tab.{name}"))
        self.alarms.add_action(Action("desk.do.acknowledge", "F8", "primary"), self.acknowledge)
        self.alarms.table.used.connect(lambda alarm: self.acknowledge())
        self.conflicts.add_action(Action("desk.do.decide", "Enter", "primary"), self.decide)
        self.conflicts.table.used.connect(lambda conflict: self.decide())
        for page in (self.alarms, self.conflicts):
            page.finish_actions()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self.alarms.show_rows(snapshot.alarms, "desk.none.alarms")
        self.log.show_rows(snapshot.log, "desk.none.log")
        self.conflicts.show_rows(snapshot.conflicts, "desk.none.conflicts")
        self.sources.show_rows(snapshot.sources, "desk.none.sources")
        self.alarms.about.say("desk.about.alarms", count=snapshot.unacknowledged)
        self.log.about.say("desk.about.log")
        self.conflicts.about.say("desk.about.conflicts", count=snapshot.undecided)
        self.sources.about.say("desk.about.sources", count=snapshot.quarantined)
        counts = {"alarms": snapshot.unacknowledged, "conflicts": snapshot.undecided}
        for number, name in enumerate(NAMES):
            label = t(f"desk.tab.{name}")
            count = counts.get(name)
            self.tabs.setTabText(number, f"{label} {count}" if count else label)

    def acknowledge(self) -> None:
        """Acknowledge the chosen alarm, or the first that nobody has."""
        chosen = self.alarms.table.chosen_row() if self.tabs.currentWidget() is self.alarms else None
        waiting = (alarm for alarm in self.alarms.table.rows_model.rows if alarm.state in ("raised", "returned"))
        alarm = chosen or next(waiting, None)
        if alarm is not None:
            self._give(acknowledge_alarm(alarm.id))

    def decide(self) -> None:
        """Settle the chosen disagreement by one of the values that were said, with a reason."""
        conflict = self.conflicts.table.chosen_row()
        if conflict is None:
            return
        values = {f"{claim.value}  ({claim.station} {claim.author})": claim.value for claim in conflict.heads}
        chosen = ask_choice(self.tabs, "desk.ask.value", list(values))
        if chosen and (reason := ask_text(self.tabs, "desk.ask.reason")):
            self._give(decide(conflict.kind, conflict.id, conflict.field, values[chosen], reason))

    def show_camera(self, camera: Camera | None) -> None:
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

    def tick(self) -> None:
        """Let ages run on, on the page that is seen."""
        page = self.tabs.currentWidget()
        if page is self.trend:
            self.trend.refresh()
        for listed in (self.alarms, self.sources):
            if page is listed:
                listed.table.viewport().update()

    def retranslate(self) -> None:
        self.trend.refresh()
        self.camera.refresh()

    def close_pages(self) -> None:
        self.camera.close_camera()
