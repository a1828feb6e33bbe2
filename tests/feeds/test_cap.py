"""Warnings as they are really sent: every version, wrapping and encoding, read generously below a strict header."""

from datetime import UTC, datetime
from html import escape

import pytest

from workstation.domain.records import Alert
from workstation.feeds.importing import parse_any
from workstation.feeds.listing import lines_of
from workstation.feeds.parsed import Outcome, Parsed

CAP_1_2 = "urn:oasis:names:tc:emergency:cap:1.2"
VERSIONS = ["http://www.incident.com/cap/1.0", "urn:oasis:names:tc:emergency:cap:1.1", CAP_1_2]
AREA = "<areaDesc>临江市</areaDesc><polygon>29.5,120.5 29.6,120.5 29.6,120.6 29.5,120.5</polygon>"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><updated>2026-11-24T11:40:00Z</updated>{}</feed>'
ENTRY = "<entry><id>e</id><updated>2026-11-24T11:40:00Z</updated>{}</entry>"


def alert(
    area: str = AREA,
    namespace: str = CAP_1_2,
    sent: str = "2026-11-24T19:40:00+08:00",
    identifier: str = "X1",
    more: str = "",
) -> str:
    return (
        f'<alert xmlns="{namespace}"><identifier>{identifier}</identifier><sender>qx@linjiang</sender>'
        f"<sent>{sent}</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
        "<info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Immediate</urgency>"
        "<severity>Severe</severity><certainty>Observed</certainty><headline>暴雨橙色预警</headline>"
        f"{more}<area>{area}</area></info></alert>"
    )


def the_one(parsed: Parsed) -> Alert:
    (found,) = parsed.records
    assert isinstance(found, Alert)
    return found


def prefixed(text: str) -> str:
    return text.replace("</", "</c:").replace("<", "<c:").replace("<c:/c:", "</c:").replace("xmlns=", "xmlns:c=")


@pytest.mark.parametrize("namespace", VERSIONS)
@pytest.mark.parametrize("write", [str, prefixed], ids=["default", "prefix"])
def test_a_warning_of_any_version_and_prefix_says_the_same(namespace, write):
    found = the_one(parse_any(write(alert(namespace=namespace)).encode()))
    assert (found.event, found.severity, found.sent) == ("暴雨", "Severe", datetime(2026, 11, 24, 11, 40, tzinfo=UTC))
    assert found.geometry == {
        "type": "Polygon",
        "coordinates": [[[120.5, 29.5], [120.5, 29.6], [120.6, 29.6], [120.5, 29.5]]],
    }


@pytest.mark.parametrize("namespace", ["", "urn:oasis:names:tc:emergency:cap:1.3", "http://example.com/alert"])
def test_another_vocabulary_is_refused_however_alike_it_looks(namespace):
    parsed = parse_any(alert(namespace=namespace).encode())
    assert [(reject.record, reject.field) for reject in parsed.rejects] == [("X1", "xmlns")]


@pytest.mark.parametrize(
    "wrapping",
    [
        "<alerts>{}</alerts>",
        '<d:EDXLDistribution xmlns:d="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><d:contentObject><d:xmlContent>'
        "<d:embeddedXMLContent>{}</d:embeddedXMLContent></d:xmlContent></d:contentObject></d:EDXLDistribution>",
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>',
        ATOM.format(ENTRY.format('<content type="text/xml">{}</content>')),
    ],
    ids=["list", "edxl", "soap", "atom"],
)
def test_a_warning_is_found_in_what_it_is_wrapped_in(wrapping):
    assert the_one(parse_any(wrapping.format(alert()).encode())).headline == "暴雨橙色预警"


@pytest.mark.parametrize("name", ["content", "summary"])
def test_a_warning_written_as_text_in_an_index_is_read_as_the_warning(name):
    entry = ENTRY.format(f"<{name}>{escape(alert())}</{name}>")
    found = the_one(parse_any(ATOM.format(entry).encode()))
    assert (found.source, found.headline) == ("cap", "暴雨橙色预警")


def test_an_entry_with_torn_text_stays_a_summary_and_nothing_disappears():
    torn = '<title>暴雨</title><link href="http://x/1.cap"/>' + f"<content>{escape(alert()[:300])}</content>"
    assert the_one(parse_any(ATOM.format(ENTRY.format(torn)).encode())).source == "cap-index"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("", "utf-8"),
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("UTF-16", "utf-8"),
        ("GB18030", "gb18030"),
        ("gb2312", "gb18030"),
        ("UTF-8", "gb18030"),
        ("", "gb18030"),
        ("Big5", "big5"),
        ("EUC-KR", "euc-kr"),
    ],
)
def test_a_warning_is_read_in_the_encoding_it_has_and_not_only_the_one_it_claims(said, written):
    text = alert().replace("临江", "市區").replace("暴雨橙色预警", "暴雨")
    head = f'<?xml version="1.0" encoding="{said}"?>\n' if said else ""
    traditional = text.replace("暴雨", "大雨") if written in ("big5", "euc-kr") else text
    found = the_one(parse_any((head + traditional).encode(written)))
    assert found.headline == ("大雨" if written in ("big5", "euc-kr") else "暴雨")


def test_blank_lines_before_the_declaration_do_no_harm():
    assert the_one(parse_any(('\n \n<?xml version="1.0" encoding="UTF-8"?>' + alert()).encode())).identifier == "X1"


@pytest.mark.parametrize(
    ("sent", "utc", "remarks"),
    [
        ("2026-11-24T19:40:00+08:00", "11:40:00.000", 0),
        ("2026-11-24T11:40:00-00:00", "11:40:00.000", 0),
        ("2026-11-24T05:40:00-06:00", "11:40:00.000", 0),
        ("2026-11-24T17:10:00+05:30", "11:40:00.000", 0),
        ("2026-11-24T11:40:00Z", "11:40:00.000", 1),
        ("2026-11-24T11:40:00.250Z", "11:40:00.250", 1),
        ("2026-11-24T19:40:00+0800", "11:40:00.000", 1),
        ("2026-11-24 19:40:00+08:00", "11:40:00.000", 1),
    ],
)
def test_the_time_of_a_warning_is_utc_whatever_its_offset(sent, utc, remarks):
    (line,) = lines_of(parse_any(alert(sent=sent).encode()))
    assert line["time"] == f"2026-11-24T{utc}Z"
    assert [remark["field"] for remark in line["remarks"]] == ["sent"] * remarks


@pytest.mark.parametrize("sent", ["", "soon", "2026-11-24T19:40:00", "2026-13-44T99:00:00+08:00", "2026-11-24"])
def test_a_warning_without_a_moment_is_told_by_its_field(sent):
    parsed = parse_any(alert(sent=sent).encode())
    assert [(reject.source, reject.record, reject.field) for reject in parsed.rejects] == [("cap", "X1", "sent")]


@pytest.mark.parametrize(
    "shape",
    [
        "<polygon/>",
        "<polygon>120.5,29.5 120.5,29.6 120.6,29.6 120.5,29.5</polygon>",
        "<polygon>NaN,120.5 29.6,120.5 29.6,120.6 29.5,120.5</polygon>",
        "<polygon>29.5,120.5 29.6 29.6,120.6 29.5,120.5</polygon>",
        "<circle>29.5,120.5</circle>",
        "<circle>29.5,120.5 -3</circle>",
        "<circle>29.5,120.5 1e9</circle>",
        "<circle>inf,120.5 3</circle>",
    ],
)
def test_a_shape_that_cannot_be_drawn_is_remarked_and_the_warning_still_seen(shape):
    (line,) = lines_of(parse_any(alert(f"<areaDesc>a</areaDesc>{shape}").encode()))
    assert (line["title"], line["geometry"]) == ("暴雨橙色预警", None)
    assert line["remarks"][0]["field"].startswith("info[0].area[0].")


def test_every_polygon_and_circle_of_every_area_is_drawn_lon_first():
    ring = "<polygon>{0}.5,120.5\n{0}.6,120.5\t{0}.6,120.6 {0}.5,120.5</polygon>"
    shapes = "<areaDesc>a</areaDesc>" + ring.format(29) + ring.format(30) + "<circle>31,120.5 10</circle>"
    (line,) = lines_of(parse_any(alert(shapes + "</area><area>" + AREA).encode()))
    (info,) = line["infos"]
    assert [len(area["polygons"]) for area in info["areas"]] == [2, 1]
    assert info["areas"][0]["circles"] == [{"lat": 31.0, "lon": 120.5, "radius_km": 10.0}]
    assert line["geometry"]["type"] == "MultiPolygon"
    assert all(120 < lon < 121 for polygon in line["geometry"]["coordinates"] for lon, _ in polygon[0])


def test_a_measure_beyond_all_sense_is_left_unknown():
    resource = "<resource><resourceDesc>map</resourceDesc><size>1e300</size></resource>"
    (line,) = lines_of(parse_any(alert(more=resource).encode()))
    assert line["infos"][0]["resources"][0]["size"] is None


@pytest.mark.parametrize(
    "attack",
    [
        '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://example.com/a.dtd">',
    ],
)
def test_a_document_that_defines_entities_is_refused_unread(attack):
    parsed = parse_any((attack + alert().replace("X1", "&b;" if "&a;" in attack else "&a;")).encode())
    assert [(reject.record, reject.field) for reject in parsed.rejects] == [("document", "doctype")]


@pytest.mark.parametrize("rest", ["\n<<<", "trailing", "<alert", "\0\0"])
def test_what_trails_behind_a_warning_makes_the_file_broken_and_is_told_by_its_line(rest):
    parsed = parse_any((alert() + rest).encode())
    assert parsed.outcome is Outcome.BROKEN or parsed.rejects
    assert all(reject.reason for reject in parsed.rejects)


def test_of_several_warnings_in_one_file_a_bad_one_takes_no_other_along():
    bad = alert(identifier="X2").replace("Public", "Nobody")
    parsed = parse_any(f"<alerts>{alert()}{bad}{alert(identifier='X3')}</alerts>".encode())
    assert [one.identifier for one in parsed.records if isinstance(one, Alert)] == ["X1", "X3"]
    assert [(reject.record, reject.field) for reject in parsed.rejects] == [("X2", "scope")]
