"""What the instruments measured: high-rate, append-only, kept for a bounded time, never synced."""

from workstation.telemetry.store import Telemetry
from workstation.telemetry.thinning import QUALITIES, Series

__all__ = ["QUALITIES", "Series", "Telemetry"]
