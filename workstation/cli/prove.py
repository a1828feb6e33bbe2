"""`workstation audit verify`: silent on a good journal, names what was altered in any other."""

from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.terms import JsonOption, known_space, print_json
from workstation.domain.clock import WallClock
from workstation.journal.audit import audit

group = typer.Typer(no_args_is_help=True, help="Prove the journal 审计")


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="audit")


@group.callback()
def about() -> None:
    """Prove that the record was not altered 审计."""


@group.command()
def verify(space: Annotated[Path, typer.Argument(help="Folder of the space")], json: JsonOption = False) -> None:
    """Check chain, signatures and tables of a space; print each fault, exit 1 when there is one."""
    found = known_space(space)
    faults = audit(found.journal, found.identity(), found.sealer(), WallClock())
    for fault in faults:
        if json:
            print_json({"where": fault.where, "reason": fault.reason})
        else:
            typer.echo(f"{fault.where}: {fault.reason}")
    if faults:
        raise typer.Exit(1)
