"""Real files nobody here wrote, read from the shared folder beside the project; absent, the test skips and says so."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(name: str) -> Path:
    """The folder or file of that name under the shared data; skips the test where it is absent, except in CI."""
    path = ROOT.parent / "shared" / "data" / name
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have the shared data folder: {path}")
        pytest.skip(f"shared data folder absent: put it at {path}")
    return path
