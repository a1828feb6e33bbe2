"""Journals for tests: fixed keys, a hub that enrols, and an exchange without a network."""

import hashlib
from pathlib import Path

from workstation.domain.clock import Clock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.journal import Journal, Want
from workstation.security.keys import Identity
from workstation.security.sealing import Sealer

SEALER = Sealer(bytes(range(32)))
PHONE = "13800138000"


def identity(station: str) -> Identity:
    return Identity.from_seed(station, hashlib.sha256(station.encode()).digest())


def opened(folder: Path, station: str, clock: Clock) -> Journal:
    return Journal.open(folder / station / "journal.sqlite", identity(station), clock, SEALER)


def enrolled(folder: Path, clock: Clock, *stations: str) -> tuple[Journal, ...]:
    """Journals of stations that one hub enrolled and that all trust it."""
    hub = opened(folder, "HUB", clock)
    for station in stations:
        enrolment = set_fields("station", station, public_key=identity(station).public.hex(), role="station")
        hub.append([Draft("admin", "station.enrol", enrolment)])
    journals = tuple(opened(folder, station, clock) for station in stations)
    for journal in journals:
        journal.pin_root(hub.identity.public)
        for batch in hub.exchange.missing({}, Want()):
            journal.accept(batch)
    hub.close()
    return journals


def exchange(*journals: Journal) -> None:
    """Everybody gets everything of everybody, each author's entries in order."""
    for giver in journals:
        for (station, incarnation), _ in giver.exchange.heads().items():
            for taker in journals:
                while batch := giver.exchange.run(station, incarnation, taker.store.head(station, incarnation)):
                    taker.accept(batch)
