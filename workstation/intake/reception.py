"""What every report goes through before it is compared: scrubbed, marked, named by kind, located.

A call typed at the desk and a row of a hotline's file take the same way, so that both are found by the same words,
digests and places. The clear text is kept only in the sealed field.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from workstation.domain.draft import Value
from workstation.domain.records import Incident, Report
from workstation.feeds.type_words import type_of
from workstation.intake.gazetteer import Gazetteer
from workstation.intake.locator import NOWHERE, Locator, Place
from workstation.intake.rules import Rules, kinds
from workstation.intake.score import Sighting, words_of
from workstation.intake.titles import MAX_TITLE, made_title
from workstation.security.masking import phone_number, phones_in, plate_number, plates_in, scrub
from workstation.words import language, pick, t

POINT = ("source", "gazetteer", "operator")


@dataclass(frozen=True, slots=True)
class Reception:
    """`digest` is the space's keyed digest (`Sealer.digest`): equal numbers are found without being readable."""

    rules: Rules
    locator: Locator
    gazetteer: Gazetteer
    digest: Callable[[str], str]

    def receive(self, reports: Sequence[Report], now: datetime) -> list[tuple[Report, Place]]:
        """Reports as they will be kept, with the place each lies in."""
        return self.locate([self.clean(report, now) for report in reports])

    def clean(self, report: Report, now: datetime) -> Report:
        """Scrub the open text, mark numbers, name the kind where words tell it, and give a time of receipt."""
        said = " ".join(filter(None, (report.title, report.text)))
        title, text, place = (scrub(value) if value else value for value in (report.title, report.text, report.place))
        phone, plate = self._numbers(report, said)
        return replace(
            report,
            title=title,
            text=text,
            place=place,
            text_full=report.text_full or (said if (title, text) != (report.title, report.text) else None),
            type=report.type or type_of(report.title, report.text),
            received_at=report.received_at or now,
            reporter_phone=phone,
            phone_digest=self.digest(phone_number(phone)) if phone else None,
            plate=plate,
            plate_digest=self.digest(plate_number(plate)) if plate else None,
            raw_digest=report.raw_digest or sha256(repr(report).encode()).hexdigest(),
        )

    def locate(self, reports: Sequence[Report]) -> list[tuple[Report, Place]]:
        """Give positions to reports that only name a place, and find where all of them lie."""
        placed = [report if report.lat is not None else self._by_name(report) for report in reports]
        which = [index for index, report in enumerate(placed) if report.lat is not None and report.lon is not None]
        lats, lons = ([float(getattr(placed[index], axis)) for index in which] for axis in ("lat", "lon"))
        places = dict(zip(which, self.locator.locate_many(lats, lons), strict=True))
        return [_in_grid(report, places.get(index, NOWHERE)) for index, report in enumerate(placed)]

    def sighting(self, report: Report) -> Sighting:
        """What of a report is compared."""
        time = report.occurred_at or report.received_at
        at = time.timestamp() if time else 0.0
        exact = report.located in POINT or (report.located is None and report.lat is not None)
        words = words_of(" ".join(filter(None, (report.title, report.text))))
        return Sighting(
            first=at,
            last=at,
            lat=report.lat if exact else None,
            lon=report.lon if exact else None,
            area=report.place,
            kind=report.type,
            texts=(words,) if words else (),
            marks=frozenset(filter(None, (report.phone_digest, report.plate_digest))),
        )

    def founds(self, report: Report) -> bool:
        """Whether a report that joins no incident becomes one: near enough to the city, and not a mere complaint."""
        complaint = report.channel in self.rules.complaints
        if complaint and report.type is None:
            return False
        if report.lat is None or report.lon is None:
            return not complaint
        return self.locator.km_outside(report.lat, report.lon) <= self.rules.reach_of(report.type)

    def incident(self, report: Report, place: Place, number: str, now: datetime) -> Incident:
        """The incident a report founds: its place, its kind and its own times. Level and casualties stay unknown."""
        return Incident(
            id=f"incident:{report.id}",
            number=number,
            title=title_of(report, place),
            type=report.type,
            state="reported",
            summary=report.text or report.title,
            channel=report.channel,
            occurred_at=report.occurred_at or report.received_at,
            opened_at=now,
            office=place.office,
            lat=report.lat,
            lon=report.lon,
            place=report.place,
            grid=report.grid,
            street=report.street,
            located=report.located,
            restricted=True if report.type in self.rules.restricted else None,
            nearest=self._near(report),
        )

    def _numbers(self, report: Report, said: str) -> tuple[str | None, str | None]:
        """Phone and plate as given, else the first that the text names."""
        phone = report.reporter_phone if isinstance(report.reporter_phone, str) else None
        plate = report.plate if isinstance(report.plate, str) else None
        return phone or next(iter(phones_in(said)), None), plate or next(iter(plates_in(said)), None)

    def _near(self, report: Report) -> dict[str, Value] | None:
        """What is near a place in the city; elsewhere the city's facilities are no help."""
        if report.lat is None or report.lon is None or report.street is None:
            return None
        return self.locator.nearest(report.lat, report.lon)

    def _by_name(self, report: Report) -> Report:
        found = self.gazetteer.named(report.place) if report.place else None
        found = found or self.gazetteer.find(report.place) or self.gazetteer.find(f"{report.title} {report.text}")
        if found is None:
            return report
        located = "area" if found.is_area else "gazetteer"
        return replace(report, lat=found.lat, lon=found.lon, place=report.place or found.name_zh, located=located)


def _in_grid(report: Report, place: Place) -> tuple[Report, Place]:
    return replace(report, grid=place.grid, street=place.street), place


def title_of(report: Report, place: Place) -> str:
    """Place and kind in the language of the desk that wrote it; where the kind is unknown, what was said."""
    kind = kinds().get(report.type or "")
    where = report.place or pick(place.street_zh, place.street_en) or t("intake.place_unknown")
    if kind is None:
        said = report.title or report.text or t("intake.kind_unknown")
        return said[:MAX_TITLE]
    return made_title(language(), where, kind.code)
