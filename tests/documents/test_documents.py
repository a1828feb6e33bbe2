"""What leaves: counts equal the filter, nothing personal, nothing active, nothing from the network."""

import csv
import html
import io
import json
import os
import platform
import re
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from workstation.app.assembly import assembled, city
from workstation.app.exporting import Exporter
from workstation.commands.conflict import decide
from workstation.commands.log import write_log
from workstation.documents.files import safe_name
from workstation.documents.listing import IncidentFilter, incidents_csv, incidents_geojson
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import changes_of
from workstation.domain.errors import Refused
from workstation.domain.records import Access, Document, Incident, Report, Task
from workstation.situation import AuditFilter
from workstation.station import Space

PHONE, RESIDENT = "13812345678", "110101199003074477"
GIVEN_AWAY = (
    PHONE,
    "138 1234 5678",
    "１３８１２３４５６７８",
    "+86 138-1234-5678",
    RESIDENT,
    "沪A12345",
    "021-65431234",
)


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


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> tuple[str, str, Path]:
    """The report of a flood in which people gave away every kind of number: as HTML, the PDF's text, and the file."""
    folder, clock = tmp_path_factory.mktemp("printed"), ManualClock(datetime(2026, 11, 24, 11, 40, tzinfo=UTC))
    running = assembled(Space.found(folder / "ZX", "ZX"), clock, city("linjiang"))
    running.start()
    try:
        records = [
            Incident(
                id="i1",
                number="SJ20261124-0007",
                title=f"人民路下穿倒灌 {PHONE}",
                place="人民路下穿",
                type="N02",
                level="II",
                lat=29.606482,
                lon=124.190213,
                opened_at=clock.now(),
            ),
            *(
                Report(id=f"r{number}", incident="i1", text=f"第{number}通 {told}", reporter_name="王小明")
                for number, told in enumerate(GIVEN_AWAY)
            ),
            *(Task(id=f"t{number}", incident="i1", title=f"封路{number}", state="sent") for number in range(3)),
        ]
        running.write([Draft("wang", "incident.open", changes_of(record)) for record in records]).result()
        log = write_log(f"回访 {PHONE} 身份证 {RESIDENT}", "i1")
        running.submit(log, "wang", "OP").result()
        exporter = Exporter(running, city("linjiang"), "zhao", "supervisor", "zh")
        page, pdf = exporter.incident("i1", folder / "out", ["html", "pdf"])
        text = "\n".join(sheet.extract_text() for sheet in PdfReader(pdf.path).pages)
        return page.path.read_text("utf-8"), text, page.path
    finally:
        running.stop()


def test_the_pdf_is_the_same_report_with_its_chinese_title(printed):
    _, pdf, _ = printed
    assert "人民路下穿倒灌" in pdf
    assert "SJ20261124-0007 · Ⅱ 严重" in pdf


def test_the_pdf_holds_every_report_and_every_task_once(printed):
    _, pdf, _ = printed
    assert [pdf.count(f"第{number}通") for number in range(len(GIVEN_AWAY))] == [1] * len(GIVEN_AWAY)
    assert [pdf.count(f"封路{number}") for number in range(3)] == [1] * 3


def test_the_pdf_tells_nothing_of_who_made_it_or_on_which_machine(printed):
    _, _, page = printed
    [path] = page.parent.glob("*.pdf")
    pdf = PdfReader(path)
    told = f"{pdf.metadata} {pdf.xmp_metadata and pdf.xmp_metadata.stream.get_data().decode()}"
    assert set(pdf.metadata or {}) <= {"/Title", "/Creator", "/Producer", "/CreationDate", "/ModDate"}
    for giveaway in (platform.node(), str(page.parent), PHONE, "王小明"):
        assert giveaway not in told


def test_the_map_is_drawn_in_the_pdf_with_its_scale(printed):
    _, pdf, _ = printed
    assert re.search(r"\d+ m", pdf)


def test_no_number_of_a_person_is_in_the_page_or_in_the_pdf(printed):
    page, pdf, _ = printed
    for text in (page, pdf):
        digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", re.sub(r"(?<=\d)[\s\-·]+(?=\d)", "", text)))
        assert PHONE not in digits
        assert RESIDENT[:17] not in digits
        assert "王小明" not in text
        assert "沪A12345" not in text
        assert "138****5678" in text


def asked_for(page: Path) -> list[str]:
    """Every address that a real browser was asked for when it opened a page."""
    settings = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.documents.opening", str(page)],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [one for one in done.stdout.split() if not one.startswith(("data:", "about:", "blob:"))]


def test_the_page_opened_asks_for_nothing_but_itself(printed):
    _, _, path = printed
    assert asked_for(path) == [path.as_uri()]


def test_a_page_that_asks_for_more_would_be_caught(tmp_path):
    (tmp_path / "bad.html").write_text("<img src='http://127.0.0.1:9/track.png'>", "utf-8")
    assert "http://127.0.0.1:9/track.png" in asked_for(tmp_path / "bad.html")


def test_no_address_outside_is_written_where_a_browser_would_follow_it(printed):
    page, _, _ = printed
    whole = html.unescape(page)
    assert not re.search(r"(?:src|href|action|poster)\s*=\s*[\"']?\s*(?:https?:)?//(?!leafletjs\.com)", whole)
    assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", whole)


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
