"""Files as they come: each is read, told empty, told to be something else, or told broken; none ends the program."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import shared
from workstation.domain.records import Alert
from workstation.feeds.importing import parse_any, read_file
from workstation.feeds.listing import lines_of
from workstation.feeds.parsed import Outcome

LINE_FIELDS = {"type", "id", "time", "title", "kind", "severity", "geometry", "source"}
BROKEN = {"invalid.cap", "invalid_element.atom", "invalid_xmlns.cap", "no_id.atom", "no_link.atom", "xee.cap"}
EMPTY = {"empty_weather_index.atom", "no_entries.atom"}
SCRATCHES = [
    b"",
    b'"',
    b"<",
    b"&",
    b"\0",
    b"\xff",
    b"\n",
    b",",
    b"1e999",
    b"\\ud800",
    b"\xe5\xa4",
    b"-",
    b"&#0;",
    b"0",
    b"9" * 400,
]
OTHER = {
    "boston-err-submitrequest-base_is_duplicate.xml",
    "dc-services-S0301.xml",
    "discovery-boston.json",
    "open_requests_by_type.json",
    "token.xml",
    "hotline_a1.xlsx",
}


def files(kind: str) -> list[Path]:
    return [file for file in sorted(shared(kind).iterdir()) if file.suffix != ".md"]


@pytest.mark.parametrize("kind", ["cap", "quakes", "open311", "calls"])
def test_every_real_file_is_read_or_says_why_not(kind):
    for file in files(kind):
        outcome = read_file(file).outcome
        expected = Outcome.BROKEN if file.name in BROKEN else Outcome.EMPTY if file.name in EMPTY else Outcome.OK
        assert outcome is (Outcome.OTHER if file.name in OTHER else expected), file.name


@pytest.mark.parametrize("kind", ["cap", "quakes", "open311", "calls"])
def test_every_line_has_its_fields_and_a_utc_time(kind):
    for file in files(kind):
        for line in lines_of(read_file(file)):
            json.dumps(line, allow_nan=False)
            if line["type"] == "rejected":
                assert line["reason"], file.name
                assert line["record"], file.name
                assert line["field"], file.name
                continue
            assert line.keys() >= LINE_FIELDS
            assert line["time"] is None or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"]), (
                file.name
            )


def test_every_info_area_polygon_and_circle_of_a_warning_is_kept():
    for file in files("cap"):
        raw = file.read_bytes()
        parsed = read_file(file)
        if parsed.form != "cap" or parsed.outcome is not Outcome.OK:
            continue
        infos = [info for alert in parsed.records if isinstance(alert, Alert) for info in alert.infos or []]
        assert len(infos) == len(re.findall(rb"<(?:\w+:)?info[\s>]", raw)), file.name
        areas = [area for info in infos for area in info["areas"]]
        assert len(areas) == len(re.findall(rb"<(?:\w+:)?area[\s>]", raw)), file.name


def test_the_quake_list_has_as_many_records_as_features():
    file = shared("quakes") / "usgs_all_week_even.geojson"
    assert len(read_file(file).records) == len(json.loads(file.read_bytes())["features"])


def test_reading_twice_gives_the_same_records():
    for kind in ("cap", "quakes", "open311", "calls"):
        for file in files(kind):
            assert read_file(file).records == read_file(file).records


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_a_file_that_breaks_off_is_told_broken(cut):
    for file in (
        shared("cap") / "canada.cap",
        shared("quakes") / "usgs_all_week_even.geojson",
        shared("open311") / "service-requests.xml",
        shared("calls") / "hotline_a3.xlsx",
    ):
        raw = file.read_bytes()
        assert parse_any(raw[: int(len(raw) * cut)]).outcome is Outcome.BROKEN, file.name


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"  \n",
        b"\0" * 40,
        b"\x89PNG\r\n\x1a\n" + bytes(99),
        b"{",
        b"[1,2",
        b"<a",
        b"<a/>",
        b"{}",
        b"[]",
        b"null",
        b"hello",
    ],
)
def test_what_is_nothing_we_know_is_told_broken(raw):
    parsed = parse_any(raw)
    assert parsed.outcome is Outcome.BROKEN
    assert parsed.rejects[0].reason


def test_a_log_in_page_is_told_to_be_one():
    assert parse_any(b"<!DOCTYPE html><html><body>Log in</body></html>").outcome is Outcome.OTHER


def test_one_bad_record_does_not_take_the_others_along():
    document = json.loads((shared("quakes") / "usgs_all_week_even.geojson").read_bytes())
    document["features"] = document["features"][:5]
    document["features"][2]["geometry"]["coordinates"] = [500, 99]
    parsed = parse_any(json.dumps(document).encode())
    assert (len(parsed.records), len(parsed.rejects), parsed.outcome) == (4, 1, Outcome.OK)
    assert parsed.rejects[0].record == document["features"][2]["id"]


@given(st.data())
def test_no_tear_or_scratch_in_a_real_file_does_more_than_be_rejected(data):
    file = data.draw(
        st.sampled_from(
            [one for kind in ("cap", "quakes", "open311") for one in files(kind) if one.stat().st_size < 10_000]
        )
    )
    raw = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(raw)))
        raw[place : place + data.draw(st.integers(0, 9))] = data.draw(st.sampled_from(SCRATCHES))
    for line in lines_of(parse_any(bytes(raw))):
        assert json.dumps(line, ensure_ascii=False, allow_nan=False).encode()
        assert line["type"] != "rejected" or all(line[name] for name in ("source", "record", "field", "reason"))


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_bytes_do_more_than_be_rejected(raw):
    assert parse_any(raw).outcome in Outcome


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "type",
                        "features",
                        "id",
                        "geometry",
                        "properties",
                        "requests",
                        "lat",
                        "service_request_id",
                        "coordinates",
                        "time",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
    )
)
def test_no_document_does_more_than_be_rejected(document):
    assert parse_any(json.dumps(document).encode()).outcome in Outcome
