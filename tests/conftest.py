"""Offscreen by default, and one calm wall: a manual clock at the evening the stories are told of."""

import os
from datetime import UTC, datetime

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from workstation.domain.clock import ManualClock  # noqa: E402  Qt reads the platform at import


@pytest.fixture
def clock() -> ManualClock:
    """24 November 2026, 19:40 in Linjiang."""
    return ManualClock(datetime(2026, 11, 24, 11, 40, tzinfo=UTC))
