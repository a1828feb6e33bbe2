"""Retention at one station: the list of what is old enough, and its deletion once somebody has confirmed it.

The record is written first: a power cut in between leaves a record of what is deleted at the next run, never a deletion
without a record.
"""

from workstation.attachments import Shelf
from workstation.attachments.upkeep import drop_removed
from workstation.commands.retention import OBSERVATION, Expired, Rule, delete_expired, expired
from workstation.domain.errors import Refused
from workstation.station import Station
from workstation.telemetry import Telemetry


class Retention:
    """Over a started station; `telemetry` writable."""

    def __init__(self, station: Station, telemetry: Telemetry, rules: tuple[Rule, ...]) -> None:
        self._station = station
        self._telemetry = telemetry
        self._rules = rules

    def listed(self) -> list[Expired]:
        """The dry run: what each rule would delete now."""
        now = self._station.clock.now()
        found = self._station.ask(lambda journal: expired(journal.situation, now, self._rules)).result()
        for rule in self._rules:
            if rule.what == OBSERVATION:
                count, sha256 = self._telemetry.expired(rule.before(now))
                found += [Expired(rule, rule.before(now), count, sha256)] if count else []
        return found

    def delete(self, confirmed: list[Expired], author: str, role: str) -> None:
        """Delete what was listed, on the word of `author`. Raises Refused."""
        for one in confirmed:
            if one.rule.what == OBSERVATION and self._telemetry.expired(one.before) != (one.count, one.sha256):
                raise Refused("retention.changed", before=one.count, now=self._telemetry.expired(one.before)[0])
            self._station.submit(delete_expired(one), author, role).result()
            if one.rule.what == OBSERVATION:
                while self._telemetry.purge(one.before):
                    continue
        shelf = Shelf(self._station.space.attachments)
        self._station.ask(lambda journal: drop_removed(journal.situation, shelf)).result()
