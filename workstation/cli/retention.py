"""`retention`: what has been kept long enough, and its deletion on somebody's word."""

from typing import Annotated

import typer

from workstation.app.retention import Retention
from workstation.cli.terms import DEFAULT_SPACE, SpaceOption, print_json, say
from workstation.commands.retention import read_rules
from workstation.domain.clock import WallClock, iso
from workstation.domain.errors import KnownError
from workstation.station import Parts, Space, Station
from workstation.telemetry import Telemetry


def add_to(app: typer.Typer) -> None:
    app.command()(retention)


def retention(
    space: SpaceOption = DEFAULT_SPACE,
    confirm: Annotated[str, typer.Option("--confirm", help="Delete what is listed, on this person's word")] = "",
    role: Annotated[str, typer.Option("--role", help="The role of who confirms: SUP or SEC")] = "",
) -> None:
    """List what has been kept long enough; with --confirm delete it and record what it was."""
    place = Space(space)
    if not place.exists:
        raise KnownError(f"{space} is not a space")
    station, telemetry = Station(place, WallClock(), Parts()), Telemetry.open(place.telemetry, True)
    station.start()
    try:
        keeper = Retention(station, telemetry, read_rules())
        listed = keeper.listed()
        for one in listed:
            print_json({"rule": one.rule.name, "count": one.count, "before": iso(one.before), "sha256": one.sha256})
        if confirm:
            keeper.delete(listed, confirm, role)
            say(f"deleted on the word of {confirm}: {sum(one.count for one in listed)}")
    finally:
        telemetry.close()
        station.stop()
