"""The checklist of an incident: what nobody may do, then the steps of its playbooks in their order."""

from collections.abc import Callable, Sequence

from workstation.commands import run as runs
from workstation.commands.seat import Command
from workstation.domain.clock import Clock
from workstation.domain.records import Step
from workstation.views import columns
from workstation.views.asking import ask_text
from workstation.views.errands import Give
from workstation.views.labels import Action, Passage
from workstation.views.list_page import ListPage
from workstation.views.row_table import RowTable
from workstation.views.snapshot import OPEN_STEPS, Dossier
from workstation.words import pick, t


class ChecklistPage(ListPage[Step]):
    """`prohibited` stands above the steps while a playbook runs that forbids something."""

    def __init__(self, clock: Clock, give: Give) -> None:
        super().__init__(RowTable(columns.step_columns(clock.now), columns.identity, "desk.tab.checklist"))
        self._give = give
        self._dossier: Dossier | None = None
        self.prohibited = Passage("prohibited")
        self.prohibited.hide()
        self.put_over(self.prohibited)
        self.add_action(Action("desk.do.confirm", "Enter", "primary"), self._confirm)
        self.add_action(Action("desk.do.applies"), lambda: self._decide(True))
        self.add_action(Action("desk.do.not_applicable"), lambda: self._decide(False))
        self.add_action(Action("desk.do.skip"), lambda: self._on_step("desk.ask.reason", runs.skip_step))
        self.add_action(Action("desk.do.stop_run"), self._stop)
        self.finish_actions()
        self.table.used.connect(lambda identity: self._confirm())

    def show_steps(self, dossier: Dossier) -> None:
        """The steps of an incident; of another than before the cursor stands on the one that is due first."""
        is_other = self._dossier is None or self._dossier.incident.id != dossier.incident.id
        self._dossier = dossier
        self.show_rows(dossier.steps, "desk.none.checklist")
        if is_other:
            self.choose_due()
        told = [pick(one.zh, one.en) for one in dossier.prohibited]
        self.prohibited.tell(t("desk.prohibited", what="\n".join(f"• {one}" for one in told)) if told else "")
        self.prohibited.setVisible(bool(told))

    def choose_due(self) -> None:
        """Put the cursor on the step that is due first, if there is one."""
        due = _due_first(self._dossier.steps if self._dossier is not None else ())
        if due:
            self.table.choose(due)

    def _confirm(self) -> None:
        step = self.table.chosen_row()
        if step is not None:
            self._give(runs.confirm_step(step.id))

    def _decide(self, applies: bool) -> None:
        self._on_step("desk.ask.reason", lambda step, reason: runs.decide_step(step, applies, reason))

    def _on_step(self, question: str, command: Callable[[str, str], Command]) -> None:
        step = self.table.chosen_row()
        if step is not None and (said := ask_text(self, question, f"{step.step} {pick(step.title_zh, step.title_en)}")):
            self._give(command(step.id, said))

    def _stop(self) -> None:
        known = self._dossier.runs if self._dossier else ()
        run = next((one for one in known if one.state == "running"), None)
        if run is not None and (said := ask_text(self, "desk.ask.reason", f"{t('desk.do.stop_run')} {run.playbook}")):
            self._give(runs.stop_run(run.id, said))


def _due_first(steps: Sequence[Step]) -> str:
    """Of the steps that are still to be done the one that is due first; empty for none."""
    dues = [(one.due_at, one.id) for one in steps if one.due_at is not None and one.state in OPEN_STEPS]
    return min(dues)[1] if dues else ""
