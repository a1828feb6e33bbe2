"""The conflict inbox as the desk lists it: what must be decided, what was settled by rule, what is awaited, what was
decided; read in one go off the GUI thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from workstation.domain.records import KINDS, Incident, Record
from workstation.situation import Awaited, Base, Breach, Claim, Conflict, Situation

STATES = ("open", "guard", "rule", "awaiting", "decided")
FILTERS = ("waiting", "rule", "awaiting", "decided", "all")
WAITING = ("open", "guard")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Matter:
    """One line of the inbox. `subject` is the record that bears its name: of what belongs to an incident, the incident;
    `incidents` are the ones a breach is about."""

    about: Conflict | Breach | Awaited
    record: Record | None = None
    subject: Record | None = None
    incidents: tuple[Record, ...] = ()

    @property
    def key(self) -> str:
        one = self.about
        match one:
            case Conflict():
                return f"{one.kind} {one.id} {one.field} {one.decided}"
            case Breach():
                return f"{one.kind} {one.id} {one.rule}"
            case Awaited():
                return f"{one.kind} {one.id} {one.incident}"

    @property
    def state(self) -> str:
        one = self.about
        match one:
            case Conflict():
                return one.state
            case Breach():
                return "guard"
            case Awaited():
                return "awaiting"

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The values, the newest first."""
        if not isinstance(self.about, Conflict):
            return ()
        return tuple(sorted(self.about.heads, key=lambda claim: (claim.at, claim.ref), reverse=True))

    @property
    def since(self) -> datetime | None:
        return None if isinstance(self.about, Awaited) else self.about.since

    def is_in(self, name: str) -> bool:
        """Whether a filter shows it."""
        return name == "all" or self.state == name or (name == "waiting" and self.state in WAITING)


def read_inbox(situation: Situation) -> tuple[Matter, ...]:
    """Everything in the inbox: what waits for a decision first, of a state the newest first."""
    about: Sequence[Conflict | Breach | Awaited] = (
        *situation.conflicts(),
        *situation.breaches(),
        *situation.awaited(),
    )
    matters = [_matter(situation, one) for one in about]
    matters.sort(key=lambda one: one.key)
    matters.sort(key=lambda one: one.since or _LONG_AGO, reverse=True)
    return tuple(sorted(matters, key=lambda one: STATES.index(one.state)))


def read_base(situation: Situation, matter: Matter) -> Base | None:
    """What both had seen before; None where nothing was said apart."""
    return situation.base(matter.about) if isinstance(matter.about, Conflict) else None


def _matter(situation: Situation, one: Conflict | Breach | Awaited) -> Matter:
    record = situation.get(KINDS[one.kind], one.id) if one.kind in KINDS else None
    owner = getattr(record, "incident", None)
    subject = (situation.get(Incident, owner) if owner else None) or record
    named = one.incidents if isinstance(one, Breach) else ()
    incidents = tuple(found for name in named if (found := situation.get(Incident, name)) is not None)
    return Matter(one, record, subject, incidents)
