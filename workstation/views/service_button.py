"""The button that takes an account out of service or puts it back, never without a reason.

One button, since an account is either in service or not: it says by name whom it would change, and which way. What the
hub suspended for want of use is put back by it too.
"""

from workstation.commands.administration import restore_account, suspend_account
from workstation.domain.records import Account
from workstation.security.permission import may
from workstation.views.asking import ask_text
from workstation.views.errands import Give
from workstation.views.labels import Action
from workstation.views.workplace import Workplace

SUSPENDING = "suspend_account"
LONGEST = 16
"""Of a login on the button; a longer one stands whole in the list and above the button."""


class ServiceButton(Action):
    """`give` has a command carried out and tells what came of it. Shut where nobody is chosen, or the role may not."""

    def __init__(self, workplace: Workplace, give: Give) -> None:
        super().__init__("administration.service")
        self._workplace, self._give = workplace, give
        self._account: Account | None = None
        self.clicked.connect(self._turn)
        self.show_account(None)

    def show_account(self, account: Account | None) -> None:
        """Offer what may be done to an account: suspend one that is in use, restore any other."""
        self._account = account
        self.setEnabled(account is not None and may(self._workplace.role, SUSPENDING))
        self.hint("" if account is None else account.id)
        if account is None:
            self.say("administration.service")
        else:
            key = "administration.suspend" if _is_in_use(account) else "administration.restore"
            self.say(key, account=_short(account.id))

    def _turn(self) -> None:
        """Ask for the reason; nothing is done where none is given."""
        account = self._account
        if account is None or not (said := ask_text(self, "desk.ask.reason", self.text())):
            return
        command = suspend_account if _is_in_use(account) else restore_account
        self._give(command(account.id, said))


def _is_in_use(account: Account) -> bool:
    return account.state == "active"


def _short(login: str) -> str:
    return login if len(login) <= LONGEST else f"{login[: LONGEST - 1]}…"
