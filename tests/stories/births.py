"""Starting and killing the nodes of a story: what a test says to the nursery, a process that forks them fast."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.hubs import until


class Nursery:
    """Bears nodes, and kills them; each writes what it says to `out`, and what it complains of to `out`.err."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.alive: set[int] = set()

    def bear(self, role: str, folder: Path, out: Path, port: int = 0, seed: int = 0) -> int:
        """The process id of a new hub, station or evening; see `tests.stories.nursery`."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([role, str(folder), port, str(out), seed]) + "\n")
        self._process.stdin.flush()
        self.alive.add(child := int(self._process.stdout.readline()))
        return child

    def kill(self, node: int) -> None:
        """One that had died by itself cannot be killed: then this fails, and its last words are in its err file."""
        self.alive.remove(node)
        os.kill(node, signal.SIGKILL)
        until(lambda: not is_there(node))


@contextmanager
def nursery() -> Iterator[Nursery]:
    """What still lives in the end is killed."""
    command = [sys.executable, "-m", "tests.stories.nursery"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        mother = Nursery(process)
        try:
            yield mother
        finally:
            for node in filter(is_there, [*mother.alive]):
                mother.kill(node)


def is_there(node: int) -> bool:
    try:
        os.kill(node, 0)
    except ProcessLookupError:
        return False
    return True
