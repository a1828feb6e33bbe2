"""Typed read models over the folded tables. Reads only; each thread opens its own.

It stands below the journal, which hands a situation over its own connection to the commands that run on its thread.
"""

from workstation.situation.situation import Situation
from workstation.situation.timeline import Conflict, TimelineLine

__all__ = ["Conflict", "Situation", "TimelineLine"]
