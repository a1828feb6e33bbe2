"""Which entries name a file, so that whoever may read none of them gets none of its bytes."""

from dataclasses import dataclass

from workstation.situation.readable import Readable

_NAMING = (
    "select distinct e.number, s.station, e.scope, e.data_class, e.content from attachment a"
    " join history h on h.kind = 'attachment' and h.id = a.id join entry e on e.number = h.entry"
    " join stream s on s.number = e.stream where a.digest = ? and coalesce(a.deleted, 0) = 0 order by e.number"
)


@dataclass(frozen=True, slots=True)
class Naming:
    """An entry that names a file: its place in order of arrival, who wrote it, where, and how sensitive it is."""

    number: int
    station: str
    scope: str
    data_class: int


def naming(db: Readable, digest: str) -> list[Naming]:
    """The entries about attachments there are that say they hold the file of that digest, in order of arrival."""
    rows = db.query(_NAMING, [digest])
    return [
        Naming(row["number"], row["station"], row["scope"], row["data_class"])
        for row in rows
        if f'"{digest}"' in (row["content"] or "")
    ]
