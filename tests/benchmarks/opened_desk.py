"""One start of the desk; `start` runs it in a process of its own.

It gives the command `workstation desk`, which loads what it needs in its own order, Qt among it: loaded before, Qt
would look into every module that comes behind it. In place of Qt's loop, which waits for a person, comes the watch.
"""

import json
import os
import sys
from importlib import import_module
from types import ModuleType

from workstation.cli import desk, main

UNSEEN = "offscreen:"
"""The platform without a screen, by a name under which the command takes it for one."""


def start(space: str, began: float, incidents: int, live: int) -> int:
    """Give the command and print what the watch found; `began` is when the process began."""

    def watch(*_: object) -> None:
        seen = import_module("tests.benchmarks.watched_desk").watch(began, incidents, live)
        print(json.dumps(seen))

    def with_qt(module: str) -> ModuleType:
        loaded = provided(module)
        import_module("PySide6.QtWidgets").QApplication.exec = watch
        return loaded

    provided, desk.with_qt = desk.with_qt, with_qt
    os.environ["QT_QPA_PLATFORM"] = UNSEEN
    sys.argv = ["workstation", "desk", "--space", space]
    return main()


if __name__ == "__main__":
    sys.exit(start(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
