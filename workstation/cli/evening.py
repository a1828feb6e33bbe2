"""`desk` and `demo`: the workstation with its window, on a space of one's own or on the demo evening."""

import typer


def add_to(app: typer.Typer) -> None:
    """Nothing yet."""
