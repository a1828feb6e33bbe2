"""What leaves: counts equal the filter, nothing personal, nothing active, nothing from the network."""

import csv
import io
import json
import re
import subprocess

import pytest

from workstation.app.assembly import assembled, city
from workstation.app.exporting import Exporter
from workstation.documents.files import safe_name
from workstation.documents.listing import IncidentFilter, incidents_csv, incidents_geojson
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.errors import Refused
from workstation.domain.records import Access, Document, Incident, Report
from workstation.station import Space

PHONE, RESIDENT = "13812345678", "110101199003074477"


@pytest.fixture
def station(tmp_path, clock):
    running = assembled(Space.found(tmp_path / "ZX", "ZX"), clock, city("linjiang"))
    running.start()
    at = {"lat": 29.6, "lon": 124.2, "opened_at": clock.now()}
    records = [
        Incident(
            id="i1",
            number="SJ20261124-0001",
            title="=cmd|<script>alert(1)</script>",
            level="II",
            state="responding",
            **at,
        ),
        Incident(id="i2", number="SJ20261124-0002", title="倒树", level="IV", state="closed", opened_at=clock.now()),
        Report(
            id="r1",
            incident="i1",
            text=f"水很深 请打 {PHONE} 身份证{RESIDENT}",
            reporter_name="王小明",
            reporter_phone=PHONE,
        ),
    ]
    running.write([Draft("wang", "incident.open", changes_of(record)) for record in records]).result()
    yield running
    running.stop()


@pytest.fixture
def exporter(station):
    return Exporter(station, city("linjiang"), "zhao", "supervisor", "zh")


def test_the_report_names_no_phone_and_no_resident(exporter, tmp_path):
    [page] = exporter.incident("i1", tmp_path / "out", ["html"])
    text = page.path.read_text(encoding="utf-8")
    assert PHONE not in text
    assert RESIDENT not in text
    assert "王小明" not in text
    assert "138****5678" in text


def test_the_report_runs_nothing_that_came_from_outside(exporter, tmp_path):
    [page] = exporter.incident("i1", tmp_path / "out", ["html"])
    text = page.path.read_text(encoding="utf-8")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_the_report_asks_no_network_for_anything(exporter, tmp_path):
    [page] = exporter.incident("i1", tmp_path / "out", ["html"])
    text = page.path.read_text(encoding="utf-8")
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)\s*=\s*[\"']?(https?:)?//", text)
    assert "L.map(" in text


def test_the_list_holds_exactly_what_the_filter_chose(station):
    situation = station.situation()
    for chosen, count in (
        (IncidentFilter(), 2),
        (IncidentFilter(levels=("II",)), 1),
        (IncidentFilter(states=("ended",)), 0),
    ):
        incidents = chosen.choose(situation)
        rows = list(csv.DictReader(io.StringIO(incidents_csv(incidents).decode("utf-8-sig"))))
        features = json.loads(incidents_geojson(incidents))["features"]
        assert len(incidents) == len(rows) == len(features) == count
    situation.close()


def test_no_cell_of_the_list_is_a_formula(station):
    situation = station.situation()
    text = incidents_csv(situation.find(Incident)).decode("utf-8-sig")
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in csv.reader(io.StringIO(text)) for cell in row)
    situation.close()


def test_an_incident_without_a_place_stays_in_the_list_without_one(station):
    situation = station.situation()
    features = json.loads(incidents_geojson(situation.find(Incident)))["features"]
    assert [feature["geometry"] is None for feature in features] == [False, True]
    situation.close()


def test_every_export_is_recorded_with_its_digest(exporter, station, tmp_path):
    [page] = exporter.incident("SJ20261124-0001", tmp_path / "out", ["html"])
    situation = station.situation()
    [made] = situation.find(Document)
    assert (made.sha256, made.made_by, made.incident) == (page.sha256, "zhao", "i1")
    assert [access.act for access in situation.find(Access)] == ["export"]
    situation.close()


def test_an_incident_nobody_knows_is_refused(exporter, tmp_path):
    with pytest.raises(Refused, match="incident_unknown"):
        exporter.incident("SJ1", tmp_path)


def test_the_pdf_is_the_same_report_with_chinese_in_it(exporter, tmp_path):
    _, pdf = exporter.incident("i1", tmp_path / "out", ["html", "pdf"])
    text = subprocess.run(["pdftotext", str(pdf.path), "-"], capture_output=True, text=True, check=True).stdout
    assert "事件报告" in text or "概况" in text
    assert PHONE not in text


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b\\c", "..", "SJ20261124-0001", "\0x"])
def test_no_name_of_a_file_is_a_path(name):
    safe = safe_name(name)
    assert not re.search(r"[/\\\0]|^\.", safe)
    assert safe
