"""JSON as programs really write it: what no journal could hold stays with the field that holds it."""

import json

import pytest

from workstation.domain.records import Report
from workstation.feeds.importing import parse_any
from workstation.feeds.listing import lines_of
from workstation.feeds.parsed import Parsed


def quake(name: str = "a1", **properties: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": name,
        "properties": {"mag": 5.1, "time": 1517966773840, "type": "earthquake", "title": "M 5.1 - 临江"} | properties,
        "geometry": {"type": "Point", "coordinates": [120.5, 29.5, 10]},
    }


def listed(*features: object, encoding: str = "utf-8") -> Parsed:
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return parse_any(text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_list_is_read_in_the_encoding_of_its_office(encoding):
    (line,) = lines_of(listed(quake(), encoding=encoding))
    assert line["title"] == "M 5.1 - 临江"


def test_a_magnitude_that_is_no_number_costs_no_other_field():
    (line,) = lines_of(listed(quake(mag=float("nan"))))
    assert (line["title"], line["severity"]) == ("M 5.1 - 临江", None)
    assert [remark["field"] for remark in line["remarks"]] == ["mag"]


@pytest.mark.parametrize("number", ["1e999", "-Infinity", "NaN", "9" * 5_000])
def test_a_number_beyond_all_measure_rejects_its_record_and_no_other(number):
    text = json.dumps({"type": "FeatureCollection", "features": [quake(), quake("a2", time=424242)]})
    parsed = parse_any(text.replace("424242", number).encode())
    assert [record.external_id for record in parsed.records if isinstance(record, Report)] == ["a1"]
    assert [(reject.record, reject.field) for reject in parsed.rejects] == [("a2", "time")]


@pytest.mark.parametrize("half", ["\\ud83d", "\\ude92", "\\ude92\\ud83d"])
def test_half_a_character_is_replaced_before_anything_else_must_take_it(half):
    parsed = parse_any(json.dumps({"type": "FeatureCollection", "features": [quake()]}).replace("M 5.1", half).encode())
    (line,) = lines_of(parsed)
    assert "\ufffd" in line["title"]
    assert line["title"].encode()


def test_a_whole_character_beyond_the_first_plane_is_kept():
    text = json.dumps({"type": "FeatureCollection", "features": [quake(title="🚒 \\ud83d")]})
    assert next(lines_of(parse_any(text.encode())))["title"] == "🚒 \\ud83d"


@pytest.mark.parametrize("depth", [2_000, 200_000])
def test_a_document_nested_without_end_is_told_broken(depth):
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        parsed = parse_any((opening * depth + "1" + closing * depth).encode())
        assert (len(parsed.records), len(parsed.rejects)) == (0, 1)


@pytest.mark.parametrize("rest", [" trailing", "}", "\n{}", "\0"])
def test_what_trails_behind_a_document_makes_it_broken(rest):
    text = json.dumps({"type": "FeatureCollection", "features": [quake()]}) + rest
    assert [(one.record, one.field) for one in parse_any(text.encode()).rejects] == [("document", "json")]


def test_an_event_listed_twice_with_other_words_is_told():
    parsed = listed(quake(), quake(), quake(mag=6.0))
    assert (len(parsed.records), parsed.repeated) == (1, 1)
    assert [(reject.record, reject.field) for reject in parsed.rejects] == [("a1", "id")]


def test_a_report_without_a_title_is_listed_by_what_was_said():
    request = {"service_request_id": 7, "description": "积水很深", "requested_datetime": "2026-11-24 19:40:00+08:00"}
    (line,) = lines_of(parse_any(json.dumps([request]).encode()))
    assert (line["title"], line["kind"], line["time"]) == ("积水很深", "N02", "2026-11-24T11:40:00.000Z")
