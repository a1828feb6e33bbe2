"""The personal values that are in sight at this desk, each until its time is over; they are kept nowhere else."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workstation.commands.access import SEEN_FOR, Sight


@dataclass(frozen=True, slots=True)
class InSight:
    """One value in clear, for whom and what it was asked, and since when."""

    sight: Sight
    text: str = field(repr=False)
    since: datetime

    def left(self, now: datetime) -> timedelta:
        """How long it may still be seen; nothing where the clock was set back before it was shown."""
        return SEEN_FOR - (now - self.since) if now >= self.since else timedelta(0)


class Sights:
    """By report and field."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], InSight] = {}

    def keep(self, sight: Sight, text: str, now: datetime) -> None:
        self._held[sight.report, sight.field] = InSight(sight, text, now)

    def of(self, report: str, field: str, now: datetime) -> InSight | None:
        """What of it is in sight now."""
        self.drop_over(now)
        return self._held.get((report, field))

    def drop_over(self, now: datetime) -> None:
        """Forget what is over, whichever report it is of."""
        self._held = {key: one for key, one in self._held.items() if one.left(now) > timedelta(0)}

    def mask(self, report: str, field: str) -> None:
        """Mask one again before its time is over."""
        self._held.pop((report, field), None)

    def forget(self) -> None:
        """Mask everything: the desk is locked, or somebody else comes."""
        self._held.clear()
