"""`keys`: where the secret keys of a space lie, and moving them out of their files."""

from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.spaces import known_space
from workstation.cli.terms import DEFAULT_SPACE, JsonOption, SpaceOption, print_json, say
from workstation.station import keyholder
from workstation.words import t


def add_to(app: typer.Typer) -> None:
    app.command()(keys)


def keys(
    space: SpaceOption = DEFAULT_SPACE,
    keyring: Annotated[
        bool, typer.Option("--keyring", help="Move them into this machine's keyring 系统钥匙串")
    ] = False,
    passphrase_file: Annotated[
        Path | None, typer.Option("--passphrase-file", help="Wrap them by the first line of this file 口令加密")
    ] = None,
    files: Annotated[bool, typer.Option("--files", help="Back into files of their owner 放回文件")] = False,
    json: JsonOption = False,
) -> None:
    """Tell where a space's keys lie, and move them. Stop the station first; it finds them at its next start."""
    folder = known_space(space).folder
    if keyring + files + (passphrase_file is not None) > 1:
        raise typer.BadParameter("one of --keyring, --passphrase-file and --files")
    if keyring:
        keyholder.keep_in_keyring(folder)
    elif passphrase_file is not None:
        keyholder.keep_wrapped(folder, keyholder.first_line(passphrase_file))
    elif files:
        keyholder.keep_in_files(folder)
    held = keyholder.where(folder)
    if json:
        print_json({"space": str(folder), "keys": held})
    else:
        say(t(f"keyholder.where.{held}", folder=folder))
