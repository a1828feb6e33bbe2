"""The reports of an incident: put together or taken apart, and the person behind the one that is chosen."""

from collections.abc import Callable, Sequence

from workstation.commands import report as reports
from workstation.commands.seat import Command
from workstation.domain.records import Report
from workstation.views import columns
from workstation.views.asking import ask_text
from workstation.views.files_page import Deliver
from workstation.views.labels import Action
from workstation.views.list_page import ListPage
from workstation.views.person_panel import PersonPanel
from workstation.views.row_table import RowTable
from workstation.views.workplace import Workplace


class ReportsPage(ListPage[Report]):
    """`person` shows who is behind the chosen report."""

    def __init__(self, workplace: Workplace, give: Callable[[Command], object], deliver: Deliver) -> None:
        super().__init__(RowTable(columns.report_columns(), columns.identity, "desk.tab.reports"))
        self._workplace, self._give = workplace, give
        self.person = PersonPanel(workplace, deliver)
        self.put_under(self.person)
        self.add_action(Action("desk.do.accept"), lambda: self._on_report(reports.accept_proposal))
        self.add_action(Action("desk.do.reject"), lambda: self._on_report(reports.reject_proposal))
        self.add_action(Action("desk.do.unmerge"), self._unmerge)
        self.finish_actions()
        self.table.chosen.connect(lambda identity: self.person.show_report(self.table.chosen_row()))

    def show_rows(self, rows: Sequence[Report], none: str) -> None:
        super().show_rows(rows, none)
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
