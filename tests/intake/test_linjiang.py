"""Intake over the demo city itself: its names, its offices, its flood, and two hundred pairs somebody has judged."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.journals import SEALER
from workstation.content import folder
from workstation.domain.clock import ManualClock
from workstation.domain.records import Incident, Report
from workstation.feeds.parsed import Parsed
from workstation.intake.gazetteer import Gazetteer
from workstation.intake.intake import Intake
from workstation.intake.locator import Locator
from workstation.intake.reception import Reception
from workstation.intake.rules import read_rules
from workstation.intake.score import Sighting, score
from workstation.journal import Journal

METRE = 1 / 111_195
FLOOD = (
    "人民路下穿积水，车熄火了",
    "下穿里面水很深，过不去",
    "我的车被淹了，快来人",
    "隧道口水漫上来了",
    "积水到膝盖，有人被困在车里",
    "人民路下穿有人被困",
    "水太深，公交车熄火了",
    "cars stuck in deep water at the underpass",
    "人民路下穿进水，还在涨",
    "下穿道积水半米，请封路",
)
SAID = {
    "N02": ("积水很深，车熄火了", "水漫到膝盖，请派人来", "下穿被淹，有车困在里面"),
    "A02": ("楼上冒浓烟", "居民楼起火，有人在窗口呼救", "看见明火，味道很大"),
    "A04": ("两车追尾，有人受伤", "车祸堵住了路口", "货车侧翻，司机被卡"),
    "A01": ("闻到煤气味", "燃气味很浓，不敢开灯", "管道漏气，有嘶嘶声"),
}


@pytest.fixture(scope="module")
def desk() -> Reception:
    city = folder("maps") / "linjiang"
    return Reception(read_rules(), Locator.read(city), Gazetteer.read(city / "gazetteer.csv"), SEALER.digest)


def test_the_underpass_is_found_by_its_initials_and_in_what_a_caller_says(desk: Reception) -> None:
    assert [place.name_zh for place in desk.gazetteer.suggest("rmlxc", 3)] == ["人民路下穿"]
    found = desk.gazetteer.find("人民路下穿有积水")
    assert found is not None
    assert (found.name_zh, found.name_en) == ("人民路下穿", "Renmin Road Underpass")


def test_two_roads_are_found_as_their_junction_whatever_the_word_between(desk: Reception) -> None:
    junction = next(place for place in desk.gazetteer.places if place.kind == "junction" and "与" in place.name_zh)
    found = desk.gazetteer.find(junction.name_zh.replace("与", "和") + "发生车祸")
    assert found == junction


def test_places_lie_in_the_street_the_gazetteer_says(desk: Reception) -> None:
    named = [place for place in desk.gazetteer.places if place.street and not place.is_area]
    found = desk.locator.locate_many([place.lat for place in named], [place.lon for place in named])
    agree = sum(place.street == named_one.street for place, named_one in zip(found, named, strict=True))
    assert len(named) > 1000
    assert agree / len(named) > 0.98


def test_every_street_has_an_office_that_answers(desk: Reception) -> None:
    spots = [place for place in desk.gazetteer.places if place.kind == "underpass"]
    for place in (desk.locator.locate(spot.lat, spot.lon) for spot in spots):
        assert place.office is not None and place.office.startswith("JD")
        assert place.office_zh and place.office_en and place.street_zh and place.district
        assert {"hospital", "fire_station", "shelter", "pump_station"} <= set(place.nearest)


def test_twenty_callers_at_the_underpass_make_one_incident_and_a_fire_nearby_another(
    desk: Reception, journal: Journal, clock: ManualClock
) -> None:
    chance, intake = random.Random(11), Intake(desk, "ZX")
    spot = desk.gazetteer.suggest("rmlxc", 1)[0]
    for number in range(20):
        text, named = FLOOD[number % len(FLOOD)], number % 10 in (0, 5, 8)
        report = Report(
            id=f"calls:{number}",
            channel="call",
            text=text,
            lat=None if named else spot.lat + chance.uniform(-80, 80) * METRE,
            lon=None if named else spot.lon + chance.uniform(-80, 80) * METRE,
            located=None if named else "source",
            occurred_at=clock.now(),
        )
        journal.append(intake.take(Parsed(records=(report,)), journal.situation, clock.now()))
        clock.advance(75)
    (flood,) = journal.situation.find(Incident)
    assert journal.situation.count(Report, incident=flood.id) == 20
    assert flood.title == "人民路下穿城市内涝"
    fire = replace(report, id="calls:fire", text="楼上起火冒浓烟", lat=spot.lat, lon=spot.lon)
    journal.append(intake.take(Parsed(records=(fire,)), journal.situation, clock.now()))
    assert journal.situation.count(Incident) == 2


def test_of_two_hundred_judged_pairs_nearly_all_likes_are_proposed_and_most_proposals_are_like(
    desk: Reception, clock: ManualClock
) -> None:
    chance = random.Random(23)
    places = [place for place in desk.gazetteer.places if not place.is_area]

    def told(spot: tuple[float, float], kind: str, minutes: float) -> Sighting:
        report = Report(
            id="calls:1",
            channel="call",
            text=chance.choice(SAID[kind]),
            type=None if chance.random() < 0.2 else kind,
            lat=spot[0] + chance.gauss(0, 40) * METRE,
            lon=spot[1] + chance.gauss(0, 40) * METRE,
            located="source",
            occurred_at=clock.now() + timedelta(minutes=minutes),
        )
        return desk.sighting(desk.clean(report, clock.now()))

    def judged(like: bool) -> bool:
        place, kind = chance.choice(places), chance.choice(list(SAID))
        spot = (place.lat, place.lon)
        if like:
            pair = told(spot, kind, 0), told(spot, kind, chance.uniform(0, 20))
        else:
            far = (spot[0] + chance.uniform(250, 3000) * METRE, spot[1])
            other = chance.choice([code for code in SAID if code != kind])
            pair = told(spot, kind, 0), (told(far, kind, 5) if chance.random() < 0.5 else told(spot, other, 5))
        result = score(pair[1], pair[0], desk.rules)
        return result is not None and result.total >= desk.rules.proposed

    hits = sum(judged(True) for _ in range(100))
    wrong = sum(judged(False) for _ in range(100))
    assert hits / 100 >= 0.95
    assert hits / (hits + wrong) >= 0.6
