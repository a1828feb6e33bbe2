"""A station from its parts: journal, telemetry, intake, thresholds, playbooks.

Nothing here needs a screen; the desk is put on top of it by `workstation.app.desk`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workstation import content
from workstation.commands.city import content_digest, load_city
from workstation.domain.clock import Clock
from workstation.intake.gazetteer import Gazetteer
from workstation.intake.intake import Intake
from workstation.intake.locator import Locator
from workstation.intake.reception import Reception
from workstation.intake.rules import read_rules
from workstation.journal import Journal
from workstation.mapping.basemap import Basemap, read_basemap
from workstation.playbooks import read_library
from workstation.reactions.deliveries import Deliveries
from workstation.reactions.runs import Runs
from workstation.reactions.thresholds import Thresholds
from workstation.station import Parts, Space, Station
from workstation.telemetry import Telemetry

CONTENT = "content"
"""The note in a journal that says which content was brought in last."""


@dataclass(frozen=True, slots=True)
class City:
    """A city's content: where its files lie, and what intake and desk look up in them.

    `centre` is the code of the centre's station, `regions` the region each station works for, `names` the Chinese and
    English name of every street and office by its code, and of every place by its Chinese name.
    """

    folder: Path
    gazetteer: Gazetteer
    locator: Locator
    centre: str
    regions: Mapping[str, str]
    names: Mapping[str, tuple[str, str]]


@cache
def city(name: str) -> City:
    """The content of a city under maps/. Raises ContentError when a file is absent or wrong."""
    folder = content.folder("maps") / name
    about = content.read_yaml(folder / "city.yaml")
    regions = {office["station"]: street for street, office in about["streets"].items()}
    regions[about["centre_station"]] = about["code"]
    gazetteer = Gazetteer.read(folder / "gazetteer.csv")
    names = {one["station"]: (one["office_zh"], one["office_en"]) for one in about["streets"].values()}
    names |= {one.street: (one.name_zh, one.name_en) for one in gazetteer.places if one.kind == "street"}
    names |= {about["code"]: (about["name_zh"], about["name_en"])}
    names |= {about["centre_station"]: (f"{about['name_zh']}指挥中心", f"{about['name_en']} command centre")}
    names |= {one.name_zh: (one.name_zh, one.name_en) for one in gazetteer.places}
    return City(folder, gazetteer, Locator.read(folder), about["centre_station"], regions, names)


@cache
def ground(name: str) -> Basemap:
    """The base map of a city under maps/, for every desk of the process. Raises ContentError when a file is wrong."""
    return read_basemap(content.folder("maps") / name)


def reception_of(space: Space, town: City) -> Reception:
    """Intake's front desk over a city, with the digests of a space."""
    return Reception(read_rules(), town.locator, town.gazetteer, space.sealer().digest)


def assembled(space: Space, clock: Clock, town: City, on_duty: bool = False) -> Station:
    """A station that is not yet started. One that is on duty also starts and watches playbooks, for the whole city."""
    station = Station(space, clock, Parts(scope=town.regions.get(space.station, "")))
    station.open()
    telemetry = Telemetry.open(space.telemetry, True)
    situation = station.situation()
    try:
        station.parts.watch = Thresholds.from_situation(situation, telemetry.latest(), clock.now())
    finally:
        situation.close()
    station.parts.telemetry = telemetry
    station.parts.intake = Intake(reception_of(space, town), station.name)
    runs = (Runs(read_library(), telemetry.latest),) if on_duty else ()
    station.parts.reactions = (Deliveries(station.name), *runs)
    return station


def teach(station: Station, town: City) -> None:
    """Bring the city's content into a started station's journal where it is other than what was brought in last; what
    people have changed since stays changed."""
    digest = content_digest(town.folder)

    def note(journal: Journal) -> None:
        with journal.store.transaction():
            journal.store.set_meta(CONTENT, digest)

    if station.ask(lambda journal: journal.store.meta(CONTENT)).result() != digest:
        station.write(station.ask(lambda journal: load_city(town.folder, journal.situation)).result()).result()
        station.ask(note).result()
