"""Tables of calls as offices really write them: every row is a report, or is told by its number and its reason."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook

from workstation.domain.records import Report
from workstation.feeds.calls import parse_calls
from workstation.feeds.importing import parse_any
from workstation.feeds.listing import lines_of
from workstation.feeds.parsed import Outcome, Parsed

HEAD = "编号,时间,标题,内容,地点,纬度,经度,电话\n"


def row(number: int | str, title: str = "积水", time: str = "2026-11-24 19:40:00", place: str = "29.5,120.5") -> str:
    return f"{number},{time},{title},人民路下穿积水，三车被困,人民路,{place},13800138000\n"


def numbers(parsed: Parsed) -> list[str | None]:
    return [record.external_id for record in parsed.records if isinstance(record, Report)]


def told(parsed: Parsed) -> list[tuple[str, str]]:
    return [(reject.record, reject.field) for reject in parsed.rejects]


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def head() -> list[object]:
    return [*HEAD.strip().split(",")]


def test_of_ten_thousand_rows_each_spoiled_one_is_told_by_its_number_and_reason():
    bad = set(range(7, 10_000, 33)[:300])
    rows = [row(n, time="昨天" if n in bad else "2026-11-24 19:40:00") for n in range(10_000)]
    parsed = parse_any((HEAD + "".join(rows)).encode("gb18030"))
    assert (len(parsed.records), len(parsed.rejects)) == (9_700, 300)
    assert {reject.record for reject in parsed.rejects} == {f"row {n + 2}" for n in bad}
    assert {(reject.source, reject.field) for reject in parsed.rejects} == {("calls", "时间")}
    assert all("昨天" in reject.reason for reject in parsed.rejects)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_however_its_program_wrote_it(encoding, mark, end):
    text = (HEAD + row(1) + row(2)).replace(",", mark).replace("\n", end)
    assert numbers(parse_any(text.encode(encoding))) == ["1", "2"]


def test_a_quote_that_is_never_closed_takes_its_own_row_along_and_no_other():
    parsed = parse_any((HEAD + row(1) + row(2).replace("人民路,", '"人民路,', 1) + row(3) + row(4)).encode())
    assert numbers(parsed) == ["1", "3", "4"]
    assert told(parsed) == [("row 3", "columns")]
    assert parsed.rejects[0].raw.decode().startswith("2,")


def test_a_cell_may_hold_lines_commas_and_quotes_of_its_own():
    parsed = parse_any((HEAD + row(1, '"第一行\n第二行, ""快来""\n"') + row(2, time="?")).encode())
    assert [record.title for record in parsed.records if isinstance(record, Report)] == ['第一行 第二行, "快来"']
    assert told(parsed) == [("row 5", "时间")]


def test_a_cell_without_end_is_told_and_the_next_row_read():
    parsed = parse_any((HEAD + row(1) + row(2, "水" * 200_000) + row(3)).encode())
    assert (numbers(parsed), told(parsed)) == (["1", "3"], [("row 3", "columns")])


def test_a_line_that_is_no_text_is_told_and_the_others_read():
    spoiled = row(2).encode().replace("积水".encode(), b"\xff\xfe\x80", 1)
    parsed = parse_any((HEAD + row(1)).encode() + spoiled + row(3).encode())
    assert (numbers(parsed), told(parsed)) == (["1", "3"], [("row 3", "标题")])
    assert b"\xff\xfe\x80" in parsed.rejects[0].raw


def test_lines_of_two_encodings_in_one_table_are_both_read_and_remarked():
    parsed = parse_any((HEAD + row(1)).encode() + row(2).encode("gb18030"))
    assert [record.title for record in parsed.records if isinstance(record, Report)] == ["积水", "积水"]
    assert {remark.field for remark in parsed.remarks} == {"encoding"}


def test_european_text_is_never_turned_into_rare_chinese():
    lines = "".join(f"{n},2026-11-24 19:40,Feu à l'école,élève blessé,Genève,,,\n" for n in range(9))
    parsed = parse_any((HEAD + lines).encode().replace("é".encode(), b"\xe9").replace("à".encode(), b"\xe0"))
    assert not any("\u4e00" <= letter <= "\u9fff" for one in parsed.records for letter in getattr(one, "title", ""))


@pytest.mark.parametrize("above", ["临江市值班电话记录表,,,,,,,\n", "sep=,\n", "\n\n"])
def test_what_stands_above_the_head_is_no_row(above):
    assert numbers(parse_any((above + HEAD + row(1)).encode())) == ["1"]


def test_every_sheet_of_a_workbook_is_read_and_one_without_calls_is_told():
    raw = workbook(
        ("说明", [["本表由值班室填写"]]),
        ("一月", [head(), [1, datetime(2026, 1, 5, 8, 30), "积水", "人民路", None, 29.5, 120.5]]),
        ("空", []),
        ("二月", [head(), [2, "2026/2/3 9:05", "起火", "中山路"], [3, "?", "起火", "中山路"]]),
    )
    parsed = parse_any(raw)
    assert numbers(parsed) == ["1", "2"]
    assert told(parsed) == [("说明", "header"), ("二月 row 3", "时间")]


def test_a_workbook_that_swells_out_of_all_measure_is_refused_unread():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(80 * 1024 * 1024))
    parsed = parse_any(out.getvalue())
    assert (parsed.outcome, told(parsed)) == (Outcome.BROKEN, [("document", "xlsx")])


def test_a_formula_is_text_and_is_never_worked_out():
    parsed = parse_any((HEAD + row(1, '=HYPERLINK("http://x")', place=",")).encode())
    assert [record.title for record in parsed.records if isinstance(record, Report)] == ['=HYPERLINK("http://x")']


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-24 19:40",
        "2026/11/24 19:40:00",
        "2026-11-24T19:40:00",
        "2026年11月24日 19:40",
        "2026年11月24日19时40分",
        "2026年11月24日19时40分00秒",
        "2026-11-24 19：40",
        "2026-11-24 11:40:00Z",
        "2026-11-24T12:40:00+01:00",
    ],
)
def test_an_office_writes_its_own_wall_clock(written):
    (call,) = parse_any((HEAD + row(1, time=written)).encode()).records
    assert isinstance(call, Report)
    assert call.occurred_at == datetime(2026, 11, 24, 11, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["昨天", "0202-11-24 10:00", "2026-02-30 10:00", "24/11/2026 19:40", "2026-11-24 25:00", ""]
)
def test_a_time_that_is_none_is_told_and_never_guessed(written):
    assert told(parse_any((HEAD + row(1, time=written)).encode())) == [("row 2", "时间")]


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2016-07-01 12:00", "2016-07-01T16:00"),
        ("2016-01-15 12:00", "2016-01-15T17:00"),
        ("2016-03-13 01:59", "2016-03-13T06:59"),
        ("2016-03-13 03:00", "2016-03-13T07:00"),
        ("2016-11-06 01:30", "2016-11-06T05:30"),
        ("2016-11-06 02:00", "2016-11-06T07:00"),
    ],
)
def test_a_county_clock_is_turned_through_its_summer_time(local, utc):
    (call,) = parse_any(f"40.1,-75.1,EMS: FALL VICTIM,{local},NORRISTOWN,MAIN ST\n".encode()).records
    assert isinstance(call, Report)
    assert call.occurred_at == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_the_same_row_twice_is_one_report_with_a_remark():
    parsed = parse_any((HEAD + row(1) + row(1)).encode())
    assert (numbers(parsed), parsed.rejects, parsed.repeated) == (["1"], (), 1)


def test_a_number_used_for_another_call_loses_no_call_in_silence():
    parsed = parse_any((HEAD + row(1) + row(1, "起火")).encode())
    assert (numbers(parsed), told(parsed)) == (["1"], [("row 3", "id")])


@pytest.mark.parametrize("place", ["abc,120.5", "120.5,29.5", "29.5,", ",120.5", "nan,120.5", "1e400,1"])
def test_a_place_that_is_none_sends_the_row_to_quarantine(place):
    assert told(parse_any((HEAD + row(1, place=place)).encode())) == [("row 2", "lat")]


@pytest.mark.parametrize("place", [",", "0,0"])
def test_a_call_without_a_place_is_kept_without_one(place):
    (call,) = parse_any((HEAD + row(1, place=place)).encode()).records
    assert isinstance(call, Report)
    assert (call.lat, call.lon, call.located) == (None, None, None)


@pytest.mark.parametrize(
    ("kind", "severity", "expected"),
    [("N02", "Ⅱ级", ("N02", "II")), ("内涝", "III", ("N02", "III")), ("其他", "急", ("A02", None))],
)
def test_kind_and_severity_are_read_as_the_table_says_them(kind, severity, expected):
    table = f"编号,时间,标题,内容,类型,等级\n1,2026-11-24 19:40,起火,中山路,{kind},{severity}\n"
    (call,) = parse_calls(table.encode(), "").records
    assert isinstance(call, Report)
    assert (call.type, call.severity) == expected


@pytest.mark.parametrize("extra", [",,,", ", ,"])
def test_empty_columns_at_the_end_are_no_columns(extra):
    assert numbers(parse_any((HEAD + row(1).rstrip("\n") + extra + "\n").encode())) == ["1"]


def test_a_row_with_more_columns_than_the_head_is_told():
    assert told(parse_any((HEAD + row(1).rstrip("\n") + ",x\n").encode())) == [("row 2", "columns")]


def test_a_table_nobody_mapped_is_told_with_its_head():
    parsed = parse_any(b"colour,size\nred,3\n")
    assert (parsed.outcome, told(parsed)) == (Outcome.BROKEN, [("document", "header")])
    assert "colour, size" in parsed.rejects[0].reason
    assert parsed.rejects[0].source == "calls"


def test_a_head_that_is_partly_no_text_can_still_be_told():
    spoiled = HEAD.encode().replace("地点".encode(), b"\xe5\x9c\xff\xb0", 1)
    for raw in (spoiled + row(1).encode(), spoiled.replace("编号".encode(), b"x\xff") + row(1).encode()):
        for line in lines_of(parse_any(raw)):
            assert json.dumps(line, ensure_ascii=False).encode()


def test_a_spoiled_cell_in_a_column_without_a_name_is_told_by_its_number():
    raw = HEAD.encode().replace("地点".encode(), b"") + row(1).encode().replace("人民路,".encode(), b"\xff\xfe,", 1)
    assert told(parse_any(raw + row(2).encode() + row(3).encode())) == [("row 2", "column 5")]
