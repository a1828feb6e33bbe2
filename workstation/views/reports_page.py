"""The reports of an incident, put together or taken apart, one or all; and the person behind the one that is chosen."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from workstation.commands import report as reports
from workstation.commands.seat import Command
from workstation.domain.records import Incident, Report
from workstation.views import columns
from workstation.views.ages import short_time
from workstation.views.asking import ask_choice, ask_text, tell
from workstation.views.errands import Give
from workstation.views.files_page import Deliver
from workstation.views.labels import Action
from workstation.views.list_page import ListPage
from workstation.views.merging import choices, likely, line_of
from workstation.views.person_panel import PersonPanel
from workstation.views.reader import Reader
from workstation.views.row_table import RowTable
from workstation.views.snapshot import LIVE
from workstation.views.workplace import Workplace
from workstation.words import t


class ReportsPage(ListPage[Report]):
    """`person` shows who is behind the chosen report."""

    def __init__(self, workplace: Workplace, give: Give, deliver: Deliver, reader: Reader) -> None:
        super().__init__(RowTable(columns.report_columns(), columns.identity, "desk.tab.reports"))
        self._workplace, self._give, self._reader = workplace, give, reader
        self._incident: Incident | None = None
        self._merged: Sequence[Incident] = ()
        self.person = PersonPanel(workplace, deliver)
        self.put_under(self.person)
        accept, reject = Action("desk.do.accept"), Action("desk.do.reject")
        self.add_action(accept, lambda: self._on_report(reports.accept_proposal))
        self.add_action(reject, lambda: self._on_report(reports.reject_proposal))
        self._answers = (accept, reject)
        self._apart = self.add_action(Action("desk.do.unmerge"), self._unmerge)
        self._together = self.add_action(Action("desk.do.merge"), self._merge)
        self.finish_actions()
        self.table.chosen.connect(lambda identity: self._turned())

    def show_reports(self, incident: Incident, reports: Sequence[Report], merged: Sequence[Incident] = ()) -> None:
        """The reports of an incident, which as a whole may be merged into another; `merged` are those that were merged
        into it."""
        self._incident, self._merged = incident, merged
        self.show_rows(reports, "desk.none.reports")
        self._turned()

    def _turned(self) -> None:
        """To another report or incident: its person, and what may be done with it."""
        report = self.table.chosen_row()
        self.person.show_report(report)
        for answer in self._answers:
            answer.setEnabled(report is not None and report.merge == "proposed")
        self._apart.setEnabled(bool(self._parts()))
        self._together.setEnabled(self._incident is not None and self._incident.state in LIVE)

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
        """Take apart what the operator chooses, where it may be more than the report."""
        parts = self._parts()
        chosen = ask_choice(self, "desk.ask.part", list(parts)) if len(parts) > 1 else next(iter(parts), "")
        if chosen and (said := ask_text(self, "desk.ask.reason", chosen)):
            self._give(parts[chosen](said))

    def _parts(self) -> dict[str, Callable[[str], Command]]:
        """What may be taken apart, by the line that tells it: the chosen report; each incident that was merged into
        this one; where this one was merged, itself."""
        report, incident = self.table.chosen_row(), self._incident
        parts: dict[str, Callable[[str], Command]] = {}
        if report is not None:
            line = t("desk.part.report", time=short_time(report.received_at))
            parts[line] = partial(self._workplace.unmerge, report.id)
        is_gone = incident is not None and incident.state == "merged"
        for one in (*self._merged, *([incident] if incident is not None and is_gone else [])):
            parts[line_of(one, self._workplace.name_of)] = partial(reports.unmerge_incident, one.id)
        return parts

    def _merge(self) -> None:
        """Ask what else the incident is the same as, and why."""
        incident, name_of = self._incident, self._workplace.name_of
        if incident is not None:
            self._reader.ask(
                "others",
                lambda situation: choices(situation, name_of, incident, likely(self._workplace, incident)),
                lambda others: self._choose_among(others, incident),
                first=True,
            )

    def _choose_among(self, others: Mapping[str, str], incident: Incident) -> None:
        """Nothing is asked of who has turned to another incident meanwhile."""
        if self._incident is None or self._incident.id != incident.id:
            return
        if not others:
            tell(self, "desk.do.merge", t("desk.none.others"))
            return
        about = line_of(incident, self._workplace.name_of)
        into = ask_choice(self, "desk.ask.into", list(others), about)
        if into and (said := ask_text(self, "desk.ask.reason", f"{about} → {into}")):
            self._give(reports.merge_reports(incident.id, others[into], said))
