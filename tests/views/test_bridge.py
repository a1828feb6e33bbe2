"""The one crossing from other threads to the desk: a burst is one refresh, and nothing arrives anywhere else."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import pytest
from PySide6.QtWidgets import QApplication

from tests.desks import PATIENCE_MS, Room, flood
from workstation.domain.records import Incident
from workstation.situation import Situation
from workstation.views.bridge import Bridge
from workstation.views.reader import Reader


class Heart:
    """A station that says what changed when the test says so."""

    def __init__(self) -> None:
        self.tell: Callable[[frozenset[str]], None] = lambda kinds: None

    def subscribe(self, listener: Callable[[frozenset[str]], None]) -> None:
        self.tell = listener


@pytest.fixture
def heart() -> Heart:
    return Heart()


@pytest.fixture
def bridge(heart: Heart, qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge(heart)
    yield made
    made.close()


@pytest.fixture
def heard(bridge: Bridge) -> list[tuple[frozenset[str], threading.Thread]]:
    told: list[tuple[frozenset[str], threading.Thread]] = []
    bridge.changed.connect(lambda kinds: told.append((kinds, threading.current_thread())))
    return told


def elsewhere(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_a_thousand_changes_in_a_burst_are_one_refresh_of_all_their_kinds(heart, heard, qtbot) -> None:
    kinds = [frozenset({("incident", "report", "task")[number % 3]}) for number in range(1000)]
    elsewhere(lambda: [heart.tell(kind) for kind in kinds])
    qtbot.waitUntil(lambda: bool(heard), timeout=PATIENCE_MS)
    assert [told for told, _ in heard] == [frozenset({"incident", "report", "task"})]


def test_what_changes_after_a_refresh_is_told_in_another(heart, heard, qtbot) -> None:
    elsewhere(lambda: heart.tell(frozenset({"incident"})))
    qtbot.waitUntil(lambda: len(heard) == 1, timeout=PATIENCE_MS)
    elsewhere(lambda: heart.tell(frozenset({"alarm"})))
    qtbot.waitUntil(lambda: len(heard) == 2, timeout=PATIENCE_MS)
    assert heard[1][0] == {"alarm"}


def test_changes_of_another_thread_are_told_on_the_desk_s_own(heart, heard, qtbot) -> None:
    elsewhere(lambda: heart.tell(frozenset({"incident"})))
    qtbot.waitUntil(lambda: bool(heard), timeout=PATIENCE_MS)
    assert heard[0][1] is threading.main_thread()


def test_nothing_changed_is_no_news(heart, heard, qtbot) -> None:
    elsewhere(lambda: heart.tell(frozenset()))
    elsewhere(lambda: heart.tell(frozenset({"task"})))
    qtbot.waitUntil(lambda: bool(heard), timeout=PATIENCE_MS)
    assert [told for told, _ in heard] == [frozenset({"task"})]


@pytest.mark.parametrize("fails", [False, True])
def test_an_answer_arrives_on_the_desk_s_thread_be_it_good_or_bad(bridge, qtbot, fails: bool) -> None:
    got: list[tuple[Future[int], threading.Thread]] = []
    with ThreadPoolExecutor(1) as pool:
        bridge.deliver(
            pool.submit(lambda: 1 // (not fails)), lambda future: got.append((future, threading.current_thread()))
        )
        qtbot.waitUntil(lambda: bool(got), timeout=PATIENCE_MS)
    [(future, thread)] = got
    assert thread is threading.main_thread()
    assert isinstance(future.exception(), ZeroDivisionError) is fails


def test_a_closed_bridge_tells_nothing_more(bridge, heart, heard, qtbot) -> None:
    elsewhere(lambda: heart.tell(frozenset({"incident"})))
    waiting: Future[int] = Future()
    answered: list[object] = []
    bridge.deliver(waiting, answered.append)
    bridge.close()
    elsewhere(lambda: (heart.tell(frozenset({"alarm"})), waiting.set_result(1)))
    other: list[object] = []
    with closing(Bridge(heart)) as second:
        second.changed.connect(other.append)
        elsewhere(lambda: heart.tell(frozenset({"task"})))
        qtbot.waitUntil(lambda: bool(other), timeout=PATIENCE_MS)
    assert (heard, answered) == ([], [])


def test_a_page_asked_ten_times_reads_once_and_answers_on_the_desk_s_thread(room: Room) -> None:
    room.open_with(flood(room.clock, 1))
    begun, go_on, answers = threading.Event(), threading.Event(), []
    reader = room.window.reader

    def hold(situation: Situation) -> None:
        begun.set()
        go_on.wait()

    reader.ask("held", hold, lambda rows: None)
    begun.wait()
    for number in range(10):
        reader.ask(
            "page",
            lambda situation, number=number: (number, situation.count(Incident)),
            lambda rows: answers.append((rows, threading.current_thread())),
        )
    go_on.set()
    room.until(lambda: answers)
    assert answers == [((9, 1), threading.main_thread())]


def test_a_closed_reader_answers_nobody(room: Room) -> None:
    told: list[object] = []
    reader = Reader(room.window.workplace)
    reader.ask("page", lambda situation: situation.count(Incident), told.append)
    reader.close()
    reader.ask("page", lambda situation: situation.count(Incident), told.append)
    room.open_with(flood(room.clock, 1))
    assert told == []


@pytest.fixture
def minutes(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock by which a reader tells how long an answer took; the test sets its last."""
    passed = [0.0]
    monkeypatch.setattr("workstation.views.reader.monotonic", lambda: passed[-1])
    monkeypatch.setattr("workstation.views.reader.LONGEST_REST_S", 9 * 60)
    return passed


def test_what_follows_every_change_rests_after_a_long_answer_and_keeps_nobody_waiting(room: Room, minutes) -> None:
    answers: list[str] = []

    def long(situation: Situation) -> str:
        minutes.append(minutes[-1] + 60)
        return "long"

    with closing(Reader(room.window.workplace)) as reader:
        reader.follow("map", long, answers.append)
        room.until(lambda: answers == ["long"])
        reader.follow("map", long, answers.append)
        reader.ask("incident", lambda situation: "turned to", answers.append, first=True)
        room.until(lambda: len(answers) == 2)
        assert (answers[1], reader.is_done) == ("turned to", False)
        minutes.append(minutes[-1] + 9 * 60)
        reader.follow("map", long, answers.append)
        room.until(lambda: answers[2:] == ["long"])
        assert reader.is_done


def test_what_somebody_turned_to_is_read_before_what_waits(room: Room) -> None:
    answers: list[str] = []
    go_on = threading.Event()
    with closing(Reader(room.window.workplace)) as reader:
        reader.ask("busy", lambda situation: go_on.wait(), lambda nothing: None)
        for name in ("desk", "map"):
            reader.ask(name, lambda situation, name=name: name, answers.append)
        reader.ask("incident", lambda situation: "incident", answers.append, first=True)
        go_on.set()
        room.until(lambda: len(answers) == 3)
    assert answers == ["incident", "desk", "map"]
