"""Sealing as a law: of ten thousand personal values none stands clear in any file, whatever was done with them."""

import logging
import random
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import workstation
from workstation.domain.clock import WallClock
from workstation.domain.draft import Draft, Sealed
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident, Quarantine, Report
from workstation.journal import Journal
from workstation.journal.ends import state_folder
from workstation.station import Space

COUNT = 2_500
SURNAMES = ["欧阳", "上官", "司马", "诸葛", "慕容", "尉迟", "公孙", "轩辕"]
GIVEN = ["雨桐", "子墨", "浩然", "欣怡", "梓涵", "宇轩", "思远", "若曦", "俊杰", "婉清", "嘉豪", "静怡"]
ENCODINGS = ("utf-8", "utf-16-le", "gbk")
PLATE = re.compile(r"苏[A-H]\d{5}")
NAME = re.compile(f"({'|'.join(SURNAMES)})({'|'.join(GIVEN)})(?=(.))")
DIGITS = re.compile(r"\d{11,}")
PHONE, IDENTITY = 11, 18


class Person:
    """An invented caller: name, mobile, resident ID and plate, like nobody else's."""

    def __init__(self, number: int, chance: random.Random) -> None:
        born = f"19{chance.randrange(50, 99)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
        first, last = chance.choice(GIVEN), chr(0x4E00 + number)
        self.name = f"{chance.choice(SURNAMES)}{first}{last}"
        self.phone = f"1{chance.choice('3578')}{chance.randrange(10**5):05d}{number:04d}"
        self.identity = f"{chance.randrange(110000, 659999)}{born}{number:04d}"
        self.plate = f"苏{chance.choice('ABCDEFGH')}{chance.randrange(10)}{number:04d}"

    @property
    def values(self) -> tuple[str, str, str, str]:
        return self.name, self.phone, self.identity, self.plate

    def row(self, number: int) -> str:
        """A line of a call list; every hundredth cannot be used, and goes to quarantine as it is."""
        time = "昨天" if number % 100 == 99 else f"2026-11-24 {number // 60 % 24:02d}:{number % 60:02d}:00"
        text = f"路面积水，请回拨{self.phone}，身份证{self.identity}，车被淹，车牌{self.plate}"
        return f"{number},{time},积水,{text},人民路{number}号,{self.name},{self.phone},{self.plate}\n"


@pytest.fixture(scope="module")
def callers() -> list[Person]:
    chance = random.Random(20261124)
    return [Person(number, chance) for number in range(COUNT)]


def files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (one for one in folder.rglob("*") if one.is_file())


def like_them(text: str) -> Iterator[str]:
    """What has the shape of a personal value, wherever it begins: one may stand within another."""
    yield from PLATE.findall(text)
    yield from map("".join, NAME.findall(text))
    for digits in DIGITS.findall(text):
        for size in (PHONE, IDENTITY):
            yield from (digits[start : start + size] for start in range(len(digits) - size + 1))


def clear(raw: bytes, callers: list[Person]) -> set[str]:
    """The personal values that can be read in the bytes, in any encoding a file may hold."""
    values = {value for one in callers for value in one.values}
    texts = [raw.decode(encoding, "ignore") for encoding in ENCODINGS]
    return {one for text in texts for one in like_them(text)} & values


def test_no_personal_value_stands_clear_in_any_file(
    tmp_path: Path, callers: list[Person], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    calls = tmp_path / "calls.csv"
    rows = "".join(one.row(number) for number, one in enumerate(callers))
    calls.write_text(f"编号,时间,标题,内容,地点,姓名,电话,车牌\n{rows}", encoding="utf-8")
    assert len(clear(calls.read_bytes(), callers)) == 4 * COUNT
    said = [workstation("import", "--space", tmp_path / "space", calls)]
    said.append(workstation("export", "--space", tmp_path / "space", "--out", tmp_path / "out"))
    space = Space(tmp_path / "space")
    with closing(Journal.open(space.journal, space.identity(), WallClock(), space.sealer())) as journal:
        assert journal.situation.count(Report) == COUNT * 99 // 100
        assert journal.situation.count(Quarantine) == COUNT // 100
        report = journal.situation.find(Report, external_id="7")[0]
        assert isinstance(report.reporter_phone, Sealed)
        assert journal.reveal(report.reporter_phone) == callers[7].phone
        incident = journal.situation.find(Incident)[0]
        journal.append([Draft("wang", "report.update", set_fields("report", "r1", reporter_phone=callers[8].phone))])
        journal.append([Draft("wang", "incident.open", set_fields("incident", incident.id, summary="排水中"))])
        written = list(files(tmp_path / "space", tmp_path / "out", state_folder()))
        assert {".sqlite-wal", ".heads", ".csv", ".geojson"} <= {one.suffix for one in written}
        found = {one.name: clear(one.read_bytes(), callers) for one in written}
    found["log"] = clear((caplog.text + "".join(one.out + one.err for one in said)).encode(), callers)
    assert {name: sorted(values)[:3] for name, values in found.items() if values} == {}
