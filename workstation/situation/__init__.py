"""Typed read models over the folded tables. Reads only; each thread opens its own."""

from workstation.situation.situation import Situation
from workstation.situation.timeline import Conflict, TimelineLine

__all__ = ["Conflict", "Situation", "TimelineLine"]
