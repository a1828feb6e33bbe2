"""A desk that takes calls: the form it fills, what it does, and what the rules refuse it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from workstation.commands.seat import Command, Seat
from workstation.domain.call import CallNotes
from workstation.domain.draft import Draft
from workstation.domain.errors import Refused
from workstation.domain.records import Incident
from workstation.journal import Journal
from workstation.words import catalogue

EVENING = datetime(2026, 11, 24, 11, 40, tzinfo=UTC)


def typed(**known: Any) -> CallNotes:
    """A call form as a desk fills it."""
    usual = {"at": EVENING, "place": "人民路下穿", "type": "N02", "text": "积水半米，两人被困"}
    return CallNotes(**usual | known)


def seat(journal: Journal, role: str = "OP") -> Seat:
    return Seat("张三", role, journal.identity.station, "", journal.clock.now(), journal.situation, journal.new_id)


def give(journal: Journal, command: Command, role: str = "OP") -> Draft:
    draft = command(seat(journal, role))
    journal.append([draft])
    return draft


def only(journal: Journal) -> Incident:
    (incident,) = journal.situation.find(Incident)
    return incident


def rule(journal: Journal, command: Command, role: str = "OP") -> str:
    with pytest.raises(Refused) as refused:
        command(seat(journal, role))
    assert f"refused.{refused.value.rule}" in catalogue()
    catalogue()[f"refused.{refused.value.rule}"]["zh"].format(**refused.value.details)
    return refused.value.rule
