"""`bundle`: what another station lacks, carried on a stick where there is no network."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from workstation.attachments import Shelf
from workstation.cli.bar import progress
from workstation.cli.spaces import known_space
from workstation.cli.terms import DEFAULT_SPACE, JsonOption, SpaceOption, print_json, say
from workstation.domain.clock import WallClock
from workstation.domain.errors import KnownError
from workstation.station import Parts, Station
from workstation.sync.bundle import Carrier, import_bundle
from workstation.sync.bundle_file import BundleError
from workstation.sync.bundle_writing import Order, export_bundle

FileArgument = Annotated[Path, typer.Argument(help="Bundle file, for a USB stick")]


def add_to(app: typer.Typer) -> None:
    group = typer.Typer(help="Carry entries and files where there is no network: export, import")
    group.command("export")(export)
    group.command("import")(take)
    app.add_typer(group, name="bundle")


def export(  # noqa: PLR0913  a command's options
    file: FileArgument,
    recipients: Annotated[
        list[str] | None, typer.Option("--for", help="Station that can open it; the hub, or from the hub all stations")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all/--since-receipts", help="Everything, or what they lack by the receipts here")
    ] = False,
    attachments: Annotated[bool, typer.Option(help="The files too")] = True,
    space: SpaceOption = DEFAULT_SPACE,
    json: JsonOption = False,
) -> None:
    """Write what the recipients lack: signed, and sealed for each of them alone."""
    order = Order(tuple(dict.fromkeys(recipients or ())), everything, attachments)
    with _carrier(space) as carrier, _named(file):
        total = carrier.station.ask(lambda journal: sum(journal.exchange.heads().values())).result()
        with progress(str(file), total * max(1, len(order.recipients))) as told:
            written = export_bundle(carrier, file, order, told)
    if json:
        print_json({"file": str(file), **asdict(written)})
    say(
        f"{file}: {written.entries} entries, {written.files} files, {written.size} bytes"
        f" for {', '.join(written.recipients)}"
    )
    if written.damaged:
        raise KnownError(f"{file}: files left out, since they are damaged here: {', '.join(written.damaged)}")


def take(
    file: FileArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check it and say what it would bring")] = False,
    space: SpaceOption = DEFAULT_SPACE,
    json: JsonOption = False,
) -> None:
    """Check a bundle and take what is new in it; once more, or after it was broken off, does no harm."""
    with _carrier(space) as carrier, _named(file):
        taken = import_bundle(carrier, file, dry=dry_run)
    if json:
        print_json({"file": str(file), **asdict(taken)})
    say(f"{file}: {taken.entries} new entries, {taken.files} new files, written by {taken.writer} at {taken.at}")
    if not taken.is_whole:
        raise KnownError(f"{file}: cut off; missing are {taken.missing} entries, and files that stood behind them")


@contextmanager
def _carrier(folder: Path) -> Iterator[Carrier]:
    space = known_space(folder)
    station = Station(space, WallClock(), Parts())
    station.start()
    try:
        yield Carrier(station, space.identity(), space.sealer(), Shelf(space.attachments))
    finally:
        station.stop()


@contextmanager
def _named(file: Path) -> Iterator[None]:
    """Errors say which file they are about."""
    try:
        yield
    except (BundleError, OSError) as error:
        raise KnownError(f"{file}: {error}") from error
