"""The one HTTP client of the house."""

from workstation.wire.client import PATIENT, Answer, Patience, Trust, Wire, WireError, certificate_of
from workstation.wire.faults import SILENT

__all__ = ["PATIENT", "SILENT", "Answer", "Patience", "Trust", "Wire", "WireError", "certificate_of"]
