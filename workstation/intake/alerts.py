"""Alerts as they are kept: each message once, with what later messages of its sender did to it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from workstation.domain.draft import Change, Draft
from workstation.domain.encoding import changes_of, differences, set_fields
from workstation.domain.records import Alert
from workstation.feeds.chains import Turn, follow
from workstation.situation import Situation

OUR_FIELDS = {"state", "replaced_by"}


def alert_drafts(alerts: Sequence[Alert], situation: Situation, author: str) -> list[Draft]:
    """One draft an alert that is new or says something else: its fields, and what it does to the known ones."""
    chains: dict[str | None, dict[str, Alert]] = {}
    drafts = []
    for alert in alerts:
        if alert.sender not in chains:
            chains[alert.sender] = {known.id: known for known in situation.find(Alert, sender=alert.sender)}
        chain = chains[alert.sender]
        before = chain.get(alert.id)
        if before is not None and not _says_more(before, alert):
            continue
        turns = follow(chain.values(), alert)
        changes = [*differences(before, alert), *_opening(before, alert, turns), *_turned(chain, turns)]
        kept = before or alert
        chain[alert.id] = replace(alert, state=kept.state, replaced_by=kept.replaced_by)
        if changes:
            drafts.append(Draft(author, "alert.receive", tuple(changes)))
    return drafts


def _says_more(before: Alert, alert: Alert) -> bool:
    """Whether a copy of a message tells more than the one kept: the full text after a line of an index.

    A message never changes once it is sent; what its sender has to add comes as an update. Copies differ by their
    signature or wrapping, and reading them in turn must not make an entry each time.
    """
    return _known_fields(alert) > _known_fields(before) - OUR_FIELDS


def _known_fields(alert: Alert) -> set[str]:
    """The fields that hold something, and how many info blocks there are."""
    return {change.field for change in changes_of(alert)} | {f"info {n}" for n in range(len(alert.infos or ()))}


def _opening(before: Alert | None, alert: Alert, turns: Iterable[Turn]) -> tuple[Change, ...]:
    """A message nothing has answered yet is active."""
    if before is not None or any(turn.alert_id == alert.id for turn in turns):
        return ()
    return set_fields("alert", alert.id, state="active")


def _turned(chain: dict[str, Alert], turns: Iterable[Turn]) -> Iterable[Change]:
    for turn in turns:
        known = chain.get(turn.alert_id)
        if known is None or (known.state, known.replaced_by) != (turn.state, turn.by):
            yield from set_fields("alert", turn.alert_id, state=turn.state, replaced_by=turn.by)
