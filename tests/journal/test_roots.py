"""Once a day the hub says where every stream ended; what was moved since then is named by it."""

from pathlib import Path

import pytest

from tests.journals import enrolled, exchange, opened
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Root
from workstation.journal import Fault, Journal
from workstation.journal.roots import digest_of_ends, printed
from workstation.reactions.roots import DailyRoot


def say(journal: Journal, name: str) -> None:
    journal.append([Draft("wang", "incident.open", set_fields("incident", name, title=name))])


@pytest.fixture
def hub_and_centre(tmp_path: Path, clock: ManualClock):
    (centre,) = enrolled(tmp_path, clock, "ZX")
    hub = opened(tmp_path, "HUB", clock)
    say(centre, "i1")
    exchange(centre, hub)
    yield hub, centre
    hub.close()
    centre.close()


def tick(hub: Journal, daily: DailyRoot) -> int:
    return len(hub.append(daily.tick(hub.situation, hub.clock.now())))


def test_a_root_is_taken_once_a_day_and_names_every_stream(hub_and_centre, clock: ManualClock) -> None:
    hub, centre = hub_and_centre
    daily = DailyRoot("HUB")
    assert [tick(hub, daily), tick(hub, daily), tick(hub, DailyRoot("HUB"))] == [1, 0, 0]
    clock.advance(86_400)
    assert tick(hub, daily) == 1
    first, second = hub.situation.find(Root)
    assert (first.id, second.id, first.entries) == ("2026-11-24", "2026-11-25", 2)
    assert [end[0] for end in first.ends] == ["HUB", "ZX"]
    assert first.digest == digest_of_ends(first.ends)
    assert list(hub.verify()) == []
    exchange(hub, centre)
    assert centre.situation.find(Root) == [first, second]
    assert list(centre.verify()) == []


def test_a_hub_that_holds_nothing_takes_no_root(tmp_path: Path, clock: ManualClock) -> None:
    hub = opened(tmp_path, "HUB", clock)
    assert tick(hub, DailyRoot("HUB")) == 0
    hub.close()


def test_only_the_hub_takes_roots(hub_and_centre) -> None:
    hub, centre = hub_and_centre
    centre.append(DailyRoot("ZX").tick(centre.situation, centre.clock.now()))
    exchange(centre, hub)
    assert hub.situation.find(Root) == []


def test_a_stream_rewritten_by_who_holds_its_key_is_named_by_the_root(hub_and_centre) -> None:
    hub, centre = hub_and_centre
    tick(hub, DailyRoot("HUB"))
    exchange(hub, centre)
    connection = centre.store.connection
    connection.execute("update entry set hash=zeroblob(32) where seq=1 and content like '%i1%'")
    where = f"ZX/{centre.own.incarnation}/1"
    assert Fault(where, "is not the one that the root of 2026-11-24 names") in list(centre.verify())
    connection.execute("update root set digest='00'")
    assert Fault("root 2026-11-24", "its digest is not that of its ends") in list(centre.verify())


def test_a_tail_shorter_than_what_the_hub_confirmed_is_named(hub_and_centre) -> None:
    _, centre = hub_and_centre
    incarnation = centre.own.incarnation
    centre.exchange.receipt("HUB", {("ZX", incarnation): 1})
    assert list(centre.verify()) == []
    centre.exchange.receipt("HUB", {("ZX", incarnation): 3})
    assert list(centre.verify()) == [Fault(f"ZX/{incarnation}/2", "cut off: entries up to 3 were written")]


def test_a_root_goes_on_paper(hub_and_centre) -> None:
    hub, _ = hub_and_centre
    tick(hub, DailyRoot("HUB"))
    root = hub.situation.get(Root, "2026-11-24")
    text = printed(root)
    assert text.startswith("2026-11-24  ") and text.replace(" ", "").count(root.digest) == 1
    assert f"ZX/{root.ends[1][1]}/1" in text
