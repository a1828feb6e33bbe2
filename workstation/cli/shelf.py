"""The commands of the command line, each in its module, which is loaded when one of its commands is called.

Loading all of them costs half a second: a server for the hub, maps and sheets for documents. Only help and a mistyped
name need them all.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

PARTS = {
    "demo": "evening",
    "desk": "desk",
    "station": "nodes",
    "hub": "hub",
    "account": "accounts",
    "keys": "keys",
    "import": "intake",
    "export": "deliver",
    "bundle": "bundles",
    "retention": "retention",
    "maps": "content",
    "check": "content",
    "audit": "prove",
}
"""Command to the module of `workstation.cli` that holds it, in the order of the help."""


class Shelf(TyperGroup):
    """A group that takes its commands from their modules when they are asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(PARTS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands:
            for part in dict.fromkeys([PARTS[cmd_name]] if cmd_name in PARTS else PARTS.values()):
                self.commands.update(_commands_of(part))
        return super().get_command(ctx, cmd_name)


def _commands_of(part: str) -> dict[str, Any]:
    """The commands of one module as Typer makes them; the callback keeps a single one a command of a group."""
    one = typer.Typer(callback=lambda: None)
    import_module(f"workstation.cli.{part}").add_to(one)
    return dict(typer.main.get_group(one).commands)
