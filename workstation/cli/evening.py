"""`desk` and `demo`: the workstation with its window, on a space of one's own or on the demo evening."""

import gc
import os
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from workstation.app.serving import serving
from workstation.cli.terms import (
    DEFAULT_SPACE,
    ConfigOption,
    JsonOption,
    SpaceOption,
    print_json,
    progress,
    say,
    space_at,
    with_qt,
)
from workstation.config import read_settings
from workstation.domain.errors import KnownError
from workstation.station import Space

WATCHED_SPEED, ALONE_SPEED = 20.0, 90.0
RESULTS = ("hub", "zx", "jd03", "screens", "documents")


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
    app.command()(desk)


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Play it without a window 无人值守播放")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the results 输出目录")] = None,
    speed: Annotated[float | None, typer.Option("--speed", min=1, max=200, help="Times the wall clock 倍速")] = None,
    json: JsonOption = False,
) -> None:
    """Play a rainy evening in the invented city of Linjiang: feeds, map, alarms, playbook, a street cut off, reports.

    Without a display it plays by itself and writes its results.
    """
    folder = _cleared(out or Path(f"demo-{datetime.now():%Y%m%d-%H%M%S}"))  # noqa: DTZ005  a name for people
    if headless or not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        playing = with_qt("workstation.app.playing")
        with progress("Linjiang 临江", playing.LAST_MINUTE) as reach:
            summary = playing.play_alone(folder, speed or ALONE_SPEED, playing.Telling(say, reach))
        say(f"results are in {folder}")
        if json:
            print_json({"summary": str(summary)})
        else:
            typer.echo(summary)
    else:
        with_qt("workstation.app.playing").watch(folder, speed or WATCHED_SPEED)


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
    with serving(space_at(space, code), settings) as (station, town, link):

        def run() -> None:
            gc.freeze()  # what stands now stays; to walk it for cycles would hold the window up for a tenth of a second
            app.exec()

        duty.take_turns(station, town, seats.Person(author, role), link, run)


def has_display() -> bool:
    """Whether a window can be opened. Only X11 and Wayland need a server to be named."""
    if os.environ.get("QT_QPA_PLATFORM"):
        return os.environ["QT_QPA_PLATFORM"] not in ("offscreen", "minimal")
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _cleared(folder: Path) -> Path:
    """The folder, empty of an earlier evening. Anything else in it is not ours to remove: KnownError."""
    earlier = list(folder.iterdir()) if folder.is_dir() else []
    strange = [one.name for one in earlier if one.name not in (*RESULTS, "summary.json")]
    if strange or (earlier and not Space(folder / "hub").exists):
        raise KnownError(f"{folder}: holds other things ({', '.join(strange[:3])}); name an empty folder with --out")
    for name in RESULTS:
        shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
