"""What leaves: counts equal the filter, nothing personal, nothing active, everything on record."""

import csv
import io
import json
import re

import pytest

from tests.documents.given_away import GIVEN_AWAY, PHONE, RESIDENT
from workstation.app.assembly import assembled, city
from workstation.app.exporting import Exporter
from workstation.commands.conflict import decide
from workstation.commands.log import write_log
from workstation.documents.files import safe_name
from workstation.documents.listing import IncidentFilter, incidents_csv, incidents_geojson
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import changes_of
from workstation.domain.errors import Refused
from workstation.domain.records import Access, Document, Incident, Report, Task
from workstation.situation import AuditFilter
from workstation.station import Space


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


def test_the_timeline_of_the_report_names_on_what_something_was_done_without_a_number_in_it(
    station, exporter, tmp_path
):
    task = Task(id="t1", incident="i1", title=f"联系 {PHONE} 送沙袋", office="JD03", state="sent")
    station.write([Draft("wang", "task.send", changes_of(task))]).result()
    [page] = exporter.incident("i1", tmp_path / "out", ["html"])
    text = page.path.read_text(encoding="utf-8")
    assert re.search(r"下达任务 · 联系 138\*{4}5678 送沙袋", text) and PHONE not in text


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


@pytest.mark.parametrize("told", GIVEN_AWAY)
def test_no_number_of_a_person_is_in_a_list(station, told):
    given = Incident(id="i9", title=f"积水 {told}", place=f"门口 {told}", opened_at=station.clock.now())
    station.write([Draft("wang", "incident.open", changes_of(given))]).result()
    situation = station.situation()
    incidents = situation.find(Incident, id="i9")
    situation.close()
    for text in (incidents_csv(incidents).decode("utf-8-sig"), incidents_geojson(incidents).decode()):
        assert told not in text
        assert "*" in text


def test_the_exported_list_counts_what_the_filter_chose_and_says_so(exporter, station, tmp_path):
    table, geojson = exporter.incidents(IncidentFilter(states=("responding",)), tmp_path / "out")
    [row] = csv.DictReader(io.StringIO(table.path.read_text("utf-8-sig")))
    assert row["number"] == "SJ20261124-0001"
    assert len(json.loads(geojson.path.read_bytes())["features"]) == 1
    situation = station.situation()
    assert [document.rows for document in situation.find(Document)] == [1, 1]
    situation.close()


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b\\c", "..", "SJ20261124-0001", "\0x"])
def test_no_name_of_a_file_is_a_path(name):
    safe = safe_name(name)
    assert not re.search(r"[/\\\0]|^\.", safe)
    assert safe


def test_the_report_tells_what_was_said_apart_from_what_and_who_decided(station, exporter, tmp_path):
    """Made by entries that name no base, as two stations write them that do not hear each other."""

    def said(author, value, *base, why=""):
        change = Change("incident", "i1", "trapped", value, base)
        (entry,) = station.write([Draft(author, "incident.casualties.set", (change,), why)]).result()
        return entry.ref

    before = said("wang", 1)
    said("wang", 2, before)
    said("li", 3, before)
    open_page = exporter.incident("i1", tmp_path, ("html",))[0].path.read_text("utf-8")
    assert "待裁定" in open_page
    station.submit(decide("incident", "i1", "trapped", 3, f"清点 {PHONE}"), "zhao", "SUP").result()
    page = exporter.incident("i1", tmp_path, ("html",))[0].path.read_text("utf-8")
    part = page[page.index("<h2>分歧") :]
    for words in ("此前共知", "1 (ZX wang", "2 (ZX wang", "3 (ZX li", "已裁定", "3 (ZX zhao", "清点 138****5678"):
        assert words in part
    assert PHONE not in page


def test_the_audit_trail_leaves_masked_with_no_formula_and_its_leaving_is_recorded(station, exporter, tmp_path):
    station.submit(write_log(f"=HYPERLINK 请打 {PHONE}"), "=evil", "OP").result()
    sheet, lines = (exporter.audit(AuditFilter(), tmp_path, form)[0].path for form in ("csv", "jsonl"))
    rows = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"))))
    assert [row["act"] for row in rows][:2] == ["log.write", "incident.open"]
    assert rows[0]["author"] == "'=evil"
    assert rows[0]["reason"].startswith("'=HYPERLINK")
    told = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    assert [one["hash"] for one in told[1:]] == [row["hash"] for row in rows]
    (phone,) = [c["value"] for one in told for c in one["changes"] if c["field"] == "reporter_phone"]
    assert phone == "***"
    for page in (sheet, lines):
        assert not [word for word in (PHONE, RESIDENT, "王小明") if word in page.read_text("utf-8-sig")]
    situation = station.situation()
    assert len(situation.find(Access, act="export", user="zhao")) == 2
    situation.close()
