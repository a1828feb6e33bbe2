"""`station`: a node that runs without a window, and what such nodes share."""

import signal
import threading
from typing import Annotated

import typer

from workstation.app.serving import serving
from workstation.cli.terms import DEFAULT_SPACE, ConfigOption, SpaceOption, say
from workstation.config import read_settings
from workstation.station import Space
from workstation.sync.enrolling import enrol


def add_to(app: typer.Typer) -> None:
    app.command()(station)


def station(  # noqa: PLR0913  a command's options
    space: SpaceOption = DEFAULT_SPACE,
    config: ConfigOption = None,
    code: Annotated[str, typer.Option("--code", help="Station code when the space is new, e.g. JD03")] = "ZX",
    enrol_at: Annotated[str, typer.Option("--enrol", help="Hub URL to enrol with, once")] = "",
    invitation: Annotated[str, typer.Option("--invitation", help="The hub's one-time code")] = "",
    insecure: Annotated[bool, typer.Option("--insecure", help="Enrol over HTTP with another machine")] = False,
) -> None:
    """Run a station without a window until it is stopped (Ctrl+C)."""
    settings = read_settings(config)
    stopped = stop_signals()
    place = Space.at(space, code)
    if enrol_at:
        if not invitation:
            raise typer.BadParameter("--enrol needs --invitation")
        _enrol(place, enrol_at, invitation, insecure)
    with serving(place, settings) as (running, _, link):
        say(f"station {running.name} runs over {space}; " + ("linked to its hub" if link else "no hub"))
        wait(stopped)


def _enrol(space: Space, url: str, invitation: str, insecure: bool) -> None:
    address, key = enrol(url, invitation, space.identity(), insecure=insecure)
    space.replace_space_key(key)
    address.write(space.hub_file)
    say(f"{space.station} is enrolled with {address.url}")


def stop_signals() -> threading.Event:
    """Set once the process is told to end; asked for before anything is started, so that nothing ends half begun."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def wait(stopped: threading.Event) -> None:
    """Until the event is set; in short waits, which let signals through on every system."""
    while not stopped.wait(0.5):
        pass
