"""`workstation import`: files of any known format, read, and unless it is a dry run taken into a space."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.terms import (
    DEFAULT_CITY,
    DEFAULT_SPACE,
    CityOption,
    JsonOption,
    SpaceOption,
    print_json,
    say,
    working_station,
)
from workstation.domain.errors import KnownError
from workstation.feeds.importing import read_file
from workstation.feeds.listing import lines_of
from workstation.feeds.parsed import Outcome, Parsed
from workstation.station import Station


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_files)


def import_files(
    files: Annotated[list[Path], typer.Argument(help="Files to read 文件")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and show, change nothing")] = False,
    json: JsonOption = False,
    space: SpaceOption = DEFAULT_SPACE,
    city_name: CityOption = DEFAULT_CITY,
) -> None:
    """Read incident files: CAP, USGS and QuakeML, Open311, call records (CSV, XLSX). Exit 1 when one is broken."""
    if dry_run:
        broken = _show(files, json)
    else:
        with working_station(space, city_name) as (station, _):
            broken = _take(files, json, station)
    if broken:
        raise typer.Exit(1)


def _show(files: Iterable[Path], json: bool) -> bool:
    """Print every record and reject; whether a file was broken."""
    broken = False
    for file in files:
        parsed = _read(file)
        if parsed is None:
            broken = True
            continue
        for line in lines_of(parsed):
            if json:
                print_json(line)
            else:
                typer.echo("\t".join(str(line.get(name) or "") for name in _COLUMNS[line["type"] == "rejected"]))
        _tell(file, parsed)
        broken |= parsed.outcome is Outcome.BROKEN
    return broken


_COLUMNS = {False: ("time", "type", "kind", "severity", "title", "id"), True: ("type", "record", "field", "reason")}


def _take(files: Iterable[Path], json: bool, station: Station) -> bool:
    """Take every file in; whether one was broken. Rejects go to quarantine with their bytes."""
    broken = False
    for file in files:
        parsed = _read(file)
        if parsed is None:
            broken = True
            continue
        entries = station.take(parsed).result()
        _tell(file, parsed)
        if json:
            print_json({"type": "file", "file": file.name, **_counts(parsed), "entries": entries})
        else:
            typer.echo(
                f"{file.name}: {len(parsed.records)} records, {len(parsed.rejects)} rejected, {entries} entries added"
            )
        broken |= parsed.outcome is Outcome.BROKEN
    return broken


def _read(file: Path) -> Parsed | None:
    try:
        return read_file(file)
    except OSError as error:
        say(f"{file}: {error.strerror or error}")
    except KnownError as error:
        say(f"{file}: {error}")
    return None


def _tell(file: Path, parsed: Parsed) -> None:
    if parsed.outcome is not Outcome.OK:
        reason = f": {parsed.rejects[0].field}: {parsed.rejects[0].reason}" if parsed.rejects else ""
        say(f"{file}: {parsed.outcome}{reason}")


def _counts(parsed: Parsed) -> dict[str, object]:
    return {
        "form": parsed.form,
        "outcome": str(parsed.outcome),
        "records": len(parsed.records),
        "rejected": len(parsed.rejects),
    }
