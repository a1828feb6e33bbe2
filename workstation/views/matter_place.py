"""Where on the map a matter of the inbox is: at its record, else at what it belongs to; of a disputed place where the
chosen value's author said, and at no point between what two said."""

from collections.abc import Sequence

from workstation.commands.conflict import PLACE
from workstation.situation import Claim, Conflict
from workstation.views.inbox import Matter


def place_of(matter: Matter, claim: Claim | None, matters: Sequence[Matter]) -> tuple[float, float] | None:
    """Latitude and longitude; None where they are not known."""
    where = matter.record if getattr(matter.record, "lat", None) is not None else matter.subject
    known: dict[str, float | None] = {name: getattr(where, name, None) for name in ("lat", "lon")}
    if claim is not None and isinstance(matter.about, Conflict) and matter.about.field in PLACE:
        known |= _said_by(claim.ref, matter.about, matters)
    lat, lon = known["lat"], known["lon"]
    return (lat, lon) if lat is not None and lon is not None else None


def _said_by(ref: str, conflict: Conflict, matters: Sequence[Matter]) -> dict[str, float]:
    """Where an entry says that the record is, as far as that is disputed."""
    disputed = [one.about for one in matters if isinstance(one.about, Conflict)]
    same = [one for one in disputed if (one.kind, one.id) == (conflict.kind, conflict.id)]
    said = {one.field: claim.value for one in same for claim in one.heads if claim.ref == ref}
    return {name: float(value) for name in ("lat", "lon") if isinstance(value := said.get(name), int | float)}
