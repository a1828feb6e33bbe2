"""What the operator has the desk do beside its pages: export, start a playbook, write a line."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtWidgets import QMainWindow

from workstation.commands.log import write_log
from workstation.commands.proposal import propose, wish_for
from workstation.commands.seat import Command
from workstation.domain.errors import KnownError
from workstation.domain.records import Incident
from workstation.situation import AuditFilter
from workstation.views.asking import ask_choice, ask_text
from workstation.views.bridge import Bridge
from workstation.views.columns import word
from workstation.views.labels import restyle
from workstation.views.merging import line_of
from workstation.views.workplace import Workplace
from workstation.words import pick, t
from workstation.words.refusals import refusal_text

Give = Callable[[Command], object]


class Errands:
    """Carries them out for a window and tells at its foot what came of it; `on_refusal` hears what was refused."""

    def __init__(self, window: QMainWindow, workplace: Workplace, bridge: Bridge) -> None:
        self._window = window
        self._workplace = workplace
        self._bridge = bridge
        self.on_refusal: Callable[[KnownError], None] = lambda error: None

    def say(self, text: str, milliseconds: int = 0) -> None:
        self._show("", text, milliseconds)

    def refuse(self, reason: str) -> None:
        """Say that something was not done, so that nobody takes it for done."""
        self._show("bad", t("desk.not_done", reason=reason), 8000)

    def _show(self, look: str, text: str, milliseconds: int) -> None:
        bar = self._window.statusBar()
        restyle(bar, look)
        bar.showMessage(text, milliseconds)

    def give(self, command: Command) -> None:
        """Have a command carried out; a refusal is shown in words and changes nothing. What another person may do is
        proposed to him at once, with the reason that was given."""
        self._bridge.deliver(self._workplace.submit(command), lambda future: self._given(command, future))

    def carry_out(self, command: Command, then: Callable[[KnownError | None], None]) -> None:
        """Have a command carried out; `then` is told what it was refused for, None where it was done."""

        def done(future: "Future[Any]") -> None:
            error = future.exception()
            if error is not None and not isinstance(error, KnownError):
                raise error
            then(error)

        self._bridge.deliver(self._workplace.submit(command), done)

    def export(self, incident: str) -> None:
        """Write the documents of an incident while the desk goes on."""
        self.say(t("desk.exporting"))
        self._bridge.deliver(self._workplace.export(incident), self.exported)

    def export_audit(self, wanted: AuditFilter, form: str) -> None:
        """Write the entries of the audit trail that a filter lets through."""
        self.say(t("desk.exporting"))
        self._bridge.deliver(self._workplace.export_audit(wanted, form), self.exported)

    def start_playbook(self, incident: str) -> None:
        """Ask which one of those that do not run yet; where the kind of the incident is not known, none stands there
        to begin with."""
        fitting = self._workplace.playbooks(incident)
        waiting = [one for one in fitting if not one.is_running]
        choices = {f"{one.id} {pick(one.name_zh, one.name_en)}": one.id for one in waiting}
        if not choices:
            self.refuse(t("desk.none.playbooks", running=", ".join(one.id for one in fitting)))
            return
        known = self._workplace.situation().get(Incident, incident)
        about = "" if known is None else line_of(known, self._workplace.name_of)
        offered = [*choices] if known is not None and known.type else [t("desk.ask.kind_unknown"), *choices]
        chosen = ask_choice(self._window, "desk.ask.playbook", offered, about)
        if chosen in choices:
            self.give(self._workplace.start_playbook(incident, choices[chosen]))

    def write_log(self, incident: str) -> None:
        if said := ask_text(self._window, "desk.ask.log", t("desk.key.log")):
            self.give(write_log(said, incident or None))

    def exported(self, future: "Future[Any]") -> None:
        """Name the files that were written, or say why there are none."""
        error = future.exception()
        if isinstance(error, KnownError | OSError):
            reason = refusal_text(error) if isinstance(error, KnownError) else str(error)
            self.refuse(t("desk.export_failed", reason=reason))
        elif error is not None:
            raise error
        else:
            self.say(t("desk.exported", names=", ".join(path.name for path in future.result())), 10_000)

    def _given(self, command: Command, future: "Future[Any]") -> None:
        error = future.exception()
        if error is None:
            entry = future.result()
            self.say(t("desk.nothing_new") if entry is None else t("desk.done", act=word("act", entry.act)), 4000)
        elif isinstance(error, KnownError):
            wish = wish_for(command, error)
            if wish is None:
                self.refuse(refusal_text(error))
            else:
                self.carry_out(propose(wish), self._proposed)
            self.on_refusal(error)
        else:
            raise error

    def _proposed(self, refused: KnownError | None) -> None:
        if refused is None:
            self.say(t("proposal.sent"), 8000)
        else:
            self.refuse(refusal_text(refused))
