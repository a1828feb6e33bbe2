"""The headless heart: one writer thread that owns the journal; submit, take, observe, merge, tick; one signal out."""

from workstation.station.parts import Parts, Reaction
from workstation.station.space import Space
from workstation.station.station import Station, Watcher

__all__ = ["Parts", "Reaction", "Space", "Station", "Watcher"]
