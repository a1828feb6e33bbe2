"""Proving a journal in a process of its own: it takes a whole core for as long as it lasts, which no desk must feel.

What the process says is what `workstation audit verify --json --extent` prints.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from workstation.domain.clock import parse_iso
from workstation.journal.fault import Fault

OUT, ERR = "out", "err"


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of it: how much was proved (zero where it could not be), when, and every fault. `failure` says why the
    process itself came to no end."""

    entries: int
    stations: int
    first: datetime | None
    last: datetime | None
    at: datetime | None
    faults: tuple[Fault, ...]
    failure: str = ""


class Proving:
    """A proof under way. `result` is None until it has ended; `cancel` gives it up."""

    def __init__(self, space: Path) -> None:
        self._folder = Path(mkdtemp(prefix="proof-"))
        command = [sys.executable, "-m", "workstation", "audit", "verify", "--json", "--extent", str(space)]
        with (self._folder / OUT).open("wb") as out, (self._folder / ERR).open("wb") as err:
            self._process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL)

    def result(self) -> Proof | None:
        if self._process.poll() is None:
            return None
        lines = [json.loads(line) for line in self._read(OUT).splitlines()]
        faults = tuple(Fault(line["where"], line["reason"]) for line in lines if "where" in line)
        extent = next((line for line in lines if "entries" in line), None)
        if extent is None:
            return Proof(0, 0, None, None, None, faults, self._read(ERR)[-400:] or str(self._process.returncode))
        first, last, at = (parse_iso(extent[name]) if extent[name] else None for name in ("first", "last", "at"))
        return Proof(extent["entries"], extent["stations"], first, last, at, faults)

    def cancel(self) -> None:
        """End the process; the journal is only read by it."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        rmtree(self._folder, ignore_errors=True)

    def _read(self, name: str) -> str:
        return (self._folder / name).read_bytes().decode("utf-8", "replace")
