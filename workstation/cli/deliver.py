"""`export`: what leaves a station as documents for people."""

from pathlib import Path
from typing import Annotated

import typer

from workstation.app.exporting import FORMATS, Exporter
from workstation.cli.spaces import known_space, working_station
from workstation.cli.terms import DEFAULT_CITY, DEFAULT_SPACE, CityOption, JsonOption, SpaceOption, print_json, with_qt
from workstation.documents.listing import IncidentFilter

Codes = Annotated[list[str] | None, typer.Option(help="Only these; may be given several times")]


def add_to(app: typer.Typer) -> None:
    app.command()(export)


def export(  # noqa: PLR0913  a command's options
    out: Annotated[Path, typer.Option("--out", help="Folder to write to 输出目录")],
    incident: Annotated[str, typer.Option("--incident", help="Number or id; without it the list is exported")] = "",
    form: Annotated[list[str] | None, typer.Option("--format", help="html, pdf, csv, geojson")] = None,
    state: Codes = None,
    level: Codes = None,
    type_: Annotated[list[str] | None, typer.Option("--type")] = None,
    street: Codes = None,
    language: Annotated[str, typer.Option("--language", help="zh or en")] = "zh",
    author: Annotated[str, typer.Option("--author", help="Who exports; kept in the access log")] = "operator",
    space: SpaceOption = DEFAULT_SPACE,
    city_name: CityOption = DEFAULT_CITY,
    json: JsonOption = False,
) -> None:
    """Export one incident as HTML and PDF, or the list of incidents as CSV and GeoJSON; masked, and recorded."""
    forms = form or (["html", "pdf"] if incident else ["csv", "geojson"])
    if unknown := set(forms) - set(FORMATS):
        raise typer.BadParameter(f"no such format: {', '.join(sorted(unknown))}")
    if language not in ("zh", "en"):
        raise typer.BadParameter("language is zh or en")
    if "pdf" in forms:
        with_qt("workstation.views.printer")
    known_space(space)
    with working_station(space, city_name) as (station, town):
        exporter = Exporter(station, town, author, "supervisor", language)
        chosen = IncidentFilter(*(tuple(codes or ()) for codes in (state, level, type_, street)))
        made = exporter.incident(incident, out, forms) if incident else exporter.incidents(chosen, out, forms)
    for one in made:
        if json:
            print_json({"file": str(one.path), "sha256": one.sha256, "bytes": one.size})
        else:
            typer.echo(f"{one.path}\t{one.sha256}")
