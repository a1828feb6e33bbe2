"""One incident: what is known, what was done, what is to be done, and what was reported."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from workstation.commands import incident as incidents
from workstation.commands import task as tasks
from workstation.commands.members import look
from workstation.commands.restriction import may_restrict
from workstation.commands.seat import Command
from workstation.domain.happenings import ClosedIncident
from workstation.domain.records import Incident, Task
from workstation.views import columns
from workstation.views.asking import ask_choice, ask_text
from workstation.views.checklist_page import ChecklistPage
from workstation.views.columns import title_of, word
from workstation.views.errands import Give
from workstation.views.files_page import Deliver, FilesPage
from workstation.views.header import Mark
from workstation.views.incident_text import FACTS, facts_of, level_text, state_text
from workstation.views.labels import Action, Caption, Line, Passage
from workstation.views.list_page import ListPage
from workstation.views.members_page import MembersPage
from workstation.views.merged_bar import MergedBar
from workstation.views.merging import line_of
from workstation.views.reader import Reader
from workstation.views.reports_page import ReportsPage
from workstation.views.row_table import RowTable
from workstation.views.snapshot import Dossier, severity_of
from workstation.views.timeline_page import TimelinePage
from workstation.views.workplace import Workplace
from workstation.words import pick, t

TABS = ("summary", "checklist", "tasks", "reports", "timeline", "files")
EVERY_TAB = (*TABS, "members")
LISTS = ("steps", "tasks", "reports", "lines", "files", "members")
"""What is listed on each page behind the first."""
NEWEST = 12


class IncidentPage(QWidget):
    """`wanted` asks the window for something about the incident shown: export, camera, map, playbook."""

    wanted = Signal(str)

    def __init__(self, workplace: Workplace, give: Give, deliver: Deliver, reader: Reader) -> None:
        super().__init__()
        self._workplace = workplace
        self._give = give
        self.dossier: Dossier | None = None
        self._mark, self._title, self._under = Mark(), Line("title"), Line("second")
        self.tabs = QTabWidget()
        self.merged = MergedBar(workplace.name_of)
        self._facts = {name: (Caption(f"desk.fact.{name}", "muted"), Passage()) for name in FACTS}
        now = workplace.clock.now
        self.checklist = ChecklistPage(workplace.clock, give)
        self.tasks = ListPage(RowTable(columns.task_columns(now, self._task_words), columns.identity, "desk.tab.tasks"))
        self.reports = ReportsPage(workplace, give, deliver, reader)
        self.timeline = TimelinePage(workplace, reader)
        self.newest = RowTable(columns.log_columns(named=self.timeline.named), columns.identity, "desk.newest")
        self.files = FilesPage(workplace.files, give, deliver)
        self.members = MembersPage(workplace, give)
        self._add_actions()
        lists = (self.checklist, self.tasks, self.reports, self.timeline)
        self._pages: list[QWidget] = [self._summary(), *lists, self.files, self.members]
        for name, page in zip(EVERY_TAB, self._pages, strict=True):
            self.tabs.addTab(page, t(f"desk.tab.{name}"))
        self._lay_out()
        self.show_dossier(None)

    def _lay_out(self) -> None:
        head, words = QHBoxLayout(), QVBoxLayout()
        head.setContentsMargins(10, 8, 10, 6)
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._under)
        head.addWidget(self._mark)
        head.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.merged)
        column.addWidget(self.tabs, 1)

    def show_dossier(self, dossier: Dossier | None) -> None:
        """What to show; None: no incident is chosen."""
        was, self.dossier = self.dossier, dossier
        self._offer_pages(was, dossier)
        self.tabs.setEnabled(dossier is not None)
        self._mark.setVisible(dossier is not None)
        self._label_tabs(dossier)
        self.merged.show_merged(dossier.into if dossier else None, dossier.merged if dossier else ())
        if dossier is None:
            self._title.tell(t("desk.choose_incident"))
            self._under.tell("")
            return
        incident = dossier.incident
        self._mark.show_severity(severity_of(incident))
        self._title.tell(title_of(incident, self._workplace.name_of))
        state = state_text(incident, dossier.into)
        self._under.tell(f"{incident.number or ''} · {state} · {level_text(incident)}")
        for name, text in facts_of(dossier, self._workplace.name_of, self._workplace.clock.now()).items():
            self._facts[name][1].tell(text)
            for fact in self._facts[name]:
                fact.setVisible(bool(text))
        self.checklist.show_steps(dossier)
        self.tasks.show_rows(dossier.tasks, "desk.none.tasks")
        self.reports.show_reports(incident, dossier.reports, dossier.merged)
        self.timeline.show_lines(tuple(reversed(dossier.lines)), dossier.subjects)
        self.files.show_files(incident.id, dossier.files)
        self.members.show_members(incident, dossier.members)
        self.newest.show_rows(tuple(reversed(dossier.lines[-NEWEST:])))

    def _offer_pages(self, was: Dossier | None, dossier: Dossier | None) -> None:
        """Offer the pages that may be seen. A restricted incident that comes into sight is looked at on record."""
        incident = dossier.incident if dossier is not None else None
        is_closed, is_restricted = isinstance(incident, ClosedIncident), bool(incident and incident.restricted)
        is_offered = incident is not None and (is_restricted or may_restrict(self._workplace.role))
        for number, name in enumerate(EVERY_TAB):
            self.tabs.setTabVisible(number, is_offered if name == "members" else not is_closed)
        if incident is None or (was is not None and _sight(was.incident) == _sight(incident)):
            return
        if was is not None and isinstance(was.incident, ClosedIncident):
            self.tabs.setCurrentIndex(0)
        if is_restricted and not is_closed:
            self._workplace.submit(look(incident.id))

    def _label_tabs(self, dossier: Dossier | None) -> None:
        """Each tab's name with how much is in it."""
        labels = [t(f"desk.tab.{name}") for name in EVERY_TAB]
        if dossier is not None and not isinstance(dossier.incident, ClosedIncident):
            for number, name in enumerate(LISTS if dossier.incident.restricted else LISTS[:-1], 1):
                labels[number] += f" {len(getattr(dossier, name))}"
        for number, label in enumerate(labels):
            self.tabs.setTabText(number, label)
        self._pages[0].setAccessibleName(labels[0])

    def _task_words(self, task: Task) -> str:
        """A task's title; one that carries out a step is called as the step is, in the current language."""
        steps = self.dossier.steps if self.dossier else ()
        step = next((one for one in steps if one.id == task.step), None)
        return pick(step.title_zh, step.title_en) if step else task.title or task.id

    def tick(self) -> None:
        """Let deadlines run on."""
        for page in (self.checklist, self.tasks):
            page.table.viewport().update()
        self.reports.tick()
        self.timeline.tick()
        self.files.tick()

    def mask_all(self) -> None:
        """Mask every personal value that is in sight."""
        self.reports.mask_all()

    def retranslate(self) -> None:
        self.show_dossier(self.dossier)
        self.members.retranslate()
        self.reports.tick()

    def turn_to(self, name: str) -> QWidget:
        """Show one of `TABS`; the widget that takes the keys there."""
        page = self._pages[TABS.index(name)]
        self.tabs.setCurrentWidget(page)
        return page.table if isinstance(page, ListPage | FilesPage) else page

    def _summary(self) -> QWidget:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        for number, (caption, fact) in enumerate(self._facts.values()):
            grid.addWidget(caption, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(fact, number, 1)
        buttons = QGridLayout()
        for number, (key, use) in enumerate(self._summary_actions()):
            action = Action(key)
            action.clicked.connect(use)
            buttons.addWidget(action, number // 3, number % 3)
        buttons.setSpacing(6)
        grid.addLayout(buttons, len(FACTS), 0, 1, 2)
        grid.addWidget(Caption("desk.newest", "section"), len(FACTS) + 1, 0, 1, 2)
        self.newest.setMinimumHeight(160)
        grid.addWidget(self.newest, len(FACTS) + 2, 0, 1, 2)
        grid.setRowStretch(len(FACTS) + 2, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        return scroll

    def _summary_actions(self) -> list[tuple[str, Callable[[], object]]]:
        return [
            ("desk.do.verify", lambda: self._reasoned("desk.ask.evidence", incidents.verify)),
            ("desk.do.level", self.set_level),
            ("desk.do.state", self._set_state),
            ("desk.do.playbook", lambda: self.wanted.emit("playbook")),
            ("desk.do.camera", lambda: self.wanted.emit("camera")),
            ("desk.do.export", lambda: self.wanted.emit("export")),
        ]

    def _add_actions(self) -> None:
        orders = self.tasks
        orders.add_action(Action("desk.do.sign", "Enter", "primary"), lambda: self._on_task(tasks.acknowledge_task))
        orders.add_action(Action("desk.do.done"), lambda: self._ask_task("desk.ask.result", tasks.complete_task))
        orders.add_action(Action("desk.do.return"), lambda: self._ask_task("desk.ask.reason", tasks.return_task))
        orders.add_action(Action("desk.do.phone"), lambda: self._ask_task("desk.ask.name", tasks.phone_receipt))
        orders.table.used.connect(lambda identity: self._on_task(tasks.acknowledge_task))
        orders.finish_actions()

    def _on_task(self, command: Callable[[str], Command]) -> None:
        task = self.tasks.table.chosen_row()
        if task is not None:
            self._give(command(task.id))

    def _ask_task(self, question: str, command: Callable[[str, str], Command]) -> None:
        task = self.tasks.table.chosen_row()
        if task is not None and (said := ask_text(self, question, self._about())):
            self._give(command(task.id, said))

    def _reasoned(self, question: str, command: Callable[[str, str], Command]) -> None:
        if self.dossier is not None and (said := ask_text(self, question, self._about())):
            self._give(command(self.dossier.incident.id, said))

    def set_level(self) -> None:
        """Ask for a response level and why, beginning with the one that is set, or that its playbook speaks for."""
        levels = {t(f"severity.{level}"): level for level in ("I", "II", "III", "IV")}
        if self.dossier is None:
            return
        suggested = (run.suggested for run in self.dossier.runs if run.suggested)
        standing = self.dossier.incident.level or next(suggested, None) or "IV"
        first = [*levels.values()].index(standing) if standing in levels.values() else len(levels) - 1
        if chosen := ask_choice(self, "desk.ask.level", list(levels), self._about(), first):
            self._reasoned(
                "desk.ask.reason", lambda incident, why: incidents.change_level(incident, levels[chosen], why)
            )

    def _about(self) -> str:
        """The incident shown, as it is named in a question about it."""
        return "" if self.dossier is None else line_of(self.dossier.incident, self._workplace.name_of)

    def attach_file(self) -> None:
        """Ask for a file to attach to the incident shown, and turn to its files."""
        if self.dossier is not None:
            self.turn_to("files")
            self.files.attach()

    def _set_state(self) -> None:
        if self.dossier is None:
            return
        following = incidents.NEXT.get(self.dossier.incident.state or "", ())
        states = {word("incident.state", one): one for one in following}
        if chosen := ask_choice(self, "desk.ask.state", list(states), self._about()):
            self._reasoned("desk.ask.reason", lambda incident, why: incidents.set_state(incident, states[chosen], why))


def _sight(incident: Incident) -> tuple[str, bool, bool]:
    """Which incident it is, whether it is for its members alone, and whether it may be seen."""
    return incident.id, bool(incident.restricted), isinstance(incident, ClosedIncident)
