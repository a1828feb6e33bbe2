"""A city of four streets, sixteen cells and a handful of names, small enough to know by heart."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.journals import SEALER
from workstation.content import Feature
from workstation.intake.gazetteer import Gazetteer
from workstation.intake.locator import Locator
from workstation.intake.reception import Reception
from workstation.intake.rules import read_rules

WEST, SOUTH, STEP = 124.18, 29.58, 0.01
UNDERPASS = (29.5953, 124.1952)
NAMES = """id,name_zh,pinyin,initials,name_en,kind,lat,lon,street
p1,人民路下穿,renminluxiachuan,rmlxc,Renmin Road Underpass,underpass,29.5953,124.1952,990101001
p2,人民路,renminlu,rml,Renmin Road,road,29.5960,124.2000,990101001
p3,人民医院,renminyiyuan,rmyy,People's Hospital,hospital,29.5890,124.1890,990101001
p4,花园小区,huayuanxiaoqu,hyxq,Garden Estate,estate,29.6050,124.2050,990101002
p5,滨江街道,binjiangjiedao,bjjd,Binjiang Street,street,29.6100,124.2100,990101002
p6,新人民广场,xinrenminguangchang,xrmgc,New Renmin Square,square,29.6120,124.2150,990101004
"""


def box(west: float, south: float, width: float) -> dict[str, Any]:
    ring = [[west, south], [west + width, south], [west + width, south + width], [west, south + width], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def streets() -> list[Feature]:
    return [
        Feature(
            {
                "code": f"99010100{number}",
                "name_zh": f"第{number}街道",
                "name_en": f"Street {number}",
                "district": "990101",
                "station": f"JD0{number}",
            },
            box(WEST + column * 2 * STEP, SOUTH + row * 2 * STEP, 2 * STEP),
        )
        for number, (row, column) in enumerate(((0, 0), (0, 1), (1, 0), (1, 1)), 1)
    ]


def cells() -> list[Feature]:
    found = []
    for row in range(4):
        for column in range(4):
            street = f"99010100{1 + column // 2 + 2 * (row // 2)}"
            number = row % 2 * 2 + column % 2 + 1
            properties = {"code": f"{street}001{number:03d}", "community": f"{street}001", "street": street}
            if (row, column) != (3, 3):
                found.append(Feature(properties, box(WEST + column * STEP, SOUTH + row * STEP, STEP)))
    return found


def facilities() -> list[Feature]:
    spots = (("h1", "hospital", 29.589, 124.189), ("h2", "hospital", 29.61, 124.21), ("s1", "shelter", 29.6, 124.2))
    return [
        Feature(
            {"id": key, "category": category, "name_zh": f"{key}号", "name_en": key.upper()},
            {"type": "Point", "coordinates": [lon, lat]},
        )
        for key, category, lat, lon in spots
    ]


OFFICES: Mapping[str, Mapping[str, Any]] = {"990101001": {"office_zh": "第一街道办", "office_en": "Street office 1"}}


@cache
def locator() -> Locator:
    return Locator(cells(), streets(), facilities(), OFFICES)


def gazetteer(folder: Path) -> Gazetteer:
    path = folder / "gazetteer.csv"
    path.write_text(NAMES, encoding="utf-8")
    return Gazetteer.read(path)


def reception(folder: Path) -> Reception:
    return Reception(read_rules(), locator(), gazetteer(folder), SEALER.digest)
