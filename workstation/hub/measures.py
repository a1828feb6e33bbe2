"""What the hub counts of its own work, for Prometheus. No station is named in it, and no value of a record."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from workstation.hub.doorbell import Doorbell
from workstation.journal import Journal
from workstation.station import Station
from workstation.sync.outage import OTHER, REASONS

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


def entries_of(journal: Journal) -> int:
    """How many entries a journal holds, of all streams."""
    return sum(journal.exchange.heads().values())


class Measures:
    """The counters of one hub, in a registry of their own."""

    def __init__(self, station: Station, doorbell: Doorbell, patience: float) -> None:
        self._registry = CollectorRegistry()
        self._station = station
        self._patience = patience
        self.pushes = self._counter("workstation_hub_pushes", "Batches taken from stations")
        self.exchange = Histogram(
            "workstation_hub_exchange_seconds",
            "Time of an exchange",
            ["kind"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._refusals = Counter(
            "workstation_hub_refusals", "Requests refused, by reason", ["reason"], registry=self._registry
        )
        self._entries = Gauge("workstation_hub_entries", "Entries in the journal", registry=self._registry)
        self._gauge("workstation_hub_listeners", "Open streams of news", lambda: doorbell.listeners)
        self._gauge("workstation_hub_writer_queue", "Jobs waiting for the writer", lambda: station.waiting)
        self._gauge("workstation_hub_database_bytes", "Size of the journal's files", self._size)

    def refused(self, reason: str) -> None:
        self._refusals.labels(reason if reason in REASONS else OTHER).inc()

    def text(self) -> bytes:
        """All of it in Prometheus' text format. Entries are NaN, unknown, while the writer does not answer."""
        try:
            self._entries.set(self._station.ask(entries_of).result(self._patience))
        except TimeoutError:
            self._entries.set(float("nan"))
        return generate_latest(self._registry)

    def _size(self) -> float:
        """NaN, unknown, where the journal lies in a database that is watched by its own means."""
        journal = self._station.space.journal
        if self._station.space.place != journal:
            return float("nan")
        return sum(one.stat().st_size for one in journal.parent.glob(f"{journal.name}*") if one.is_file())

    def _counter(self, name: str, words: str) -> Counter:
        return Counter(name, words, registry=self._registry)

    def _gauge(self, name: str, words: str, value: Callable[[], float]) -> None:
        Gauge(name, words, registry=self._registry).set_function(value)
