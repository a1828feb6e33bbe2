"""`account`: who may sign in at a space. What is printed of a new account is printed once and kept nowhere in clear."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.spaces import known_space
from workstation.cli.terms import SpaceOption, print_json, say
from workstation.commands.administration import create_account
from workstation.commands.founding import found
from workstation.domain.clock import WallClock, iso
from workstation.domain.errors import KnownError, Refused
from workstation.domain.people import ADMINISTRATORS
from workstation.security.passwords import is_outworn
from workstation.station import Parts, Space, Station
from workstation.station.attempts import recorder
from workstation.station.credentials import Credentials, Issued
from workstation.station.logins import moment, read_logins, write_logins

HUB_FOLDER = Path("hub")
LoginArgument = Annotated[str, typer.Argument(help="The account's login")]
FileArgument = Annotated[Path, typer.Argument(help="A file of logins")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="Who may sign in at a space: create, passwd, list, carry, admit")
    for name, command in (
        ("found", found_house),
        ("create", create),
        ("passwd", passwd),
        ("list", listed),
        ("carry", carry),
        ("admit", admit),
    ):
        group.command(name)(command)
    app.add_typer(group, name="account")


def found_house(space: SpaceOption = HUB_FOLDER) -> None:
    """Make the three administrators of a new hub (sys, sec, aud) and print each one's sheet, once."""
    place = known_space(space)
    credentials = Credentials(place.folder, WallClock())
    with _station(place) as station:
        if credentials.listed():
            raise Refused("account.founded")
        issued = {role: credentials.issue(role.lower()) for role in ADMINISTRATORS}
        with _withdrawn(credentials, *(one.login for one in issued.values())):
            station.submit(found({role: one.public_key for role, one in issued.items()}), "system", "").result()
    for one in issued.values():
        _print_sheet(one)


def create(
    login: LoginArgument,
    name: Annotated[str, typer.Option("--name", help="The person's name")],
    by: Annotated[str, typer.Option("--by", help="Login of the system administrator who makes it")] = "sys",
    space: SpaceOption = HUB_FOLDER,
) -> None:
    """Make an account without rights, and print its sheet once. Rights are given on the administration page."""
    place = known_space(space)
    with _station(place) as station:
        credentials = Credentials(place.folder, WallClock(), recorder(station.submit))
        signed_in = credentials.sign_in(by, _asked("Password"), _asked("Code"))
        if signed_in.must_change:
            raise Refused("sign_in.must_change")
        issued = credentials.issue(login)
        with _withdrawn(credentials, login):
            station.submit(create_account(login, name, issued.public_key), by, "SYS").result()
    _print_sheet(issued)


def passwd(login: LoginArgument, space: SpaceOption = HUB_FOLDER) -> None:
    """Change one's own password."""
    place = known_space(space)
    with _station(place) as station:
        credentials = Credentials(place.folder, WallClock(), recorder(station.submit))
        old = _asked("Password")
        signed_in = credentials.sign_in(login, old, _asked("Code"))
        new = _asked("New password")
        if _asked("New password again") != new:
            raise Refused("sign_in.differ")
        credentials.change(signed_in, old, new)
    say(f"{login}: changed")


def listed(space: SpaceOption = HUB_FOLDER) -> None:
    """List who may sign in here, one JSON line an account."""
    clock = WallClock()
    now = clock.now()
    for one in Credentials(known_space(space).folder, clock).listed():
        until = one.attempts.locked_until() if one.attempts.is_locked(now) else None
        must_change = one.must_change or is_outworn(moment(one.set_at), now)
        told = {"login": one.login, "must_change": must_change, "last_used": one.used_at or None}
        print_json(told | {"locked_until": iso(until) if until else None, "recovery_codes": len(one.recovery)})


def carry(login: LoginArgument, file: FileArgument, space: SpaceOption = HUB_FOLDER) -> None:
    """Write one account's means to sign in to a file for another station; its password opens them there too."""
    known = read_logins(Credentials(known_space(space).folder, WallClock()).path).get(login)
    if known is None:
        raise Refused("account.unknown", account=login)
    if file.exists():
        raise KnownError(f"{file}: there is such a file already")
    write_logins(file, {login: known})


def admit(file: FileArgument, space: SpaceOption = Path("space")) -> None:
    """Let the accounts of a carried file sign in at this space."""
    credentials = Credentials(known_space(space).folder, WallClock())
    brought = read_logins(file)
    if not brought:
        raise KnownError(f"{file}: holds no account")
    for one in brought.values():
        credentials.admit(one)
        say(f"{one.login}: may sign in at {space}")


@contextmanager
def _station(space: Space) -> Iterator[Station]:
    station = Station(space, WallClock(), Parts())
    station.start()
    try:
        yield station
    finally:
        station.stop()


@contextmanager
def _withdrawn(credentials: Credentials, *logins: str) -> Iterator[None]:
    """Leave no means to sign in for accounts that were refused."""
    try:
        yield
    except KnownError:
        for login in logins:
            credentials.withdraw(login)
        raise


def _asked(what: str) -> str:
    """A secret typed unseen; from a pipe, its next line."""
    return str(typer.prompt(what, hide_input=True, err=True, show_default=False))


def _print_sheet(one: Issued) -> None:
    print_json(
        {"login": one.login, "password": one.password, "authenticator": one.authenticator, "recovery": one.recovery}
    )
