"""The scripted evening goes through the real parsers."""

from datetime import UTC, datetime, timedelta

import pytest

from workstation.content import folder, read_yaml
from workstation.demo.calls import Evening, gazetteer_places
from workstation.domain.records import Alert, Report
from workstation.feeds.calls import parse_calls
from workstation.feeds.cap import parse_cap
from workstation.feeds.open311 import parse_open311
from workstation.feeds.parsed import Parsed
from workstation.feeds.usgs import parse_usgs

START = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)
PARSERS = {"calls": parse_calls, "open311": parse_open311, "cap": parse_cap, "usgs": parse_usgs}
SPOT = (29.6, 124.2)


def told() -> dict:
    return read_yaml(folder("resources") / "demo" / "evening.yaml")


def count(kind: str, broken: bool = False) -> int:
    return sum(bool(row.get("broken")) is broken for row in told()[kind])


@pytest.fixture(scope="module")
def evening() -> Evening:
    """The script over a city in which every place lies at one spot."""
    script = told()
    names = {row.get("near", row.get("place")) for kind in ("calls", "requests") for row in script[kind]}
    return Evening(START, script, dict.fromkeys(names, SPOT))


def parsed(evening: Evening, after: float = -1, until: float = 121) -> list[tuple[str, Parsed]]:
    return [(source, PARSERS[source](raw, source)) for source, raw in evening.scheduled(after, until)]


def records(evening: Evening, source: str) -> list[Report | Alert]:
    return [record for name, one in parsed(evening) if name == source for record in one.records]


def test_everything_sound_is_read_and_everything_broken_is_rejected_with_a_reason(evening: Evening) -> None:
    kinds = {"calls": "calls", "open311": "requests", "cap": "warnings", "usgs": "quakes"}
    for source, kind in kinds.items():
        rejects = [reject for name, one in parsed(evening) if name == source for reject in one.rejects]
        assert len(rejects) == count(kind, broken=True), source
        assert all(reject.reason and reject.field and reject.raw for reject in rejects)
        repeated = 1 if source == "calls" else 0
        assert len(records(evening, source)) == count(kind) - repeated, source


def test_twenty_callers_speak_of_the_same_underpass(evening: Evening) -> None:
    about = [one for one in records(evening, "calls") if one.place.startswith("人民路")]
    assert len(about) == 20
    assert {one.type for one in about} <= {"N02", None}
    assert sum(one.type == "N02" for one in about) >= 15
    assert sum(one.lat is None for one in about) >= 4
    assert len({one.text for one in about}) == 20


def test_calls_keep_their_minute_and_their_position(evening: Evening) -> None:
    first = min(records(evening, "calls"), key=lambda one: one.occurred_at)
    assert first.occurred_at == START + timedelta(minutes=23.5)
    assert (first.lat, first.lon, first.reporter_phone) == (*SPOT, "13800000101")


def test_the_call_sent_twice_is_one_report(evening: Evening) -> None:
    first = [
        r for _, one in parsed(evening, 0, 32) for r in one.records if getattr(r, "reporter_phone", "") == "13800000106"
    ]
    later = [r for _, one in parsed(evening, 32, 60) for r in one.records]
    again = [r for r in later if r.id == first[0].id]
    assert [again[0].raw_digest] == [first[0].raw_digest]


def test_the_rain_warning_climbs_from_blue_to_orange_in_one_chain(evening: Evening) -> None:
    alerts = records(evening, "cap")
    assert [alert.colour for alert in alerts] == ["B", "Y", "O"]
    assert [alert.message_type for alert in alerts] == ["Alert", "Update", "Update"]
    assert [reference["id"] for reference in alerts[2].references] == [alerts[0].id, alerts[1].id]
    assert [len(alert.infos) for alert in alerts] == [2, 2, 2]
    assert all(alert.warnings == [] and alert.geometry for alert in alerts)


def test_nothing_comes_twice_when_the_evening_is_taken_in_slices(evening: Evening) -> None:
    whole = [record.id for _, one in parsed(evening) for record in one.records]
    sliced = [record.id for m in range(-1, 121) for _, one in parsed(evening, m, m + 1) for record in one.records]
    assert sorted(set(sliced)) == sorted(whole)
    assert evening.scheduled(120, 240) == []


def test_the_quake_is_small_and_out_at_sea(evening: Evening) -> None:
    (quake,) = records(evening, "usgs")
    assert (quake.magnitude, quake.type) == (3.1, "N08")


def test_every_place_of_the_script_is_in_the_gazetteer() -> None:
    script = told()
    names = {row.get("near", row["place"]) for kind in ("calls", "requests") for row in script[kind] if "at" in row}
    assert names - gazetteer_places().keys() == set()
    (first,) = parse_calls(Evening.load(START).scheduled(23, 24)[0][1], "calls").records
    assert (first.lat, first.lon) == gazetteer_places()["人民路下穿"]
