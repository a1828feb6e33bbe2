"""Recording that a document left: what, for which incident, with which digest, by whom."""

from workstation.commands.seat import Command, Seat
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.records import Access, Document


def record_export(name: str, sha256: str, incident: str | None = None, rows: int | None = None) -> Command:
    """A row for the document and a row of the access log."""

    def command(seat: Seat) -> Draft:
        made = Document(
            id=f"document:{seat.new_id()}",
            incident=incident,
            name=name,
            format=name.rsplit(".", 1)[-1],
            sha256=sha256,
            made_at=seat.now,
            made_by=seat.author,
            rows=rows,
        )
        access = Access(
            id=f"access:{seat.new_id()}",
            at=seat.now,
            user=seat.author,
            act="export",
            object=incident or name,
            incident=incident,
            station=seat.station,
        )
        return Draft(seat.author, "document.export", (*changes_of(made), *changes_of(access)), scope=seat.scope)

    return command
