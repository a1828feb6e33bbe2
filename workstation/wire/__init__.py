"""The one HTTP client of the house."""

from workstation.wire.client import PATIENT, Answer, Patience, Trust, Wire, WireError, certificate_of

__all__ = ["PATIENT", "Answer", "Patience", "Trust", "Wire", "WireError", "certificate_of"]
