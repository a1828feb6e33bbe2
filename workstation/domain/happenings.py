"""What happens: incidents, reports about them, alerts from outside and alarms of our own."""

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.draft import Sealed, Value
from workstation.domain.levels import severity_rank
from workstation.domain.record import Located, Record, guarded, number_rank, open_rank, personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident(Located):
    number: str | None = None
    title: str | None = None
    type: str | None = None
    state: str | None = guarded(open_rank)
    level: str | None = guarded(severity_rank)
    grade: str | None = guarded(severity_rank)
    summary: str | None = None
    channel: str | None = None
    occurred_at: datetime | None = None
    opened_at: datetime | None = None
    activated_at: datetime | None = None
    ended_at: datetime | None = None
    closed_at: datetime | None = guarded()
    office: str | None = None
    owner: str | None = None
    deaths: int | None = guarded(number_rank)
    missing: int | None = guarded(number_rank)
    injured: int | None = guarded(number_rank)
    trapped: int | None = guarded(number_rank)
    evacuated: int | None = None
    evacuation: bool | None = guarded()
    signed_by: str | None = guarded()
    sensitive: bool | None = None
    restricted: bool | None = guarded()
    merged_into: str | None = None
    simulated: bool | None = None
    nearest: dict[str, Value] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedIncident(Incident):
    """A restricted incident to somebody who is no member of it: that it is there, whether anybody works on it yet, and
    nothing more."""

    is_vacant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Located):
    """Somebody's word about an incident coming in: a hotline call, a 311 request, a quake notice, an officer's word."""

    source: str | None = None
    external_id: str | None = None
    channel: str | None = None
    type: str | None = None
    severity: str | None = None
    title: str | None = None
    text: str | None = None
    text_full: str | Sealed | None = personal()
    occurred_at: datetime | None = None
    received_at: datetime | None = None
    reporter_name: str | Sealed | None = personal()
    reporter_phone: str | Sealed | None = personal()
    phone_digest: str | None = None
    plate: str | Sealed | None = personal()
    plate_digest: str | None = None
    magnitude: float | None = None
    depth_km: float | None = None
    url: str | None = None
    status: str | None = None
    incident: str | None = None
    proposed: str | None = None
    merge: str | None = None
    score: float | None = None
    score_parts: dict[str, Value] | None = None
    raw_digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert(Record):
    """A public warning message received as CAP. `infos` keeps every info block with every area; times are UTC."""

    source: str | None = None
    sender: str | None = None
    identifier: str | None = None
    sent: datetime | None = None
    status: str | None = None
    message_type: str | None = None
    scope: str | None = None
    references: list[Value] | None = None
    incidents: list[Value] | None = None
    event: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    severity: str | None = None
    urgency: str | None = None
    certainty: str | None = None
    colour: str | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    infos: list[Value] | None = None
    geometry: dict[str, Value] | None = None
    warnings: list[Value] | None = None
    state: str | None = None
    replaced_by: str | None = None
    raw_digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm(Located):
    """A limit crossed. `level` is the severity now, `peak` the worst reached; `stale` says the data have stopped."""

    sensor: str | None = None
    indicator: str | None = None
    threshold: str | None = None
    state: str | None = None
    level: str | None = None
    peak: str | None = None
    value: float | None = None
    limit: float | None = None
    unit: str | None = None
    observed_at: datetime | None = None
    raised_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    returned_at: datetime | None = None
    cleared_at: datetime | None = None
    stale: bool | None = None
    incident: str | None = None
