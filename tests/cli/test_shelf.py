"""The commands are found where they lie, and a command pays for no other."""

import subprocess
import sys
from pathlib import Path

import pytest

import workstation.cli
from tests.cli.command import process
from tests.cli.command import workstation as run
from workstation.cli.shelf import PARTS

HEAVY = {"fastapi", "uvicorn", "folium", "av", "amqtt", "scipy", "PySide6"}


def test_every_module_with_commands_is_on_the_shelf() -> None:
    folder = Path(workstation.cli.__file__).parent
    with_commands = {file.stem for file in folder.glob("*.py") if "def add_to(" in file.read_text("utf-8")}
    assert set(PARTS.values()) == with_commands


@pytest.mark.parametrize("command", PARTS)
def test_a_command_tells_of_itself(command: str) -> None:
    done = run(command, "--help")
    assert done.code == 0
    assert command in done.out


def test_the_help_names_every_command_in_order() -> None:
    said = run("--help").out
    places = [said.index(f" {command} ") for command in PARTS]
    assert places == sorted(places)


def test_a_mistyped_command_is_answered_with_the_one_meant() -> None:
    done = process("imprt")
    assert done.code == 2
    assert "'import'" in done.err


@pytest.mark.parametrize("command", ["import", "desk", "audit"])
def test_a_command_loads_no_library_of_another(command: str) -> None:
    code = f"import sys; from workstation.cli import app; app(['{command}', '--help'], standalone_mode=False)"
    tell = "; print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + tell], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stderr.split())
