"""How many reports a second intake locates, scores and merges: `python tests/benchmarks/intake.py [REPORTS]`.

A storm evening over the demo city: callers about a few hundred happenings, some naming only the place, some with a
phone in their words, in files of 500. Also measured: the same with the journal's append, the likeness search that runs
while an operator types, and a gazetteer suggestion. The last line is JSON.
"""

import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.rig import median_ms, print_result, size
from tests.journals import SEALER, opened
from workstation.content import folder
from workstation.domain.call import CallNotes
from workstation.domain.clock import ManualClock
from workstation.domain.records import Incident, Report
from workstation.feeds.parsed import Parsed
from workstation.intake.gazetteer import Gazetteer, NamedPlace
from workstation.intake.intake import Intake
from workstation.intake.locator import Locator
from workstation.intake.reception import Reception
from workstation.intake.rules import read_rules
from workstation.intake.similar import Similar

TARGET = 2000
FILE = 500
START = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)
SAID = {
    "N02": ("积水很深，车熄火了", "水漫到膝盖，请派人来", "下穿被淹，有车困在里面", "flooded, water is rising fast"),
    "A02": ("楼上冒浓烟", "居民楼起火，有人在窗口呼救", "看见明火，味道很大", "fire on the third floor"),
    "A04": ("两车追尾，有人受伤", "车祸堵住了路口", "货车侧翻，司机被卡", "crash, two cars and a truck"),
    "A01": ("闻到煤气味", "燃气味很浓，不敢开灯", "管道漏气，有嘶嘶声", "strong smell of gas"),
}


def reception() -> Reception:
    city = folder("maps") / "linjiang"
    return Reception(read_rules(), Locator.read(city), Gazetteer.read(city / "gazetteer.csv"), SEALER.digest)


def evening(count: int, places: tuple[NamedPlace, ...], chance: random.Random) -> list[Report]:
    """Reports of two hours in the order of their times; about forty to a happening."""
    sites = [(chance.choice(places), chance.choice(list(SAID)), chance.random()) for _ in range(max(1, count // 40))]
    return [_report(number, count, chance.choice(sites), chance) for number in range(count)]


def _report(number: int, count: int, site: tuple[NamedPlace, str, float], chance: random.Random) -> Report:
    place, kind, start = site
    minutes = 120 * number / count
    named = chance.random() < 0.2
    text = chance.choice(SAID[kind])
    if chance.random() < 0.1:
        text += f"，请回拨138{chance.randrange(10**8):08d}"
    return Report(
        id=f"bench:{number}",
        source="bench",
        external_id=str(number),
        channel="call",
        text=f"{place.name_zh}{text}" if named else text,
        type=None if chance.random() < 0.3 else kind,
        lat=None if named else place.lat + chance.gauss(0, 60) / 111_195,
        lon=None if named else place.lon + chance.gauss(0, 60) / 96_000,
        located=None if named else "source",
        occurred_at=START + timedelta(minutes=minutes + start),
        raw_digest=f"{number:064d}",
    )


def run(reports: list[Report], desk: Reception, path: Path) -> dict[str, float]:
    clock = ManualClock(START)
    journal = opened(path, "ZX", clock)
    intake, taking, appending = Intake(desk, "ZX"), 0.0, 0.0
    for first in range(0, len(reports), FILE):
        clock.set(START + timedelta(minutes=120 * first / len(reports)))
        parsed = Parsed(records=tuple(reports[first : first + FILE]))
        before = time.perf_counter()
        drafts = intake.take(parsed, journal.situation, clock.now())
        between = time.perf_counter()
        journal.append(drafts)
        taking += between - before
        appending += time.perf_counter() - between
    similar, notes = Similar(desk), CallNotes(at=clock.now(), place=desk.gazetteer.places[0].name_zh, text="积水很深")
    first_ms = median_ms(lambda: similar.follow(journal.situation, clock.now()), 1)
    found = {
        "incidents": journal.situation.count(Incident),
        "reports_per_s": round(len(reports) / taking),
        "with_append_per_s": round(len(reports) / (taking + appending)),
        "prepare_ms": first_ms,
        "similar_ms": median_ms(lambda: similar.of(notes), 50),
        "suggest_ms": median_ms(lambda: desk.gazetteer.suggest("rml", 8), 50),
    }
    journal.close()
    return found


def main() -> None:
    count = size(20_000, 1_000)
    desk = reception()
    reports = evening(count, desk.gazetteer.places, random.Random(7))
    with tempfile.TemporaryDirectory() as path:
        found = run(reports, desk, Path(path))
    ratio = round(found["reports_per_s"] / TARGET, 2)
    print_result("intake", {"reports": count, **found, "target": TARGET, "ratio": ratio})


if __name__ == "__main__":
    main()
