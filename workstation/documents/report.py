"""The report of one incident as a single HTML file: facts, an interactive map, timeline, tasks, steps, reports, alarms.

Nothing in it asks the network for anything, and everything in it went through masking.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from workstation.content import folder
from workstation.documents.tables import (
    Speaker,
    alarm_table,
    conflict_table,
    report_table,
    step_table,
    task_table,
    timeline_table,
)
from workstation.domain.draft import Sealed
from workstation.domain.levels import Severity
from workstation.domain.records import Alarm, Camera, Incident, Report, Sensor, Step, Task
from workstation.intake.rules import kinds
from workstation.intake.titles import title_in
from workstation.mapping.pages import INK, PageMark, incident_page, sign
from workstation.security.masking import mask_name, mask_phone, scrub
from workstation.situation import Situation, subjects_of
from workstation.words import tell

NEAR_DEGREES = 0.01
PLAIN_INK = "#5b6775"


@dataclass(frozen=True, slots=True)
class Making:
    """Who makes a document, where, when, in which language; `reveal` opens sealed values so that they can be masked;
    `names` gives streets, offices and places in both languages."""

    city: Path
    station: str
    author: str
    at: datetime
    language: str
    heads: str
    reveal: "Revealer"
    names: Mapping[str, tuple[str, str]]


class Revealer:
    """Sealed values as masked text. Without the means to open them they stay stars."""

    def name(self, value: str | Sealed | None) -> str:
        clear = self.clear(value)
        return mask_name(clear) if clear else "***" if value else ""

    def phone(self, value: str | Sealed | None) -> str:
        clear = self.clear(value)
        return mask_phone(clear) if clear else "***" if value else ""

    def clear(self, value: str | Sealed | None) -> str | None:
        return value if isinstance(value, str) else None


def incident_html(situation: Situation, incident: Incident, making: Making) -> str:
    """The whole document as text."""
    say = Speaker(making.language, making.names)
    steps = situation.find(Step, incident=incident.id)
    sensors = {one.id: say.pick(one.name_zh, one.name_en) for one in situation.find(Sensor)}
    reports = situation.find(Report, incident=incident.id)
    lines = situation.timeline(incident.id)
    parts = [
        step_table(steps, say),
        task_table(situation.find(Task, incident=incident.id), steps, say),
        alarm_table(_alarms(situation, incident), say, lambda sensor: sensors.get(sensor) or sensor),
        report_table(reports, say, lambda one: _caller(one, making.reveal)),
        conflict_table([(one, situation.base(one)) for one in situation.conflicts_about(incident.id)], say),
        timeline_table(lines, subjects_of(situation, lines), say),
    ]
    environment = Environment(
        loader=FileSystemLoader(folder("resources") / "templates"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("incident.html").render(
        t=say.t,
        language=making.language,
        facts=_facts(incident, say),
        map=_map(situation, incident, making),
        parts=parts,
        made=say.t("document.made", station=making.station, author=making.author, at=say.at(making.at)),
        proof=say.t("document.proof", heads=making.heads),
    )


def _facts(incident: Incident, say: Speaker) -> SimpleNamespace:
    severity = _severity(incident)
    level = say.word("severity", incident.level)
    state = say.word("incident.state", incident.state)
    counted = ("deaths", "missing", "injured", "trapped", "evacuated")
    counts = {name: _count(getattr(incident, name), say) for name in counted}
    rows = (
        ("number", incident.number or incident.id),
        ("kind", _kind(incident, say)),
        ("state", state),
        ("level", level),
        ("place", scrub(say.name(incident.place))),
        ("street", say.name(incident.street)),
        ("office", say.name(incident.office)),
        ("opened", say.at(incident.opened_at)),
        ("closed", say.at(incident.closed_at)),
        ("casualties", say.t("document.casualties_line", **counts)),
    )
    return SimpleNamespace(
        title=scrub(title_in(say.language, incident, say.name)),
        number=incident.number or incident.id,
        level=level,
        state=state,
        simulated=bool(incident.simulated),
        ink=INK[severity] if severity else PLAIN_INK,
        sign=Markup(sign(severity)),  # noqa: S704  our own drawing, no text from outside
        rows=[(say.t(f"document.{name}"), value) for name, value in rows],
    )


def _map(situation: Situation, incident: Incident, making: Making) -> str:
    """The map page around the incident; empty where its place is not known."""
    if incident.lat is None or incident.lon is None:
        return ""
    say = Speaker(making.language, making.names)
    title = scrub(title_in(say.language, incident, say.name))
    own = PageMark(incident.lat, incident.lon, (title, incident.number or ""), _severity(incident))
    return incident_page(making.city, [own, *_around(situation, incident, making.language)], making.language)


def _around(situation: Situation, incident: Incident, language: str) -> Iterator[PageMark]:
    say = Speaker(language)
    instruments: list[Sensor | Camera] = [*situation.find(Sensor), *situation.find(Camera)]
    for one in instruments:
        if one.lat is not None and one.lon is not None and _is_near(one.lat, one.lon, incident):
            yield PageMark(one.lat, one.lon, (say.pick(one.name_zh, one.name_en) or one.id, one.id))


def _is_near(lat: float, lon: float, incident: Incident) -> bool:
    return abs(lat - (incident.lat or 0)) < NEAR_DEGREES and abs(lon - (incident.lon or 0)) < NEAR_DEGREES


def _alarms(situation: Situation, incident: Incident) -> list[Alarm]:
    """Alarms that belong to the incident, and those of instruments beside it while it was open."""
    until = incident.closed_at
    return [
        alarm
        for alarm in situation.find(Alarm)
        if alarm.incident == incident.id or (_is_beside(alarm, incident) and _began_before(alarm, until))
    ]


def _is_beside(alarm: Alarm, incident: Incident) -> bool:
    return alarm.lat is not None and alarm.lon is not None and _is_near(alarm.lat, alarm.lon, incident)


def _began_before(alarm: Alarm, until: datetime | None) -> bool:
    return until is None or alarm.raised_at is None or alarm.raised_at <= until


def _caller(report: Report, reveal: Revealer) -> str:
    return " ".join(filter(None, (reveal.name(report.reporter_name), reveal.phone(report.reporter_phone))))


def _kind(incident: Incident, say: Speaker) -> str:
    """The kind with its code."""
    kind = kinds().get(incident.type or "")
    return f"{kind.code} {say.pick(kind.zh, kind.en)}" if kind else say.t("unknown")


def _severity(incident: Incident) -> Severity | None:
    return Severity(incident.level) if incident.level in tuple(Severity) else None


def _count(value: int | None, say: Speaker) -> str:
    return tell(say.language, "unknown") if value is None else str(value)
