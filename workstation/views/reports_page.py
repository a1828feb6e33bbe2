"""The reports of an incident, put together or taken apart, one or all; and the person behind the one that is chosen."""

from collections.abc import Callable, Sequence

from workstation.commands import report as reports
from workstation.commands.seat import Command
from workstation.domain.records import Incident, Report
from workstation.views import columns
from workstation.views.asking import ask_choice, ask_text, tell
from workstation.views.files_page import Deliver
from workstation.views.labels import Action
from workstation.views.list_page import ListPage
from workstation.views.merging import choices
from workstation.views.person_panel import PersonPanel
from workstation.views.row_table import RowTable
from workstation.views.workplace import Workplace
from workstation.words import t


class ReportsPage(ListPage[Report]):
    """`person` shows who is behind the chosen report."""

    def __init__(self, workplace: Workplace, give: Callable[[Command], object], deliver: Deliver) -> None:
        super().__init__(RowTable(columns.report_columns(), columns.identity, "desk.tab.reports"))
        self._workplace, self._give = workplace, give
        self._incident: Incident | None = None
        self.person = PersonPanel(workplace, deliver)
        self.put_under(self.person)
        self.add_action(Action("desk.do.accept"), lambda: self._on_report(reports.accept_proposal))
        self.add_action(Action("desk.do.reject"), lambda: self._on_report(reports.reject_proposal))
        self.add_action(Action("desk.do.unmerge"), self._unmerge)
        self.add_action(Action("desk.do.merge"), self._merge)
        self.finish_actions()
        self.table.chosen.connect(lambda identity: self.person.show_report(self.table.chosen_row()))

    def show_reports(self, incident: Incident, reports: Sequence[Report]) -> None:
        """The reports of an incident, which as a whole may be merged into another."""
        self._incident = incident
        self.show_rows(reports, "desk.none.reports")
        self.person.show_report(self.table.chosen_row())

    def tick(self) -> None:
        self.person.tick()

    def mask_all(self) -> None:
        """Mask every personal value that is in sight."""
        self.person.mask_all()

    def _on_report(self, command: Callable[[str], Command]) -> None:
        report = self.table.chosen_row()
        if report is not None:
            self._give(command(report.id))

    def _unmerge(self) -> None:
        report = self.table.chosen_row()
        if report is not None and (said := ask_text(self, "desk.ask.reason")):
            self._give(self._workplace.unmerge(report.id, said))

    def _merge(self) -> None:
        """Ask what else the incident is the same as, and why."""
        incident = self._incident
        if incident is None:
            return
        others = choices(self._workplace, incident)
        if not others:
            tell(self, "desk.do.merge", t("desk.none.others"))
        elif (into := ask_choice(self, "desk.ask.into", list(others))) and (said := ask_text(self, "desk.ask.reason")):
            self._give(reports.merge_reports(incident.id, others[into], said))
