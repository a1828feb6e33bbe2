"""Every content file is read by what reads it in earnest, and no file lies there that nobody looks at."""

import json
import re
import tomllib
from collections.abc import Callable
from configparser import ConfigParser
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import parse
from jinja2 import Environment, StrictUndefined
from typer.testing import CliRunner

from workstation import content
from workstation.app.assembly import city
from workstation.cli import app
from workstation.commands import retention
from workstation.commands.city import city_records
from workstation.content import folder, read_geojson, read_text, read_yaml
from workstation.demo.calls import Evening
from workstation.feeds.columns import column_mappings
from workstation.feeds.mqtt_messages import topic_mappings
from workstation.feeds.open311 import profiles
from workstation.feeds.quakes import quake_table
from workstation.feeds.type_words import type_words
from workstation.intake.gazetteer import Gazetteer
from workstation.intake.rules import kinds, read_rules
from workstation.journal.codec import FORMAT
from workstation.mapping.basemap import read_basemap
from workstation.mapping.geopackage import read_buildings
from workstation.playbooks.indicators import indicators
from workstation.playbooks.library import read_library
from workstation.playbooks.lint import lint
from workstation.reactions.limits import rules
from workstation.security.authority import read_matrix
from workstation.security.permission import matrix
from workstation.security.remit import read_remits
from workstation.video.decoding import opened
from workstation.video.source import Size, Source, StreamFault, source_of
from workstation.views.palette import DRAWINGS, palette
from workstation.words import catalogue

ROOT = Path(__file__).parents[2]
FOLDERS = ("maps", "playbooks", "resources")
FILES = sorted(path for name in FOLDERS for path in (ROOT / name).rglob("*") if path.is_file())
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {f"{SVG}{name}" for name in ("svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon")}


def has_no_mistake(path: Path) -> bool:
    return lint(path) == []


def is_a_city(path: Path) -> bool:
    """City, base map and records of the folder; every record has an id of its own."""
    ids = [(type(one), one.id) for one in city_records(path.parent)]
    return bool(city(path.parent.name).regions and read_basemap(path.parent).areas) and len(ids) == len(set(ids)) > 0


def is_a_drawing(path: Path) -> bool:
    """Square, in the colour it is asked for, with nothing in it but shapes."""
    root: Element = parse(path).getroot()
    colours = {one.get(name) for one in root.iter() for name in ("fill", "stroke")} - {None, "none"}
    return root.get("viewBox") == "0 0 24 24" and colours == {"currentColor"} and {e.tag for e in root.iter()} <= DRAWN


def names_known_colours(path: Path) -> bool:
    """Every `$token` of the style sheet is in the palette, or a drawing; the rest is left alone."""
    tokens = {*DRAWINGS, *(name for name, value in asdict(palette()).items() if isinstance(value, str))}
    return Template(read_text(path)).is_valid() and set(Template(read_text(path)).get_identifiers()) <= tokens


def is_a_template(path: Path) -> bool:
    return bool(Environment(autoescape=True, undefined=StrictUndefined).parse(read_text(path)).body)


def shows_a_picture(path: Path) -> bool:
    with opened(Source(str(path), looped=True), lambda: Size(320, 240)) as shots:
        return bool(next(shots).pixels.any())


def is_a_table(path: Path) -> bool:
    """Rows or sections of rows; every id once, no Chinese name empty."""
    table = read_yaml(path)
    parts = [table] if isinstance(table, list) else [part for part in table.values() if isinstance(part, list)]
    rows = [row for part in parts for row in part if isinstance(row, dict)]
    ids = [row["id"] for row in rows if "id" in row]
    return bool(table) and len(ids) == len(set(ids)) and all(str(row.get("zh", "-")).strip() for row in rows)


def read_settings(path: Path) -> ConfigParser:
    """A unit of systemd: sections of settings."""
    parser = ConfigParser(interpolation=None, strict=False)
    parser.read_string(read_text(path))
    return parser


CHECKS: dict[str, Callable[[Path], Any]] = {
    "maps/*/city.yaml": is_a_city,
    "maps/*/*.geojson": read_geojson,
    "maps/*/*.gpkg": read_buildings,
    "maps/*/gazetteer.csv": lambda path: Gazetteer.read(path).places,
    "maps/.gitattributes": read_text,
    "playbooks/*.yaml": has_no_mistake,
    "resources/authority.yaml": lambda path: read_matrix(read_yaml(path)).permissions,
    "resources/clips/*.mp4": shows_a_picture,
    "resources/demo/evening.yaml": lambda path: Evening.load(datetime(2026, 11, 24, 11, tzinfo=UTC)).scheduled(-1, 999),
    "resources/deploy/Containerfile": lambda path: "ENTRYPOINT" in read_text(path),
    "resources/deploy/*.service": lambda path: "ExecStart" in read_settings(path)["Service"],
    "resources/icons/*.svg": is_a_drawing,
    "resources/intake.yaml": lambda path: read_rules().kinds,
    "resources/journal/vectors.json": lambda path: json.loads(read_text(path))["format"] == FORMAT,
    "resources/mappings/calls/*.yaml": lambda path: path.stem in column_mappings(),
    "resources/mappings/mqtt.yaml": lambda path: topic_mappings(),
    "resources/mappings/open311.yaml": lambda path: profiles(),
    "resources/mappings/quakes.yaml": lambda path: quake_table().steps,
    "resources/mappings/type_words.yaml": lambda path: type_words(),
    "resources/pictures/*.png": lambda path: path.read_bytes().startswith(b"\x89PNG"),
    "resources/remits.yaml": lambda path: read_remits(read_yaml(path), matrix().acts),
    "resources/retention.yaml": lambda path: retention.read_rules(),
    "resources/tables/incident_types.yaml": lambda path: kinds(),
    "resources/tables/indicators.yaml": lambda path: indicators(),
    "resources/tables/thresholds.yaml": lambda path: rules(),
    "resources/tables/*.yaml": is_a_table,
    "resources/templates/*.html": is_a_template,
    "resources/themes/*.yaml": lambda path: palette(path.stem),
    "resources/themes/*.qss": names_known_colours,
    "resources/words/*.yaml": lambda path: read_yaml(path).keys() <= catalogue().keys(),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_content_file_is_sound(path: Path) -> None:
    checks = [check for pattern, check in CHECKS.items() if path.relative_to(ROOT).match(pattern)]
    assert checks, f"nobody looks at {path.relative_to(ROOT)}: say in CHECKS what reads it"
    for check in checks:
        assert check(path), check.__name__


def test_every_check_has_a_file() -> None:
    assert not [one for one in CHECKS if not any(path.relative_to(ROOT).match(one) for path in FILES)]


def test_tables_speak_of_kinds_limits_and_playbooks_that_exist() -> None:
    types = read_yaml(folder("resources") / "tables" / "incident_types.yaml")["types"]
    playbooks = set(read_library().playbooks)
    asked = {code for one in indicators().values() for code in one.calls}
    asked |= {*read_rules().kinds, *read_rules().family, *(row.code for row in type_words())}
    assert asked <= kinds().keys()
    assert {row["playbook"] for row in types if "playbook" in row} == playbooks
    limits = {row["id"] for row in read_yaml(folder("resources") / "tables" / "thresholds.yaml")}
    assert {sensor for one in indicators().values() for sensor in one.sensors} <= limits


@pytest.mark.parametrize("path", sorted(folder("maps").glob("*/cameras.geojson")), ids=lambda path: path.parent.name)
def test_every_camera_has_an_address_that_can_be_opened(path: Path) -> None:
    cameras = read_geojson(path)
    assert cameras
    assert sorted({url for one in cameras if not _opens(url := one.properties["url"])}) == []


def _opens(url: str) -> bool:
    try:
        return bool(source_of(url))
    except StreamFault:
        return False


def test_every_pattern_of_a_plate_can_be_compiled() -> None:
    table = read_yaml(folder("resources") / "tables" / "plates.yaml")
    assert all(re.compile(pattern) for pattern in table["patterns"].values())


def test_check_finds_no_fault_with_this_content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workstation.preflight.missing_for_desk", lambda machine: ())
    ran = CliRunner().invoke(app, ["check"])
    assert (ran.exit_code, ran.output) == (0, "")


def test_check_ends_with_1_and_names_the_broken_file(tmp_path: Path) -> None:
    broken = tmp_path / "PB-FLOOD.yaml"
    broken.write_text(
        read_text(folder("playbooks") / "PB-FLOOD.yaml").replace("role: WATER", "role: PIRATE", 1), "utf-8"
    )
    ran = CliRunner().invoke(app, ["check", str(broken)])
    assert ran.exit_code == 1
    assert "PB-FLOOD.yaml" in ran.output
    assert "PIRATE" in ran.output


def test_a_wheel_carries_every_content_folder_that_the_program_opens() -> None:
    build = tomllib.loads(read_text(ROOT / "pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    code = "".join(read_text(path) for path in (ROOT / "workstation").rglob("*.py"))
    assert build["packages"] == ["workstation"]
    assert build["force-include"] == {name: f"workstation/_content/{name}" for name in FOLDERS}
    assert set(re.findall(r"\bfolder\(\"(\w+)\"\)", code)) == set(FOLDERS)


def test_an_installation_reads_the_content_it_carries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "_PACKAGE", tmp_path)
    (tmp_path / "_content" / "maps").mkdir(parents=True)
    assert folder("maps") == tmp_path / "_content" / "maps"
