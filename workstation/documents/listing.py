"""Lists of incidents: CSV for a spreadsheet, GeoJSON for a map. What is in them is exactly what the filter chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from workstation.documents.csv_sheet import csv_sheet
from workstation.domain.clock import iso
from workstation.domain.encoding import to_value
from workstation.domain.records import Incident
from workstation.security.masking import scrub
from workstation.situation import Situation

COLUMNS = (
    *("number", "title", "type", "state", "level", "grade", "occurred_at", "opened_at", "closed_at", "place", "street"),
    *("grid", "office", "lat", "lon", "deaths", "missing", "injured", "trapped", "evacuated", "simulated"),
)
FREE_TEXT = ("title", "place")


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents: of these states, levels, types or streets; empty means any."""

    states: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()

    def choose(self, situation: Situation) -> list[Incident]:
        """The incidents it lets through, newest first."""
        wanted = {"state": self.states, "level": self.levels, "type": self.types, "street": self.streets}
        equals: dict[str, Any] = {name: these for name, these in wanted.items() if these}
        return situation.find(Incident, order="-opened_at", **equals)

    @property
    def text(self) -> str:
        return " ".join(code for codes in (self.states, self.levels, self.types, self.streets) for code in codes)


def incidents_csv(incidents: Sequence[Incident]) -> bytes:
    """A row an incident."""
    return csv_sheet(COLUMNS, ({name: _shown(one, name) for name in COLUMNS} for one in incidents))


def incidents_geojson(incidents: Sequence[Incident]) -> bytes:
    """A FeatureCollection; an incident whose place is not known has a null geometry."""
    features = [
        {
            "type": "Feature",
            "id": incident.id,
            "geometry": _point(incident),
            "properties": {name: _shown(incident, name) for name in COLUMNS if name not in ("lat", "lon")},
        }
        for incident in incidents
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features}, option=orjson.OPT_INDENT_2)


def _point(incident: Incident) -> dict[str, object] | None:
    if incident.lat is None or incident.lon is None:
        return None
    return {"type": "Point", "coordinates": [incident.lon, incident.lat]}


def _shown(incident: Incident, name: str) -> object:
    value = getattr(incident, name)
    if name in FREE_TEXT and value:
        return scrub(value)
    return iso(value) if name.endswith("_at") and value is not None else to_value(value)
