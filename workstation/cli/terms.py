"""What several commands share: their options, a space opened for work, and lines for machines."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated

import orjson
import typer

from workstation import preflight
from workstation.app.assembly import City, assembled, city
from workstation.domain.clock import WallClock
from workstation.domain.errors import KnownError
from workstation.station import Space, Station

SpaceOption = Annotated[Path, typer.Option("--space", help="Folder of the space 空间目录")]
CityOption = Annotated[str, typer.Option("--city", help="City content under maps/ 城市")]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="TOML file with feeds and brokers 配置文件")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON line a record on stdout 机器可读输出")]
DEFAULT_SPACE = Path("space")
DEFAULT_CITY = "linjiang"


def space_at(folder: Path, station: str = "ZX") -> Space:
    """The space in a folder, founded for `station` where there is none."""
    space = Space(folder)
    return space if space.exists else Space.found(folder, station)


def known_space(folder: Path) -> Space:
    """The space in a folder; KnownError where there is none."""
    space = Space(folder)
    if not space.exists:
        raise KnownError(f"{folder}: no space here; import something into it, or start a station or a desk on it")
    return space


@contextmanager
def working_station(folder: Path, city_name: str) -> Iterator[tuple[Station, City]]:
    """A station over a space, started for the length of a command."""
    town = city(city_name)
    station = assembled(space_at(folder), WallClock(), town)
    station.start()
    try:
        yield station, town
    finally:
        station.stop()


def print_json(line: object) -> None:
    """One line of JSON in UTF-8, whatever the console's own encoding is."""
    typer.echo(orjson.dumps(line, option=orjson.OPT_NON_STR_KEYS))


def say(text: str) -> None:
    """A message for a person, on stderr so that stdout stays for machines."""
    typer.echo(text, err=True)


def with_qt(module: str) -> ModuleType:
    """A module that imports Qt, after the libraries Qt stands on were seen to be here or installed.

    Loaded by name, so that commands without a window start without Qt.
    """
    machine = preflight.this_machine()
    line = preflight.provide(preflight.missing_for_desk(machine), machine)
    if line:
        raise KnownError(f"system libraries are missing; run: {line}")
    return import_module(module)


def has_display() -> bool:
    """Whether a window can be opened. Only X11 and Wayland need a server to be named."""
    if os.environ.get("QT_QPA_PLATFORM"):
        return os.environ["QT_QPA_PLATFORM"] not in ("offscreen", "minimal")
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
