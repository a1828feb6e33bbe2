"""`hub refuse`: the hub's own word, by hand, that an entry does not count."""

from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.spaces import known_space
from workstation.cli.terms import print_json
from workstation.domain.clock import WallClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.errors import KnownError
from workstation.domain.records import Verdict
from workstation.situation.sending import CENTRE
from workstation.station import Parts, Station

BY_HAND = "authority.by_hand"


def refuse(
    space: Annotated[Path, typer.Argument(help="Folder of the hub's space")],
    entry: Annotated[str, typer.Argument(help="The entry as the audit names it: STATION/INCARNATION/NUMBER")],
    by: Annotated[str, typer.Option("--by", help="Who says so")],
    reason: Annotated[str, typer.Option("--reason", help="Why")],
) -> None:
    """Say for the hub that an entry of a station counts for nobody, as where it was tampered with: it keeps its place
    in the record, and what it changed is as if it had not been said, here at once and elsewhere when the word comes."""
    if not by.strip() or not reason.strip():
        raise typer.BadParameter("who says so, and why, is kept with it: --by and --reason may not be empty")
    heart = Station(known_space(space), WallClock(), Parts())
    station, incarnation, seq = (*entry.split("/"), "", "")[:3]
    heart.start()
    try:
        if heart.name != CENTRE or station == CENTRE:
            raise KnownError(f"{entry}: the hub alone says this, and of other stations' entries")
        head = heart.ask(lambda journal: journal.store.head(station, incarnation)).result()
        if not (seq.isdecimal() and 0 < int(seq) <= head):
            raise KnownError(f"{entry}: no entry of that name is held here")
        verdict = Verdict(id=entry, reason=BY_HAND)
        written = heart.write([Draft(by.strip(), "entry.refuse", changes_of(verdict), reason.strip())]).result()
    finally:
        heart.stop()
    print_json({"entry": entry, "refused": True, "said": bool(written)})
