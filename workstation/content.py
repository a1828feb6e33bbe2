"""Where the content folders lie, and how their files are read. The only module that knows.

A checkout has `maps/`, `playbooks/` and `resources/` beside the package; a wheel carries them inside it. Another city
means other content and no changed line of code.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from workstation.domain.errors import ContentError

_PACKAGE = Path(__file__).resolve().parent
MAX_BYTES = 64 * 1024 * 1024
SAFE: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, in C where the wheel has it: ten times as fast, and a desk reads forty files before it is seen."""


def folder(name: str) -> Path:
    """The folder `maps`, `playbooks` or `resources`. Raises ContentError when the installation carries none."""
    for root in (_PACKAGE / "_content", _PACKAGE.parent):
        if (root / name).is_dir():
            return root / name
    raise ContentError(name, "", "content folder not found")


def read_text(path: Path) -> str:
    """A content file as text, its size bounded."""
    if not path.is_file():
        raise ContentError(str(path), "", "file not found")
    if path.stat().st_size > MAX_BYTES:
        raise ContentError(str(path), "", f"larger than {MAX_BYTES} bytes")
    return path.read_text(encoding="utf-8")


def read_yaml(path: Path) -> Any:
    """A YAML file by the safe loader; a mistake names file and line."""
    try:
        return yaml.load(read_text(path), Loader=SAFE)  # noqa: S506  it is the safe one
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else ""
        raise ContentError(path.name, place, str(getattr(error, "problem", error))) from error


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a GeoJSON file: its properties, and its geometry as GeoJSON (lon, lat)."""

    properties: dict[str, Any]
    geometry: dict[str, Any]


def read_geojson(path: Path) -> list[Feature]:
    """The features of a GeoJSON FeatureCollection. Raises ContentError naming the feature without a geometry."""
    try:
        document = json.loads(read_text(path))
        features = document["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise ContentError(path.name, "", f"not a GeoJSON FeatureCollection: {error}") from error
    found = []
    for number, item in enumerate(features):
        if not item.get("geometry"):
            raise ContentError(path.name, f"feature {number}", "geometry missing")
        found.append(Feature(item.get("properties") or {}, item["geometry"]))
    return found
