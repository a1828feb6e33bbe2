"""Typed read models over the folded tables. Reads only; each thread opens its own.

It stands below the journal, which hands a situation over its own connection to the commands that run on its thread.
"""

from workstation.situation.accesses import AccessFilter
from workstation.situation.audit import AuditEntry, AuditFilter, Extent
from workstation.situation.disputes import Base, Claim, Conflict
from workstation.situation.guards import Awaited, Breach
from workstation.situation.holding import Holding, Whereabouts
from workstation.situation.seen import SeenSituation
from workstation.situation.sending import OwnEntry, Sending
from workstation.situation.situation import Situation
from workstation.situation.subjects import Name, subjects_of
from workstation.situation.timeline import TimelineLine

__all__ = [
    "AccessFilter",
    "AuditEntry",
    "AuditFilter",
    "Awaited",
    "Base",
    "Breach",
    "Claim",
    "Conflict",
    "Extent",
    "Holding",
    "Name",
    "OwnEntry",
    "SeenSituation",
    "Sending",
    "Situation",
    "TimelineLine",
    "Whereabouts",
    "subjects_of",
]
