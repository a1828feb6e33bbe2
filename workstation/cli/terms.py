"""What several commands share: their options, lines for machines and for people, and Qt where it is needed."""

import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated

import orjson
import typer

from workstation import preflight
from workstation.domain.errors import KnownError

SpaceOption = Annotated[Path, typer.Option("--space", help="Folder of the space 空间目录")]
CityOption = Annotated[str, typer.Option("--city", help="City content under maps/ 城市")]
ConfigOption = Annotated[Path | None, typer.Option("--config", help="TOML file with feeds and brokers 配置文件")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON line a record on stdout 机器可读输出")]
DEFAULT_SPACE = Path("space")
DEFAULT_CITY = "linjiang"


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
