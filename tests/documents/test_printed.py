"""The report as HTML and as PDF: the same, whole, and with nothing in it that it should not hold or ask for."""

import html
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

from tests.documents.given_away import GIVEN_AWAY, PHONE, RESIDENT
from workstation.app.assembly import assembled, city
from workstation.app.exporting import Exporter
from workstation.commands.log import write_log
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.records import Incident, Report, Task
from workstation.station import Space


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


def test_the_pdf_holds_every_report_once_and_every_task_in_its_list_and_where_it_was_sent(printed):
    _, pdf, _ = printed
    assert [pdf.count(f"第{number}通") for number in range(len(GIVEN_AWAY))] == [1] * len(GIVEN_AWAY)
    assert [pdf.count(f"封路{number}") for number in range(3)] == [2] * 3


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
