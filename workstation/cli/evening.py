"""`demo`: the workstation with its window on the demo evening, or playing it by itself."""

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from workstation.cli.bar import progress
from workstation.cli.terms import JsonOption, has_display, print_json, say, with_qt
from workstation.domain.errors import KnownError
from workstation.station import Space

WATCHED_SPEED, ALONE_SPEED = 20.0, 90.0
RESULTS = ("hub", "zx", "jd03", "screens", "documents")


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


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
