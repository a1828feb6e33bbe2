"""The words of the field: frozen dataclasses and pure functions. No IO, no SQL, no Qt, no library but shapely."""
