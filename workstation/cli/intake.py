"""`workstation import`: files of any known format, read, and unless it is a dry run taken into a space."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.spaces import working_station
from workstation.cli.terms import DEFAULT_CITY, DEFAULT_SPACE, CityOption, JsonOption, SpaceOption, print_json, say
from workstation.domain.errors import KnownError
from workstation.feeds.importing import read_file
from workstation.feeds.listing import lines_of, reject_line
from workstation.feeds.parsed import Outcome, Parsed, Reject
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
        parsed = _read(file, json)
        if parsed is None:
            broken = True
            continue
        for line in lines_of(parsed):
            if json:
                print_json(line | {"file": str(file)})
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
        parsed = _read(file, json)
        if parsed is None:
            broken = True
            continue
        entries = station.take(parsed).result()
        _tell(file, parsed)
        if json:
            print_json({"type": "file", "file": str(file), **_counts(parsed), "entries": entries})
        else:
            typer.echo(f"{file.name}: {_sentence(parsed)}, {entries} entries added")
        broken |= parsed.outcome is Outcome.BROKEN
    return broken


def _read(file: Path, json: bool) -> Parsed | None:
    """What a file holds; None, told on stderr and as a line, where it cannot be opened."""
    try:
        return read_file(file)
    except OSError as error:
        reason = error.strerror or str(error)
    except KnownError as error:
        reason = str(error)
    say(f"{file}: {reason}")
    if json:
        print_json(reject_line(Reject("file", "document", "file", reason)) | {"file": str(file)})
    return None


def _tell(file: Path, parsed: Parsed) -> None:
    """On stderr, what the lines do not say of a file as a whole."""
    first = next(iter(parsed.rejects), None)
    if parsed.outcome is not Outcome.OK:
        reason = f": {first.source}: record {first.record}: {first.field}: {first.reason}" if first else ""
        say(f"{file}: {parsed.outcome}{reason}")
    elif parsed.rejects or parsed.repeated:
        say(f"{file}: {_sentence(parsed)}")


def _sentence(parsed: Parsed) -> str:
    repeated = f", {parsed.repeated} repeated" if parsed.repeated else ""
    return f"{len(parsed.records)} records, {len(parsed.rejects)} rejected{repeated}"


def _counts(parsed: Parsed) -> dict[str, object]:
    return {
        "form": parsed.form,
        "outcome": str(parsed.outcome),
        "records": len(parsed.records),
        "rejected": len(parsed.rejects),
        "repeated": parsed.repeated,
    }
