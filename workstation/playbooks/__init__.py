"""Playbooks as content: what to do in which kind of incident, by when, by whom; read, checked and judged here."""

from workstation.playbooks.library import Library, read_library
from workstation.playbooks.schema import Playbook, StepPlan

__all__ = ["Library", "Playbook", "StepPlan", "read_library"]
