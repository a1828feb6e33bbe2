"""The scripted evening: what citizens, offices and services say in two hours of rain, minute by minute.

The script is content (`resources/demo/evening.yaml`); places are found in the city's gazetteer, so that a rebuilt city
moves the calls with it. What comes out are raw bytes a feed would fetch.
"""

import csv
import io
import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from workstation.content import folder, read_text, read_yaml
from workstation.demo.feed_bytes import calls_csv, cap_xml, quakes_geojson, requests_json
from workstation.domain.errors import ContentError

FILE = "evening.yaml"
DEGREE_M = 110_860.0
Places = Mapping[str, tuple[float, float]]


class Evening:
    """The evening from `start`. `places` gives the latitude and longitude of the gazetteer's names."""

    def __init__(self, start: datetime, script: Mapping[str, Any], places: Places) -> None:
        self._city = script["city"]
        self._events = {
            kind: sorted((self._told(row, start, places) for row in script[kind]), key=lambda one: float(one["minute"]))
            for kind in ("calls", "requests", "warnings", "quakes")
        }

    @classmethod
    def load(cls, start: datetime) -> "Evening":
        """The script and the gazetteer of the demo city. Raises ContentError for a script that cannot be played."""
        script = read_yaml(folder("resources") / "demo" / FILE)
        try:
            return cls(start, script, gazetteer_places())
        except (KeyError, TypeError, ValueError) as error:
            raise ContentError(FILE, "", f"{type(error).__name__}: {error}") from error

    def scheduled(self, after: float, until: float) -> list[tuple[str, bytes]]:
        """What the feeds bring in minutes after < minute <= until: (source, raw), each source at most once but CAP.

        Sources: calls, open311, cap, usgs.
        """
        due = {kind: [one for one in rows if after < one["minute"] <= until] for kind, rows in self._events.items()}
        found = []
        if due["calls"]:
            found.append(("calls", calls_csv(due["calls"])))
        if due["requests"]:
            found.append(("open311", requests_json(due["requests"], self._city["jurisdiction"])))
        found += [("cap", self._warning(one)) for one in due["warnings"]]
        if due["quakes"]:
            found.append(("usgs", quakes_geojson(due["quakes"])))
        return found

    def _warning(self, one: Mapping[str, Any]) -> bytes:
        replaced = [earlier for earlier in self._events["warnings"] if earlier["id"] in one["replaces"]]
        return cap_xml(one, self._city, replaced)

    @staticmethod
    def _told(row: Mapping[str, Any], start: datetime, places: Places) -> dict[str, Any]:
        """A row with its moment, and its position where the one who took the call had one."""
        told = dict(row) | {"moment": start + timedelta(minutes=float(row.get("said", row["minute"])))}
        spot = places.get(row.get("near", row.get("place", "")))
        if "at" in row and spot is not None:
            east, north = row["at"]
            told["lat"] = round(spot[0] + north / DEGREE_M, 6)
            told["lon"] = round(spot[1] + east / (DEGREE_M * math.cos(math.radians(spot[0]))), 6)
        return told


def gazetteer_places() -> dict[str, tuple[float, float]]:
    """Latitude and longitude of every Chinese name in the demo city's gazetteer; of equal names the first."""
    found: dict[str, tuple[float, float]] = {}
    table = csv.DictReader(io.StringIO(read_text(folder("maps") / "linjiang" / "gazetteer.csv")))
    for row in table:
        found.setdefault(row["name_zh"], (float(row["lat"]), float(row["lon"])))
    return found
