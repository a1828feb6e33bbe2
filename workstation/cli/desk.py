"""`desk`: the workstation with its window, on a space of one's own."""

import gc
from typing import Annotated

import typer

from workstation.app.serving import serving
from workstation.cli.terms import DEFAULT_SPACE, ConfigOption, SpaceOption, has_display, with_qt
from workstation.config import read_settings
from workstation.domain.errors import KnownError
from workstation.station import Space


def add_to(app: typer.Typer) -> None:
    app.command()(desk)


def desk(
    space: SpaceOption = DEFAULT_SPACE,
    code: Annotated[str, typer.Option("--code", help="Station code when the space is new, e.g. JD03")] = "ZX",
    author: Annotated[str, typer.Option("--author", help="Who sits at the desk 值班员")] = "operator",
    role: Annotated[str, typer.Option("--role", help="operator, SUP or street")] = "operator",
    config: ConfigOption = None,
) -> None:
    """Open a desk on a space: live map, queue, alarms, playbooks, reports."""
    if not has_display():
        raise KnownError("no display to open a desk on; `station` runs without one")
    settings = read_settings(config)
    desks, duty = with_qt("workstation.app.desk"), with_qt("workstation.app.duty")
    seats = with_qt("workstation.app.seat")
    app = desks.application(settings.language)
    desks.open_keys(space)
    with serving(Space.at(space, code), settings) as (station, town, link):

        def run() -> None:
            gc.freeze()  # what stands now stays; to walk it for cycles would hold the window up for a tenth of a second
            app.exec()

        duty.take_turns(station, town, seats.Person(author, role), link, run)
