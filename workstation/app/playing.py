"""The demo evening with its desks: watched by a person, or played by itself with pictures and documents to show."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer

from workstation.app.desk import Desk, application
from workstation.app.evening import LAST_MINUTE, DemoEvening, Node
from workstation.app.exporting import Exporter
from workstation.app.seat import Person
from workstation.app.summary import summary_of, write_summary
from workstation.demo.centre_script import OPERATOR, SUPERVISOR, worst_flood
from workstation.demo.pace import wait_for
from workstation.demo.rainstorm import UNDERPASS
from workstation.demo.street_script import OFFICER
from workstation.documents.files import Written
from workstation.documents.listing import IncidentFilter
from workstation.views.demo_bar import DemoBar
from workstation.views.screens import grab_pages, settle
from workstation.words import LANGUAGES

BEAT_MS = 200
STREET_MINUTE, CENTRE_MINUTE = 62.0, 73.0
"""The street is pictured while it is cut off, the centre when it has heard what the street said meanwhile."""
SIZES = ((1920, 1080), (1366, 768))


@dataclass(frozen=True, slots=True)
class Telling:
    """How the play is followed: `note` in words, `reach` by the scenario's minute."""

    note: Callable[[str], None]
    reach: Callable[[float], None]


class EveningPlay:
    """The evening as the bar steers it: fulfils `views.demo_bar.Play`."""

    def __init__(self, evening: DemoEvening) -> None:
        self._evening = evening
        self.last_minute = LAST_MINUTE

    @property
    def minute(self) -> float:
        return self._evening.minute

    @property
    def speed(self) -> float:
        return self._evening.pace.speed

    @property
    def is_scripted(self) -> bool:
        return not self._evening.centre_shift.is_resting

    @property
    def is_cut(self) -> bool:
        return self._evening.is_cut

    def run_at(self, speed: float) -> None:
        self._evening.pace.run_at(speed)

    def take_over(self) -> None:
        self._evening.centre_shift.rest()

    def hand_back(self) -> None:
        self._evening.centre_shift.go_on()


def watch(out: Path, speed: float) -> None:
    """Open the centre's desk on the evening; a person watches, and may take over. Returns when the window is closed."""
    app = application("zh")
    with closing(DemoEvening(out, speed)) as evening:
        play = EveningPlay(evening)

        def beat() -> None:
            if evening.is_over:
                play.run_at(0)

        timer = QTimer(interval=BEAT_MS)
        timer.timeout.connect(beat)
        with closing(_desk(evening, evening.centre, Person(OPERATOR.name, "SUP", "demo"))) as desk:
            desk.window.add_bar(DemoBar(play))
            timer.start()
            evening.pace.run_until(LAST_MINUTE)
            desk.show(maximised=True)
            app.exec()
            timer.stop()


def play_alone(out: Path, speed: float, telling: Telling) -> Path:
    """Play the whole evening without anybody, and write `summary.json`, pictures and documents. The summary's path.

    Raises KnownError where the evening stands still, or does not come to its end with the same at every station.
    """
    application("zh")
    started = time.monotonic()
    with closing(DemoEvening(out, speed)) as evening:
        with _desks(evening) as (centre, street):
            pictures = _play(evening, (centre, street), out / "screens", telling)
        evening.require_end()
        evening.end_the_script()
        telling.note("the evening is over; bringing every station to the same state")
        _come_together(evening)
        telling.note("writing the documents")
        documents = _documents(evening, out / "documents")
        summary = summary_of(evening, documents, pictures)
        summary["seconds"] = round(time.monotonic() - started, 1)
        return write_summary(out / "summary.json", summary)


@contextmanager
def _desks(evening: DemoEvening) -> Iterator[tuple[Desk, Desk]]:
    centre = _desk(evening, evening.centre, Person(OPERATOR.name, "SUP", "demo"))
    street = _desk(evening, evening.street, Person(OFFICER.name, "street", "demo"))
    centre.window.add_bar(DemoBar(EveningPlay(evening)))
    for desk in (centre, street):
        desk.show(maximised=False)
    try:
        yield centre, street
    finally:
        centre.close()
        street.close()


def _desk(evening: DemoEvening, node: Node, person: Person) -> Desk:
    return Desk(node.station, evening.town, person, node.link)


def _play(evening: DemoEvening, desks: tuple[Desk, Desk], folder: Path, telling: Telling) -> list[Path]:
    """Let the evening run with both desks alive; the pictures are taken when the most is going on."""
    pictures = list[Path]()
    for minute, name, desk in ((STREET_MINUTE, "street", desks[1]), (CENTRE_MINUTE, "centre", desks[0])):
        _go_on(evening, minute, telling)
        telling.note(f"pictures of every page of the {name}")
        pictures += _pictures(evening, desk, folder / name)
    _go_on(evening, LAST_MINUTE, telling)
    return pictures


def _go_on(evening: DemoEvening, minute: float, telling: Telling) -> None:
    """Let the evening run until this minute, where time stands still again."""
    told = int(evening.minute) // 10
    evening.pace.run_until(minute)
    while not evening.pace.has_arrived:
        settle(BEAT_MS)
        telling.reach(evening.minute)
        if int(evening.minute) // 10 > told:
            told = int(evening.minute) // 10
            telling.note(f"minute {told * 10} of {LAST_MINUTE:.0f}")


def _pictures(evening: DemoEvening, desk: Desk, folder: Path) -> list[Path]:
    """Every page of a desk."""
    settle()
    with closing(evening.centre.station.situation()) as situation:
        flood = worst_flood(situation)
    if flood is not None:
        desk.window.choose_incident(flood.id)
    pictures = grab_pages(desk.window, folder, UNDERPASS, SIZES)
    desk.window.speak(LANGUAGES[0])
    return pictures


def _come_together(evening: DemoEvening) -> None:
    """Wait until hub, centre and street hold the same entries."""
    wait_for(lambda: evening.is_equal, "hub, centre and street do not hold the same entries", lambda: settle(BEAT_MS))


def _documents(evening: DemoEvening, folder: Path) -> list[Written]:
    situation = evening.centre.station.situation()
    flood = worst_flood(situation)
    situation.close()
    made: list[Written] = []
    for language in LANGUAGES:
        exporter = Exporter(evening.centre.station, evening.town, SUPERVISOR.name, SUPERVISOR.role, language)
        if flood is not None:
            made += exporter.incident(flood.id, folder)
        if language == LANGUAGES[0]:
            made += exporter.incidents(IncidentFilter(), folder)
    _come_together(evening)
    return made
