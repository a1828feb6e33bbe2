"""Calls about the underpass, and how they are brought in."""

from dataclasses import replace
from datetime import datetime

from tests.intake.city import UNDERPASS
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.records import Alert, Report
from workstation.feeds.parsed import Parsed
from workstation.intake.intake import Intake
from workstation.journal import Journal

SAID = (
    "人民路下穿积水，车熄火了",
    "下穿里面水很深",
    "我的车被淹了，快来人",
    "人民路下穿有人被困",
    "积水到膝盖",
    "隧道口水漫上来",
    "不能通行，水太大",
    "water in the underpass, cars stuck",
)
METRE = 1 / 111_195


def call(number: int, clock: ManualClock, **known: object) -> Report:
    lat, lon = UNDERPASS
    base = Report(
        id=f"calls:{number}",
        source="calls",
        external_id=str(number),
        channel="call",
        text=SAID[number % len(SAID)],
        type="N02",
        lat=lat + (number % 5) * 30 * METRE,
        lon=lon,
        located="source",
        occurred_at=clock.now(),
        raw_digest=f"{number}",
    )
    return replace(base, **known)  # type: ignore[arg-type]


def bring(intake: Intake, journal: Journal, clock: ManualClock, *records: Report | Alert) -> list[Draft]:
    drafts = intake.take(Parsed(records=records), journal.situation, clock.now())
    journal.append(drafts)
    return drafts


def two_fires(place: tuple[float, float], at: datetime) -> Parsed:
    """Two calls so near that intake proposes, and does not dare, to put them together."""
    lat, lon = place
    calls = (
        Report(
            id=f"calls:{number}",
            source="calls:x",
            channel="call",
            type="A02",
            text=text,
            lat=lat + metres * METRE,
            lon=lon,
            located="source",
            occurred_at=at,
        )
        for number, text, metres in ((1, "居民楼起火", 0), (2, "有烟", 240))
    )
    return Parsed(records=tuple(calls))
