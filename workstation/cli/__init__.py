"""The command line. Exit codes: 0 done, 1 the world's fault (named on stderr), 2 usage."""

import gc
import logging
import sys

import typer

from workstation.cli.shelf import Shelf
from workstation.domain.errors import KnownError
from workstation.words.refusals import refusal_text

CHATTY = ("amqtt", "transitions", "uvicorn")
"""Libraries that tell of every step they take."""
app = typer.Typer(
    cls=Shelf,
    callback=lambda: None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Emergency-command workstation 应急指挥工作站",
)


COLLECT = (50_000, 10, 10)
"""How many objects are made before the collector looks for cycles: at its default it takes a fifth of a start."""


def main() -> int:
    """Run the command of this process; its exit code."""
    gc.set_threshold(*COLLECT)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        app(standalone_mode=True)
    except KnownError as error:
        typer.echo(f"workstation: {refusal_text(error)}", err=True)
        return 1
    except OSError as error:
        typer.echo(f"workstation: {error.filename or ''}: {error.strerror or error}", err=True)
        return 1
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    return 0
