"""`station` and `hub`: the two kinds of node that run without a window."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from workstation.app.serving import serving
from workstation.cli.terms import DEFAULT_SPACE, ConfigOption, SpaceOption, print_json, say, space_at
from workstation.config import read_settings
from workstation.domain.clock import WallClock
from workstation.hub.exchange import Hub
from workstation.hub.invitations import Invitations
from workstation.hub.server import HubServer
from workstation.reactions.roots import DailyRoot
from workstation.station import Parts, Space, Station
from workstation.sync.enrolling import enrol

HUB_FOLDER = Path("hub")


def add_to(app: typer.Typer) -> None:
    app.command()(station)
    app.command()(hub)


def station(
    space: SpaceOption = DEFAULT_SPACE,
    config: ConfigOption = None,
    code: Annotated[str, typer.Option("--code", help="Station code when the space is new, e.g. JD03")] = "ZX",
    enrol_at: Annotated[str, typer.Option("--enrol", help="Hub URL to enrol with, once")] = "",
    invitation: Annotated[str, typer.Option("--invitation", help="The hub's one-time code")] = "",
) -> None:
    """Run a station without a window until it is stopped (Ctrl+C)."""
    settings = read_settings(config)
    stopped = _stop_signals()
    place = space_at(space, code)
    if enrol_at:
        if not invitation:
            raise typer.BadParameter("--enrol needs --invitation")
        _enrol(place, enrol_at, invitation)
    with serving(place, settings) as (running, _, link):
        say(f"station {running.name} runs over {space}; " + ("linked to its hub" if link else "no hub"))
        _wait(stopped)


def hub(
    space: Annotated[Path, typer.Option("--space", help="Folder of the hub's space")] = HUB_FOLDER,
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 8710,
    invite: Annotated[str, typer.Option("--invite", help="Print a one-time code for this station and end")] = "",
    region: Annotated[str, typer.Option("--region", help="Region code the invited station works for")] = "990100",
) -> None:
    """Run the hub, or invite a station to it."""
    place = space_at(space, "HUB")
    if invite:
        invitations = Invitations(place.folder / "keys" / "invitations.json")
        typer.echo(invitations.invite(invite, region, WallClock().now()))
        return
    stopped = _stop_signals()
    heart = Station(place, WallClock(), Parts(reactions=[DailyRoot(place.station)]))
    heart.start()
    try:
        server = HubServer(Hub(heart), host, port)
        print_json({"url": server.start(), "space": str(space)})
        _wait(stopped)
        server.stop()
    finally:
        heart.stop()


def _enrol(space: Space, url: str, invitation: str) -> None:
    address, key = enrol(url, invitation, space.identity())
    space.replace_space_key(key)
    address.write(space.hub_file)
    say(f"{space.station} is enrolled with {address.url}")


def _stop_signals() -> threading.Event:
    """Set once the process is told to end; asked for before anything is started, so that nothing ends half begun."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def _wait(stopped: threading.Event) -> None:
    """Until the event is set; in short waits, which let signals through on every system."""
    while not stopped.wait(0.5):
        pass
