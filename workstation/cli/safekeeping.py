"""`hub backup`, `hub restore` and `hub drill-restore`: a space in one file, and the proof that it can be had back."""

import time
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.spaces import known_space
from workstation.cli.terms import print_json, say
from workstation.domain.clock import WallClock
from workstation.hub.safekeeping import back_up, drill_restore, restore
from workstation.station import Space, keyholder

FolderArgument = Annotated[Path, typer.Argument(help="Folder of the space")]
FileArgument = Annotated[Path, typer.Argument(help="The backup")]
PassphraseOption = Annotated[
    Path | None, typer.Option("--passphrase-file", help="File whose first line opens the keys in the backup")
]


def join(group: typer.Typer) -> None:
    group.command("backup")(write)
    group.command("restore")(bring_back)
    group.command("drill-restore")(drill)


def write(space: FolderArgument, file: FileArgument, passphrase_file: PassphraseOption = None) -> None:
    """Write a backup of a space, also while its hub runs; its keys only under a passphrase."""
    entries = back_up(known_space(space), file, WallClock(), _passphrase(passphrase_file))
    say(f"{file}: {entries} entries" + ("" if passphrase_file else "; without keys"))


def bring_back(file: FileArgument, space: FolderArgument, passphrase_file: PassphraseOption = None) -> None:
    """Lay a backup out as a space in an empty folder."""
    about = restore(file, Space(space), _passphrase(passphrase_file))
    say(f"{space}: {about['entries']} entries as of {about['at']}" + ("" if passphrase_file else "; without keys"))


def drill(file: FileArgument, passphrase_file: PassphraseOption = None) -> None:
    """Restore to a temporary place, prove chain and tables, and tell how many seconds it took; exit 1 for a fault."""
    begun = time.monotonic()
    found = drill_restore(file, _passphrase(passphrase_file), WallClock())
    seconds = round(time.monotonic() - begun, 2)
    print_json({"entries": found.entries, "same": found.same, "faults": found.faults, "rto_seconds": seconds})
    if found.faults or not found.same:
        raise typer.Exit(1)


def _passphrase(file: Path | None) -> str:
    return "" if file is None else keyholder.first_line(file)
