"""One person after another at a desk: signing in, the desk while they sit there, and whoever comes next."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QDialog

from workstation.app.assembly import City
from workstation.app.desk import Desk
from workstation.app.seat import Line, Person
from workstation.domain.errors import Refused
from workstation.domain.records import Account, Grant
from workstation.journal import Journal
from workstation.security.authority import in_force, standing
from workstation.security.keys import Identity
from workstation.station import Station
from workstation.station.attempts import recorder
from workstation.station.credentials import Credentials, SignedIn
from workstation.station.sitting import HubHeard, Sitting
from workstation.views.sign_in import SignInDialog


def role_of(station: Station, login: str) -> str:
    """The role an account has now, the one given last where it has several.

    Raises Refused `sign_in.nothing_granted`: the root gave it none, or its word has not come here yet.
    """
    situation, now = station.situation(), station.clock.now()
    try:
        account = situation.get(Account, login)
        grants = [one for one in standing(account, situation.find(Grant, account=login)) if in_force(one, now)]
    finally:
        situation.close()
    if not grants:
        raise Refused("sign_in.nothing_granted", account=login)
    newest = max(grants, key=lambda one: (one.given_at is not None, one.given_at or now, one.id))
    return newest.role or ""


def vouch_by(station: Station, signed_in: SignedIn | None) -> None:
    """Have what this person answers for signed with their own key; None: nobody is signed in."""

    def key_of(author: str) -> Identity | None:
        return signed_in.key if signed_in is not None and author == signed_in.login else None

    def work(journal: Journal) -> None:
        journal.vouching = key_of

    station.ask(work).result()


def take_turns(station: Station, town: City, person: Person, link: Line | None, run: Callable[[], object]) -> None:
    """Open the desk for one person after another until it is closed; `run` lets a window live until then.

    A space without accounts opens at once, for `person`.
    """
    note = recorder(station.submit)
    credentials = Credentials(station.space.folder, station.clock, note)
    if not credentials.listed():
        _sit(Desk(station, town, person, link), run)
        return
    heard = HubHeard(station.space, station.clock)
    while (signed_in := _asked(station, credentials)) is not None:
        sitting = Sitting(credentials, signed_in, heard, station.clock)
        sitter = Person(signed_in.login, role_of(station, signed_in.login), person.mode, sitting, heard)
        vouch_by(station, signed_in)
        try:
            if not _sit(Desk(station, town, sitter, link), run):
                return
        finally:
            vouch_by(station, None)
            note(signed_in.login, "sign_out")


def _asked(station: Station, credentials: Credentials) -> SignedIn | None:
    """Who signs in; None where nobody will. Who has no grant is told so and stays outside."""
    dialog = SignInDialog(credentials, lambda login: role_of(station, login))
    QApplication.setQuitOnLastWindowClosed(False)
    done = dialog.exec()
    QApplication.processEvents()
    QApplication.setQuitOnLastWindowClosed(True)
    dialog.deleteLater()
    return dialog.signed_in if done == QDialog.DialogCode.Accepted else None


def _sit(desk: Desk, run: Callable[[], object]) -> bool:
    """Whether somebody else is to sign in after this."""
    desk.show(maximised=True)
    run()
    desk.close()
    return desk.window.guard.is_over
