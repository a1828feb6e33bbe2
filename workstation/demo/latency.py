"""How long it takes, by the wall clock, from a measurement's leaving its instrument to its alarm in the journal."""

import threading
import time
from datetime import datetime

import numpy as np

from workstation.domain.clock import millis
from workstation.domain.draft import Draft
from workstation.domain.entry import Entry
from workstation.situation import Situation

RAISING = ("alarm.raise", "alarm.escalate")


class Latency:
    """A rule that decides nothing: it takes the time of every alarm as its entry is written."""

    def __init__(self) -> None:
        self._sent: dict[str, float] = {}
        self._lock = threading.Lock()
        self.seconds: list[float] = []

    def sent(self, sensor: str, at: datetime) -> None:
        """A measurement left its instrument now. Called from the instruments' thread."""
        with self._lock:
            self._sent[f"observation:{sensor}:{millis(at)}"] = time.monotonic()

    def after(self, entry: Entry, situation: Situation, now: datetime) -> list[Draft]:
        with self._lock:
            sent = self._sent.get(entry.cause or "")
        if entry.act in RAISING and sent is not None:
            self.seconds.append(time.monotonic() - sent)
        return []

    def tick(self, situation: Situation, now: datetime) -> list[Draft]:
        return []

    def milliseconds(self) -> dict[str, float | int | None]:
        """Median and 95th percentile in ms with the number of alarms; None where none was raised."""
        if not self.seconds:
            return {"alarms": 0, "p50_ms": None, "p95_ms": None}
        p50, p95 = np.percentile(np.array(self.seconds) * 1000, [50, 95])
        return {"alarms": len(self.seconds), "p50_ms": round(float(p50), 1), "p95_ms": round(float(p95), 1)}
