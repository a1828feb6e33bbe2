"""What the README names is there: tests, files and commands."""

import ast
import re
from pathlib import Path

import click
import pytest
import typer

from workstation.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(test_\w+)`", README)))
FILES = sorted(set(re.findall(r"(?:tests|resources|maps)/[\w./-]*\w\.\w+", README)))
ROWS = [line.split("|")[1] for line in README.splitlines() if line.startswith("| `workstation ")]
COMMANDS = {name for row in ROWS for name in re.findall(r"`workstation ([a-z]+)", row)}


def written() -> set[str]:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "tests").rglob("*.py")]
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_test_the_readme_names_is_written() -> None:
    assert len(NAMED) > 20
    assert set(NAMED) - written() == set()


@pytest.mark.parametrize("name", FILES)
def test_a_file_the_readme_names_is_there(name: str) -> None:
    assert (ROOT / name.replace("CITY", "linjiang")).is_file()


def test_every_command_of_the_readme_is_the_programs_and_every_one_of_the_programs_is_told() -> None:
    shelf = typer.main.get_command(app)
    assert set(shelf.list_commands(click.Context(shelf))) == COMMANDS
