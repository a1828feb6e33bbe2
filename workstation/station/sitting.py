"""One log-in at one seat: what it is still good for, and how long the hub has not been heard.

When the hub was last heard is kept beside the keys, so that a restart gives no street three further days. A space
without a hub has nobody from whom a revocation could come.
"""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import assert_never

from workstation.domain.clock import Clock, iso
from workstation.domain.errors import Refused
from workstation.security.session import Rights, Session, rights
from workstation.station.credentials import Credentials, SignedIn
from workstation.station.space import Space

SPACING = timedelta(minutes=1)


class HubHeard:
    """When this space last heard its hub; None where it never did, or where what is kept is no time."""

    def __init__(self, space: Space, clock: Clock) -> None:
        self._has_hub = space.hub_file.is_file()
        self._path: Path = space.folder / "keys" / "hub.heard"
        self._clock = clock
        self._at = self._kept()

    @property
    def at(self) -> datetime | None:
        return self._at if self._has_hub else self._clock.now()

    def note(self) -> None:
        """The hub is being heard. Written once a minute."""
        now = self._clock.now()
        if not self._has_hub or (self._at is not None and now - self._at < SPACING):
            return
        self._at = now
        fresh = self._path.with_suffix(".new")
        fresh.write_text(iso(now), "ascii")
        os.replace(fresh, self._path)  # noqa: PTH105  one call that replaces on every system

    def _kept(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self._path.read_text("ascii").strip())
        except (OSError, ValueError):
            return None


class Sitting:
    """Who sits here since when. A screen that was locked, by hand or by idleness, stays so until `unlock`."""

    def __init__(self, credentials: Credentials, signed_in: SignedIn, heard: HubHeard, clock: Clock) -> None:
        self._credentials, self._heard, self._clock = credentials, heard, clock
        now = clock.now()
        self.signed_in = signed_in
        self._session = Session(signed_in.login, now, now, heard.at)
        self._is_locked = False

    @property
    def account(self) -> str:
        return self.signed_in.login

    @property
    def since(self) -> datetime:
        return self._session.started_at

    def rights(self) -> Rights:
        """What may be done now."""
        known = replace(self._session, hub_heard_at=self._heard.at)  # before now, not after it
        now = self._clock.now()
        found = rights(known, now)
        self._is_locked = self._is_locked or found is Rights.LOCKED
        return Rights.LOCKED if self._is_locked and found is not Rights.ENDED else found

    def touch(self) -> None:
        """Somebody works here. On a locked screen it means nothing."""
        if self.rights() in (Rights.FULL, Rights.READ_ONLY):
            self._session = replace(self._session, used_at=self._clock.now())

    def lock(self) -> None:
        self._is_locked = True

    def unlock(self, password: str) -> None:
        """The same person is back. Raises Refused: `sign_in.*`, or `session.ended`."""
        if self.rights() is Rights.ENDED:
            raise Refused("session.ended")
        self._credentials.unlock(self.account, password)
        self._session = replace(self._session, used_at=self._clock.now())
        self._is_locked = False

    def check(self) -> None:
        """Raises Refused `session.*` where nothing may be written now."""
        match self.rights():
            case Rights.FULL:
                return
            case Rights.READ_ONLY:
                raise Refused("session.read_only")
            case Rights.LOCKED:
                raise Refused("session.locked")
            case Rights.ENDED:
                raise Refused("session.ended")
            case other:
                assert_never(other)
