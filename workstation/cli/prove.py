"""`workstation audit`: prove a journal, which is silent on a good one; and list who saw what, or signed in."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.spaces import known_space
from workstation.cli.terms import JsonOption, print_json, say
from workstation.domain.clock import WallClock, iso
from workstation.domain.encoding import to_value
from workstation.domain.errors import KnownError
from workstation.domain.records import Root
from workstation.journal.audit import audit, extent_of, openings
from workstation.journal.places import Place, file_of, open_situation
from workstation.journal.roots import printed
from workstation.situation import AccessFilter

ACCESS_FIELDS = ("at", "user", "station", "act", "object", "field", "purpose", "reason")
group = typer.Typer(no_args_is_help=True, help="Prove the journal 审计")


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="audit")


@group.callback()
def about() -> None:
    """Prove that the record was not altered 审计."""


@group.command()
def verify(
    space: Annotated[Path, typer.Argument(help="Folder of the space")],
    root: Annotated[str, typer.Option("--root", help="Also print the root of this day (YYYY-MM-DD) for paper")] = "",
    extent: Annotated[bool, typer.Option("--extent", help="Also print how much was proved, and when")] = False,
    json: JsonOption = False,
) -> None:
    """Check chain, signatures and tables of a space; print each fault, exit 1 when there is one.

    What was found and done when the space was opened (a copy, a restore, a repair) is told on stderr.
    """
    found = known_space(space)
    for at, opening in openings(found.place):
        say(f"{at}: {opening.text()}")
    faults = audit(found.place, found.identity(), found.sealer(), WallClock())
    for fault in faults:
        if json:
            print_json({"where": fault.where, "reason": fault.reason})
        else:
            typer.echo(f"{fault.where}: {fault.reason}")
    if extent:
        _tell_extent(found.place, json)
    if faults:
        raise typer.Exit(1)
    if root:
        typer.echo(_paper(found.place, root))


@group.command()
def accesses(  # noqa: PLR0913  a command has as many options as its user needs
    space: Annotated[Path, typer.Argument(help="Folder of the space")],
    record: Annotated[str, typer.Option("--record", help="Id of the record that was seen")] = "",
    user: Annotated[str, typer.Option("--user", help="Login of who saw it, or signed in")] = "",
    act: Annotated[str, typer.Option("--act", help="unmask, copy, export, sign_in, sign_in_refused, ...")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most, the newest first")] = 200,
    json: JsonOption = False,
) -> None:
    """List who saw which record when, why and where; who signed in, and who was turned away."""
    wanted = AccessFilter(objects=(record,) if record else (), user=user, act=act)
    with closing(open_situation(known_space(space).place)) as situation:
        found = situation.accesses(wanted, limit)
    for one in found:
        told = {name: to_value(getattr(one, name)) for name in ACCESS_FIELDS}
        if json:
            print_json(told)
        else:
            typer.echo("\t".join(str(value or "-") for value in told.values()))


def _tell_extent(place: Place, json: bool) -> None:
    """N entries of M stations, from when to when, proved when; nothing of a journal that cannot be read."""
    held = extent_of(place)
    if held is None:
        return
    first, last, at = (iso(moment) if moment else "" for moment in (held.first, held.last, WallClock().now()))
    if json:
        print_json({"entries": held.entries, "stations": held.stations, "first": first, "last": last, "at": at})
    else:
        typer.echo(f"{held.entries} entries, {held.stations} stations, {first}..{last}, verified at {at}")


def _paper(place: Place, day: str) -> str:
    """The root of a day as it is printed. KnownError where the hub took none, or it has not come yet."""
    with closing(open_situation(place)) as situation:
        taken = situation.get(Root, day)
    if taken is None:
        raise KnownError(f"{file_of(place).parent}: no root of {day} here")
    return printed(taken)
