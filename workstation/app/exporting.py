"""Writing what leaves: an incident's report as HTML and PDF, the list as CSV and GeoJSON, each recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workstation.app.assembly import City
from workstation.app.personal import clear_value
from workstation.commands.document import record_export
from workstation.documents.audit import audit_csv, audit_jsonl
from workstation.documents.files import Written, safe_name, write_document, written
from workstation.documents.listing import IncidentFilter, incidents_csv, incidents_geojson
from workstation.documents.report import Making, Revealer, incident_html
from workstation.domain.draft import Sealed
from workstation.domain.errors import Refused
from workstation.domain.happenings import ClosedIncident
from workstation.domain.records import Incident
from workstation.security.sealing import Sealer
from workstation.situation import AuditFilter, SeenSituation, Situation
from workstation.station import Station
from workstation.views.printer import print_pdf

MOST_ENTRIES = 100_000
FORMATS = ("html", "pdf", "csv", "geojson")


@dataclass(frozen=True, slots=True)
class SpaceRevealer(Revealer):
    """Opens sealed values with the key of the space, so that they can be shown masked."""

    situation: Situation
    sealer: Sealer

    def clear(self, value: str | Sealed | None) -> str | None:
        return clear_value(self.situation, self.sealer, value)


@dataclass(frozen=True, slots=True)
class Exporter:
    """Exports of one station on behalf of one person. May be used from any thread."""

    station: Station
    town: City
    author: str
    role: str
    language: str

    def incident(self, incident: str, folder: Path, formats: Sequence[str] = ("html", "pdf")) -> list[Written]:
        """The report of an incident given by id or number. Raises Refused, PrintError or OSError."""
        situation = self._seen()
        try:
            found = situation.get(Incident, incident) or next(iter(situation.find(Incident, number=incident)), None)
            if found is None:
                raise Refused("document.incident_unknown", incident=incident)
            if isinstance(found, ClosedIncident):
                raise Refused("document.incident_closed", incident=incident)
            html = incident_html(situation, found, self._making(situation))
        finally:
            situation.close()
        stem = f"{safe_name(found.number or found.id)}-{self.language}"
        page = write_document(folder, f"{stem}.html", html.encode())
        made = [page] if "html" in formats else []
        if "pdf" in formats:
            print_pdf(page.path, folder / f"{stem}.pdf")
            made.append(written(folder / f"{stem}.pdf"))
        if "html" not in formats:
            page.path.unlink()
        self._record(made, found.id)
        return made

    def incidents(
        self, chosen: IncidentFilter, folder: Path, formats: Sequence[str] = ("csv", "geojson")
    ) -> list[Written]:
        """The list of the incidents a filter chooses."""
        situation = self._seen()
        try:
            incidents = chosen.choose(situation)
        finally:
            situation.close()
        write = {"csv": incidents_csv, "geojson": incidents_geojson}
        made = [
            write_document(folder, f"incidents.{form}", write[form](incidents)) for form in formats if form in write
        ]
        self._record(made, None, len(incidents))
        return made

    def audit(self, wanted: AuditFilter, folder: Path, form: str) -> list[Written]:
        """The entries of the audit trail a filter lets through, at most `MOST_ENTRIES`, as csv or jsonl."""
        situation = self._seen()
        try:
            entries = situation.audit(wanted, limit=MOST_ENTRIES)
        finally:
            situation.close()
        content = {"csv": audit_csv, "jsonl": audit_jsonl}[form](entries)
        made = [write_document(folder, f"audit-{self.station.clock.now():%Y%m%dT%H%M%SZ}.{form}", content)]
        self._record(made, None, len(entries))
        return made

    def _seen(self) -> Situation:
        """What whoever takes it along may see."""
        return SeenSituation(self.station.situation(), self.author, self.station.clock.now, self.station.name)

    def _record(self, made: Sequence[Written], incident: str | None, rows: int | None = None) -> None:
        for one in made:
            command = record_export(one.path.name, one.sha256, incident, rows)
            self.station.submit(command, self.author, self.role).result()

    def _making(self, situation: Situation) -> Making:
        heads = self.station.ask(lambda journal: journal.exchange.heads()).result()
        line = " ".join(f"{station}/{incarnation}/{seq}" for (station, incarnation), seq in sorted(heads.items()))
        reveal = SpaceRevealer(situation, self.station.space.sealer())
        at = self.station.clock.now()
        return Making(
            self.town.folder, self.station.name, self.author, at, self.language, line, reveal, self.town.names
        )
