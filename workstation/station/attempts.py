"""Log-ins on record: who came in or was turned away at this station, and when. A row of the access log each.

The station writes it, not who it is about: whoever was turned away writes nothing. What was typed as a login that no
account has may be a password in the wrong field, so it is not kept.
"""

from collections.abc import Callable
from concurrent.futures import Future

from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.entry import Entry
from workstation.domain.records import Access, Station

AUTHOR = "rule:sign_in"
Tell = Callable[[str, str], object]
"""Told the login (empty where there is no such account) and what came of the attempt."""


def attempt(login: str, done: str) -> Command:
    """`done` is sign_in, unlock, sign_out, or either of the first two with `_refused` or `_locked` behind it."""

    def command(seat: Seat) -> Draft:
        here = seat.situation.get(Station, seat.station)
        row = Access(id=f"access:{seat.new_id()}", at=seat.now, user=login or None, act=done, station=seat.station)
        scope = seat.scope or (here.region if here is not None else None) or ""
        return Draft(AUTHOR, "access.sign_in", changes_of(row), scope=scope)

    return command


def recorder(submit: Callable[[Command, str, str], Future[Entry | None]]) -> Tell:
    """What tells a station of every attempt, and returns once it is on record."""
    return lambda login, done: submit(attempt(login, done), AUTHOR, "").result()
