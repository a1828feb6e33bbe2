"""Offscreen by default, system libraries first, and a manual clock at the evening the stories are told of."""

import atexit
import os
import sys
from datetime import UTC, datetime
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from workstation import preflight
from workstation.domain.clock import ManualClock

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["WORKSTATION_STATE"] = mkdtemp(prefix="workstation-state-")
atexit.register(rmtree, os.environ["WORKSTATION_STATE"], ignore_errors=True)
os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


def provide_what_tests_need() -> None:
    """Install the tests' libraries and servers as root; else say once which line brings them."""
    machine = preflight.this_machine()
    missing = [*preflight.missing_for_desk(machine), *preflight.missing_for_tests(machine)]
    if line := preflight.provide(missing, machine):
        sys.stderr.write(f"tests that need system packages will skip or fail; run: {line}\n")


provide_what_tests_need()  # while this file is read: before any plugin imports Qt


@pytest.fixture
def clock() -> ManualClock:
    """24 November 2026, 19:40 in Linjiang."""
    return ManualClock(datetime(2026, 11, 24, 11, 40, tzinfo=UTC))
