"""Playbooks as content: what to do in which kind of incident, by when, by whom; read, checked and judged here."""

from workstation.playbooks.library import Library, Ready, read_library
from workstation.playbooks.schema import Bilingual, Playbook, StepPlan

__all__ = ["Bilingual", "Library", "Playbook", "Ready", "StepPlan", "read_library"]
