"""Personal values at a seat: masked for whoever looks, clear for who may and says why, each sight on record."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Protocol

import orjson

from workstation.commands import approval as approvals
from workstation.commands.access import CLASS_OF, Sight, copied
from workstation.commands.seat import Command
from workstation.domain.draft import Sealed
from workstation.domain.entry import Entry
from workstation.domain.errors import Refused
from workstation.domain.records import Report
from workstation.security.masking import mask_name, mask_phone, mask_plate, scrub
from workstation.security.sealing import Sealer
from workstation.situation import Situation
from workstation.station import Station

STARS = "***"
MASKS: Mapping[str, Callable[[str], str]] = {
    "reporter_name": mask_name,
    "reporter_phone": mask_phone,
    "plate": mask_plate,
    "text_full": scrub,
}


def clear_value(situation: Situation, sealer: Sealer, value: str | Sealed | None) -> str | None:
    """A sealed value opened with the key of the space, so that it can be shown masked; None for one that was erased."""
    if not isinstance(value, Sealed):
        return value
    token = orjson.loads(value.token)
    subject, wrapped = situation.sealed_key(token["key"]) or (value.subject, None)
    return sealer.open(subject, wrapped, token["token"])


class Seated(Protocol):
    """Who sits there. `check` raises Refused `session.*` where their log-in allows nothing now."""

    @property
    def author(self) -> str: ...
    @property
    def role(self) -> str: ...
    def check(self) -> None: ...
    def submit(self, command: Command) -> Future[Entry | None]: ...


class PersonalValues:
    """Fulfils `views.workplace.Personal` for one seat, over its read connection."""

    def __init__(self, station: Station, situation: Situation, seat: Seated) -> None:
        self._station, self._situation, self._seat = station, situation, seat
        self._sealer = station.space.sealer()

    def masked(self, report: Report) -> dict[str, str]:
        """Each personal field that the report holds, masked; stars for one that does not open any more."""
        held = {name: getattr(report, name) for name in CLASS_OF if getattr(report, name) is not None}
        opened = {name: clear_value(self._situation, self._sealer, value) for name, value in held.items()}
        return {name: STARS if text is None else MASKS[name](text) for name, text in opened.items()}

    def unmask(self, sight: Sight) -> Future[str | None]:
        try:
            self._seat.check()
        except Refused as refused:
            return failed(refused)
        return self._station.unmask(sight, self._seat.author, self._seat.role)

    def copied(self, sight: Sight) -> Future[Entry | None]:
        return self._seat.submit(copied(sight))

    def ask(self, sight: Sight) -> Future[Entry | None]:
        return self._seat.submit(approvals.ask(sight.wish))

    def use_at_once(self, sight: Sight) -> Future[Entry | None]:
        return self._seat.submit(approvals.use_at_once(sight.wish))


def failed(error: Refused) -> Future[Any]:
    """A future that was refused before anything was begun."""
    future: Future[Any] = Future()
    future.set_exception(error)
    return future
