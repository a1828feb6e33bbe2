"""Intake: what a feed parsed becomes drafts. Reports are located and merged, incidents founded, broken records kept.

It never writes: the station appends what it answers. A record that was taken before and says the same gives no draft,
so that a file read twice adds nothing; one that says something new gives exactly the difference.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import changes_of, differences, set_fields
from workstation.domain.records import Alert, Incident, Report, fields_of
from workstation.feeds.parsed import Parsed
from workstation.intake.alerts import alert_drafts
from workstation.intake.locator import Place
from workstation.intake.numbering import numbers
from workstation.intake.open_incidents import OpenIncidents, portions
from workstation.intake.quarantine import quarantine_drafts
from workstation.intake.reception import Reception
from workstation.intake.similar import Likeness, best
from workstation.situation import Situation
from workstation.words import t

AUTHOR = "rule:intake"
_SILENT = {"raw_digest", *(f.name for f in fields_of("report") if f.metadata.get("personal"))}
"""Fields that alone are no news: another wrapping of the same words, and sealed values, whose digests tell a change."""


class Intake:
    """One station's intake. Belongs to the station's thread."""

    def __init__(self, reception: Reception, station: str) -> None:
        self._reception = reception
        self._station = station
        self._open = OpenIncidents(reception)

    def take(self, parsed: Parsed, situation: Situation, now: datetime) -> list[Draft]:
        """Drafts for everything new in one document, in its order; alerts and quarantine after the reports."""
        reports = [record for record in parsed.records if isinstance(record, Report)]
        alerts = [record for record in parsed.records if isinstance(record, Alert)]
        drafts = self._reports(reports, situation, now) if reports else []
        drafts += alert_drafts(alerts, situation, AUTHOR)
        drafts += quarantine_drafts(parsed.rejects, situation, now, AUTHOR)
        return drafts

    def _reports(self, reports: Sequence[Report], situation: Situation, now: datetime) -> list[Draft]:
        known = _known(situation, [report.id for report in reports])
        fresh = [report for report in reports if report.id not in known]
        updates = (self._updated(known[report.id], report, now) for report in reports if report.id in known)
        drafts = [draft for draft in updates if draft is not None]
        if fresh:
            self._open.follow(situation, now)
            received = self._reception.receive(fresh, now)
            free = numbers(situation, self._station, now)
            drafts += [draft for one in received for draft in self._fresh(*one, free, now)]
        return drafts

    def _updated(self, known: Report, report: Report, now: datetime) -> Draft | None:
        """What a source says otherwise than before; where it lies is asked again only when it moved."""
        if report.raw_digest is not None and report.raw_digest == known.raw_digest:
            return None
        clean = self._reception.clean(report, known.received_at or now)
        if clean.raw_digest == known.raw_digest:
            return None
        if clean.lat is not None and (clean.lat, clean.lon) != (known.lat, known.lon):
            clean, _ = self._reception.locate([clean])[0]
        changes = differences(known, clean)
        if not any(change.field not in _SILENT for change in changes):
            return None
        return Draft(AUTHOR, "report.update", changes, scope=clean.street or known.street or "")

    def _fresh(self, report: Report, place: Place, free: Iterator[str], now: datetime) -> list[Draft]:
        sighting = self._reception.sighting(report)
        likely = best(self._open, sighting, self._reception.rules)
        if likely is not None and likely.automatic:
            self._open.join(likely.incident, report.id, sighting)
            changes = (*changes_of(report), *_joined(report.id, likely, "automatic"))
            reason = t("reason.merged", score=f"{likely.score:.2f}")
            return [Draft(AUTHOR, "report.merge", changes, reason, scope=report.street or "")]
        if not self._reception.founds(report):
            return [Draft(AUTHOR, "report.receive", changes_of(report), scope=report.street or "")]
        incident = self._reception.incident(report, place, next(free), now)
        self._open.found(incident.id, report.id, sighting)
        proposal = _proposed(report.id, likely) if likely else set_fields("report", report.id, merge="founding")
        changes = (
            *changes_of(report),
            *set_fields("report", report.id, incident=incident.id),
            *proposal,
            *changes_of(incident),
        )
        reason = t("intake.proposed", score=f"{likely.score:.2f}") if likely else ""
        opened = Draft(AUTHOR, "incident.open", changes, reason, scope=report.street or "")
        return [announced(incident, opened.scope), opened] if incident.restricted else [opened]


def announced(incident: Incident, scope: str) -> Draft:
    """That there is a restricted incident on which nobody works yet. Stations of its region are told this much, and
    whoever takes charge there is sent the rest."""
    known = {name: getattr(incident, name) for name in ("number", "state", "opened_at", "restricted")}
    return Draft(AUTHOR, "incident.announce", set_fields("incident", incident.id, **known), scope=scope)


def _joined(report: str, likely: Likeness, how: str) -> tuple[Change, ...]:
    """A report is part of an incident now, with the score that says why."""
    return set_fields(
        "report", report, incident=likely.incident, merge=how, score=round(likely.score, 3), score_parts=likely.parts
    )


def _proposed(report: str, likely: Likeness) -> tuple[Change, ...]:
    """A report may belong to another incident: a person decides."""
    return set_fields(
        "report",
        report,
        proposed=likely.incident,
        merge="proposed",
        score=round(likely.score, 3),
        score_parts=likely.parts,
    )


def _known(situation: Situation, ids: Iterable[str]) -> dict[str, Report]:
    return {report.id: report for some in portions(ids) for report in situation.find(Report, id=some)}
