"""What has been kept long enough: listed by rule, confirmed by a named person, deleted with a record of what it was."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from workstation.commands.seat import Command, Seat
from workstation.content import folder, read_yaml
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.errors import ContentError, Refused
from workstation.domain.records import Attachment, Deletion
from workstation.situation import Situation

FILE = "retention.yaml"
ATTACHMENT, OBSERVATION = "attachment", "observation"
MAY_CONFIRM = ("SUP", "SEC")


@dataclass(frozen=True, slots=True)
class Rule:
    """`what` is kept for `days`; of attachments those of `sources` that are `linked` to an incident or not."""

    name: str
    what: str
    days: int
    sources: tuple[str, ...] = ()
    linked: bool = False

    def before(self, now: datetime) -> datetime:
        """What is older than this has been kept long enough."""
        return now - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Expired:
    """What a rule would delete: the ids of attachments; of observations their number and digest alone."""

    rule: Rule
    before: datetime
    count: int
    sha256: str
    ids: tuple[str, ...] = field(default=(), repr=False)


def read_rules() -> tuple[Rule, ...]:
    """The rules of `resources/retention.yaml`. Raises ContentError naming the rule that is wrong."""
    told = read_yaml(folder("resources") / FILE)["rules"]
    return tuple(_rule(name, fields) for name, fields in told.items())


def expired(situation: Situation, now: datetime, rules: Iterable[Rule]) -> list[Expired]:
    """What the rules about attachments would delete now; a rule that finds nothing is left out."""
    found = (_attachments(situation, rule, rule.before(now)) for rule in rules if rule.what == ATTACHMENT)
    return [one for one in found if one.count]


def delete_expired(confirmed: Expired) -> Command:
    """Delete what was listed. Refused: `retention.role`; `retention.changed` where the list is no longer that one."""

    def command(seat: Seat) -> Draft:
        if seat.role.upper() not in MAY_CONFIRM:
            raise Refused("retention.role")
        rule = confirmed.rule
        if rule.what == ATTACHMENT:
            now = _attachments(seat.situation, rule, confirmed.before)
            if now.sha256 != confirmed.sha256:
                raise Refused("retention.changed", before=confirmed.count, now=now.count)
        record = Deletion(
            id=f"deletion:{seat.new_id()}",
            rule=rule.name,
            what=rule.what,
            count=confirmed.count,
            sha256=confirmed.sha256,
            before=confirmed.before,
            confirmed_by=seat.author,
            confirmed_at=seat.now,
        )
        gone = (change for one in confirmed.ids for change in set_fields(ATTACHMENT, one, deleted=True))
        return Draft(seat.author, "retention.delete", (*changes_of(record), *gone), rule.name, scope=seat.scope)

    return command


def set_digest(ids: Sequence[str]) -> str:
    """SHA-256 of a set: its ids, sorted, one a line."""
    return hashlib.sha256("".join(f"{one}\n" for one in sorted(ids)).encode()).hexdigest()


def _attachments(situation: Situation, rule: Rule, before: datetime) -> Expired:
    """What nobody dated is not known to be old, and stays."""
    ids = tuple(
        one.id
        for one in situation.find(Attachment, source=rule.sources)
        if (one.incident is not None) == rule.linked and one.added_at is not None and one.added_at < before
    )
    return Expired(rule, before, len(ids), set_digest(ids), ids)


def _rule(name: str, told: dict[str, Any]) -> Rule:
    try:
        rule = Rule(name, told["what"], told["days"], tuple(told.get("sources", ())), told.get("linked", False))
    except (KeyError, TypeError) as error:
        raise ContentError(FILE, name, f"needs what and days ({error})") from error
    if rule.what not in (ATTACHMENT, OBSERVATION) or type(rule.days) is not int or rule.days < 1:
        raise ContentError(FILE, name, "keeps attachment or observation, for whole days")
    if (rule.what == ATTACHMENT) != bool(rule.sources):
        raise ContentError(FILE, name, "names sources for attachments, and for them alone")
    return rule
