"""`workstation import`: every real file gives its records or its reasons, a broken one is told, none comes twice."""

import os
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape

from tests.cli.command import RECORD_FIELDS, process, shared_files, workstation
from tests.samples import shared
from workstation.feeds.importing import read_file
from workstation.feeds.listing import lines_of

KINDS = ("cap", "quakes", "open311", "calls")
COUNTS = {"cap": (36, 6), "quakes": (861, 0), "open311": (748, 5), "calls": (1787, 1)}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
CALLS = "编号,时间,标题,内容,地点,纬度,经度,电话\n"
CALL = "{},2026-11-24 19:40:00,积水,人民路下穿积水，三车被困,人民路,29.5,120.5,13800138000\n"
REAL = [
    (
        "quakes/usgs_all_week_even.geojson",
        ("usgs:ci37868143", "2018-02-07T01:26:13.840Z", "N08", [-118.6671667, 34.4945]),
    ),
    (
        "quakes/neries_events.xml",
        ("quakeml:quakeml:eu.emsc/event/20120404_0000041", "2012-04-04T14:21:42.300Z", "N08", [79.689, 41.818]),
    ),
    ("quakes/usgs_event.xml", ("usgs:ci37285320", "2014-11-06T00:24:42.240Z", None, [-117.6623333, 35.0476667])),
    (
        "open311/ServiceRequests_By_Zip_Slice.json",
        ("open311:sanfrancisco:771864", "2010-11-15T00:18:54.980Z", "A13", [-122.42266, 37.742844]),
    ),
    (
        "open311/service-requests.xml",
        ("open311:local:638344", "2010-04-14T14:37:38.000Z", None, [-122.4651145, 37.762221815]),
    ),
    ("calls/hotline_a4.xlsx", ("calls:hotline_message:2549", "2019-04-25T01:32:09.000Z", None, None)),
    ("calls/hotline_fj4_gb18030.csv", ("calls:hotline_message:2549", "2019-04-25T01:32:09.000Z", None, None)),
]
BROKEN = {
    "empty.cap": b"",
    "blank.csv": b"\n \n",
    "torn.cap": b'<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A',
    "torn.json": b'{"type": "FeatureCollection", "features": [{"id": "a", ',
    "torn.xlsx": b"PK\x03\x04" + bytes(60),
    "trailing.json": b'{"type": "FeatureCollection", "features": []} and more',
    "no_alert.xml": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(90),
    "prose.txt": b"Dear colleagues,\nplease find no table here.\n",
    "bomb.xml": b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><alert>&b;</alert>',
    "deep.json": b"[" * 100_000 + b"]" * 100_000,
    "deep.xml": b"<a>" * 100_000 + b"</a>" * 100_000,
    "nobody.geojson": b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}}]}',
}


def positions(geometry: Any) -> Iterator[tuple[float, float]]:
    if geometry["type"] == "GeometryCollection":
        for one in geometry["geometries"]:
            yield from positions(one)
        return
    waiting = [geometry["coordinates"]]
    while waiting:
        found = waiting.pop()
        if isinstance(found[0], list):
            waiting += found
        else:
            yield tuple(found)


@pytest.mark.parametrize("kind", KINDS)
def test_every_real_file_gives_a_line_a_record_and_a_line_a_reject(kind: str) -> None:
    done = process("import", "--dry-run", "--json", *shared_files(kind))
    found = done.lines
    rejects = [line for line in found if line["type"] == "rejected"]
    assert (len(found) - len(rejects), len(rejects)) == COUNTS[kind]
    assert done.code == (1 if kind == "cap" else 0)
    alone = Counter({str(file): sum(1 for _ in lines_of(read_file(file))) for file in shared_files(kind)})
    assert Counter(line["file"] for line in found) == +alone
    for line in rejects:
        assert all(line[name] for name in ("source", "record", "field", "reason", "file")), line
    for line in found:
        if line["type"] == "rejected":
            continue
        assert line.keys() >= RECORD_FIELDS
        assert TIME.fullmatch(line["time"]), line
        if line["geometry"] is not None:
            assert not shape(line["geometry"]).is_empty
            assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in positions(line["geometry"]))


def test_every_info_and_area_of_a_warning_is_on_its_line() -> None:
    file = shared("cap") / "canada.cap"
    (line,) = workstation("import", "--dry-run", "--json", file).lines
    assert [info["language"] for info in line["infos"]] == ["en-CA", "fr-CA"]
    assert [[len(area["polygons"][0]) for area in info["areas"]] for info in line["infos"]] == [[17, 38], [17, 38]]
    assert [len(area["geocodes"]) for info in line["infos"] for area in info["areas"]] == [10, 3, 10, 3]
    assert [reference["sent"] for reference in line["references"]] == [
        "2012-05-02T21:45:05.000Z",
        "2012-05-02T21:55:21.000Z",
    ]
    assert line["infos"][0]["expires"] == "2012-05-03T00:20:00.000Z"


@pytest.mark.parametrize(("file", "expected"), REAL)
def test_a_record_has_the_time_kind_and_place_its_file_gives(file: str, expected: tuple[Any, ...]) -> None:
    found = {line["id"]: line for line in workstation("import", "--dry-run", "--json", shared(file)).lines}
    line = found[expected[0]]
    assert (line["time"], line["kind"]) == expected[1:3]
    assert line["geometry"] == (expected[3] and {"type": "Point", "coordinates": expected[3]})


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_ends_with_1_and_says_what_is_wrong_where(tmp_path: Path, name: str) -> None:
    file, good = tmp_path / name, tmp_path / "good.csv"
    file.write_bytes(BROKEN[name])
    good.write_text(CALLS + CALL.format(1), encoding="utf-8")
    done = workstation("import", "--dry-run", "--json", file, good)
    assert done.code == 1
    told, read = done.lines
    assert told["type"] == "rejected"
    assert all(told[field] for field in ("source", "record", "field", "reason"))
    assert (read["type"], read["file"]) == ("report", str(good))
    assert f"{file}: broken: {told['source']}: record {told['record']}: {told['field']}: " in done.err


def test_a_whole_batch_of_broken_files_is_read_to_its_end(tmp_path: Path) -> None:
    for name, raw in BROKEN.items():
        (tmp_path / name).write_bytes(raw)
    files = [*sorted(tmp_path.iterdir()), shared("cap") / "weather.cap"]
    done = process("import", "--dry-run", "--json", *files)
    assert done.code == 1
    assert [line["file"] for line in done.lines] == [str(file) for file in files]
    assert {line["type"] for line in done.lines[:-1]} == {"rejected"}


def test_a_record_that_is_broken_does_not_make_its_file_so(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(CALLS + CALL.format(1) + CALL.format(2).replace("2026-11-24", "昨天"), encoding="utf-8")
    done = workstation("import", "--dry-run", "--json", file)
    assert done.code == 0
    assert [(line["type"], line.get("record")) for line in done.lines] == [("report", None), ("rejected", "row 3")]
    assert "1 records, 1 rejected" in done.err


@pytest.mark.parametrize("what", ["nowhere", "folder", "dangling", "loop"])
def test_what_cannot_be_opened_is_told_and_the_next_file_read(tmp_path: Path, what: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    good = tmp_path / "good.csv"
    good.write_text(CALLS + CALL.format(1), encoding="utf-8")
    for mode in ("--dry-run", f"--space={tmp_path / 'space'}"):
        done = workstation("import", "--json", mode, tmp_path / what, good)
        assert done.code == 1
        assert f"{tmp_path / what}: " in done.err
        told, read = done.lines
        assert (told["type"], told["field"], told["file"]) == ("rejected", "file", str(tmp_path / what))
        assert read["file"] == str(good)


def test_a_file_larger_than_any_honest_one_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "huge.csv"
    with file.open("wb") as out:
        out.truncate(100 * 1024 * 1024)
    done = workstation("import", "--dry-run", "--json", file)
    assert (done.code, done.lines[0]["field"]) == (1, "size")


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    feeding = threading.Thread(target=pipe.write_text, args=(CALLS + CALL.format(1), "utf-8"))
    feeding.start()
    done = workstation("import", "--dry-run", "--json", pipe)
    feeding.join()
    assert (done.code, [line["id"] for line in done.lines]) == (0, ["calls:call_record:1"])


def entries(space: Path) -> int:
    with closing(sqlite3.connect(space / "journal.sqlite")) as connection:
        return int(connection.execute("select count(*) from entry").fetchone()[0])


def test_the_same_files_taken_in_again_add_nothing_and_the_journal_is_sound(tmp_path: Path) -> None:
    space, files = tmp_path / "space", shared_files(*KINDS)
    first = process("import", "--json", "--space", space, *files).lines
    written = entries(space)
    assert sum(line["entries"] for line in first) == written > 3_000
    again = process("import", "--json", "--space", space, *files).lines
    assert [line["file"] for line in again] == [str(file) for file in files]
    assert [line["entries"] for line in again] == [0] * len(files)
    copies = tmp_path / "copies"
    copies.mkdir()
    moved = [copies / f"{number}.dat" for number, _ in enumerate(files)]
    for copy, file in zip(moved, reversed(files), strict=True):
        copy.write_bytes(file.read_bytes())
    workstation("import", "--json", "--space", space, *moved)
    assert entries(space) == written
    proved = workstation("audit", "verify", space)
    assert (proved.code, proved.out, proved.err) == (0, "", "")


def test_of_ten_thousand_calls_three_hundred_spoiled_ones_lie_in_quarantine_once(tmp_path: Path) -> None:
    file, space = tmp_path / "calls.csv", tmp_path / "space"
    bad = set(range(7, 10_000, 33)[:300])
    rows = [CALL.format(n).replace("2026-11-24", "昨天" if n in bad else "2026-11-24") for n in range(10_000)]
    file.write_bytes((CALLS + "".join(rows)).encode("gb18030"))
    (first,) = workstation("import", "--json", "--space", space, file).lines
    assert (first["records"], first["rejected"], first["entries"]) == (9_700, 300, 10_000)
    with closing(sqlite3.connect(space / "journal.sqlite")) as connection:
        assert connection.execute("select count(*) from report").fetchone()[0] == 9_700
        kept = connection.execute("select record, reason from quarantine").fetchall()
    assert {record for record, _ in kept} == {f"row {n + 2}" for n in bad}
    assert all(reason for _, reason in kept)
    (again,) = workstation("import", "--json", "--space", space, file).lines
    assert again["entries"] == 0


def test_without_json_a_person_reads_lines(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(CALLS + CALL.format(1) + CALL.format(1), encoding="utf-8")
    done = workstation("import", "--dry-run", file)
    assert done.out.split("\t")[0] == "2026-11-24T11:40:00.000Z"
    assert "1 records, 0 rejected, 1 repeated" in done.err
