"""What was found when a journal was opened, and what was done about it: for start-up to show, the log, the audit."""

import json
import logging
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from workstation.domain.clock import iso
from workstation.journal.database import Database
from workstation.journal.ends import file_elsewhere, known_ends
from workstation.journal.marker import Marker
from workstation.journal.store import Store
from workstation.words import t

AS_LEFT, NEW, COPIED, RESTORED, DAMAGED = "as_left", "new", "copied", "restored", "damaged"
_KEPT, _MISSED = "opening:", "missed"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opening:
    """`happened` is as_left, new, copied (another file than the one last written), restored (an older state of it) or
    damaged. `begun` says whether a new incarnation was begun; `details` fills the places of the message; `ours` are the
    ends of all our incarnations as they were known then."""

    happened: str
    begun: bool = False
    details: Mapping[str, object] = field(default_factory=dict)
    ours: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_quiet(self) -> bool:
        return self.happened in (AS_LEFT, NEW)

    def text(self) -> str:
        """What happened and what was done, in the current language."""
        happened = t(f"opening.{self.happened}", **self.details)
        return f"{happened}{t('opening.begun')}" if self.begun else happened

    def say(self) -> None:
        """Name it in the log, unless all was as it was left."""
        if not self.is_quiet:
            log.warning("%s", self.text())


def recognise(store: Store, file: Path, station: str, incarnation: str) -> Opening:
    """Whether the database is the one that was last written here, by its marker and by what is known elsewhere."""
    marker = Marker.read(store.meta("marker"))
    if marker is None and not store.head(station, incarnation):
        return Opening(NEW)
    ends = known_ends(file.with_suffix(".heads"), file_elsewhere(store.meta("space") or ""))
    store.reload()  # read behind the ends: another process may be writing
    ours = {name.partition("/")[2]: end for name, end in ends.items() if name.startswith(f"{station}/")}
    missed = json.loads(store.meta(_MISSED) or "{}")
    for one in sorted(ours, key=lambda one: one != incarnation):  # also where we went on as another since this copy
        held = store.head(station, one)
        if ours[one] > max(held, missed.get(one, 0)):
            return Opening(RESTORED, begun=True, details={"known": ours[one], "held": held}, ours=ours)
    if marker is not None and not marker.is_same_file(here := store.connection.marker()):
        return Opening(COPIED, begun=True, details={"before": marker.path, "now": here.path})
    return Opening(AS_LEFT)


def mark(store: Store, *, afresh: bool) -> None:
    """Write into the database which file it is; `afresh` also names its space anew, apart from what it is a copy of."""
    if afresh or store.meta("space") is None:
        store.set_meta("space", secrets.token_hex(16))
    if store.meta("marker") != (text := store.connection.marker().text()):
        store.set_meta("marker", text)


def keep(store: Store, opening: Opening, at: datetime) -> None:
    """Remember an opening at which something was done."""
    told = {"happened": opening.happened, "begun": opening.begun, "details": opening.details}
    store.set_meta(f"{_KEPT}{iso(at)}", json.dumps(told, ensure_ascii=False))
    if opening.ours:  # what is missing from now on is known to be
        store.set_meta(_MISSED, json.dumps(opening.ours))


def kept(connection: Database) -> Iterator[tuple[str, Opening]]:
    """Every opening at which something was done, with its time, oldest first."""
    rows = connection.execute("select name, value from meta where name like ? order by name", [f"{_KEPT}%"])
    for name, told in rows.fetchall():
        yield str(name).removeprefix(_KEPT), Opening(**json.loads(told))
