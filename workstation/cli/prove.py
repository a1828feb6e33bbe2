"""`workstation audit verify`: silent on a good journal, names what was altered in any other."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.terms import JsonOption, known_space, print_json, say
from workstation.domain.clock import WallClock
from workstation.domain.errors import KnownError
from workstation.domain.records import Root
from workstation.journal.audit import audit, openings
from workstation.journal.roots import printed
from workstation.situation import Situation

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
    if faults:
        raise typer.Exit(1)
    if root:
        typer.echo(_paper(found.journal, root))


def _paper(journal: Path, day: str) -> str:
    """The root of a day as it is printed. KnownError where the hub took none, or it has not come yet."""
    with closing(Situation.open(journal)) as situation:
        taken = situation.get(Root, day)
    if taken is None:
        raise KnownError(f"{journal.parent}: no root of {day} here")
    return printed(taken)
