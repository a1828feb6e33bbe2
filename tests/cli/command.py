"""The program as a person calls it: what it says, and how it ends."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tests.samples import shared
from workstation.cli import app

Line = Mapping[str, Any]
RECORD_FIELDS = {"type", "id", "time", "title", "kind", "severity", "geometry", "source"}


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended: 0 done, 1 the world's fault, which stderr names."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Line]:
        """What it said to machines."""
        return [json.loads(line) for line in self.out.splitlines()]


def workstation(*words: str | Path) -> Done:
    """Run a command within the tests' own process; whatever it raises but its end is raised here."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


def process(*words: str | Path) -> Done:
    """Run a command as a process of its own, which may say that the world is at fault, but never breaks down."""
    command = [sys.executable, "-m", "workstation", *map(str, words)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def shared_files(*kinds: str) -> Sequence[Path]:
    """The real files of those folders, without the note of where they are from."""
    return [file for kind in kinds for file in sorted(shared(kind).iterdir()) if file.suffix != ".md"]
