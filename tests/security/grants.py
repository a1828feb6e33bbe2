"""Grants and requests at one noon, and what the matrix of the shipped content says of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from workstation.content import folder, read_yaml
from workstation.domain.records import Grant
from workstation.security.authority import (
    Matrix,
    Outcome,
    Request,
    decide,
    read_matrix,
)

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
CITY, DISTRICT, STREET, NEIGHBOUR, CELL = "990100", "990101", "990101003", "990101004", "990101003001002"
ROLES = ("OP", "SUP", "ST", "GRID", "EXP", "SYS", "SEC", "AUD")


@cache
def matrix() -> Matrix:
    return read_matrix(read_yaml(folder("resources") / "authority.yaml"))


def grant(role: str = "OP", region: str = CITY, level: int = 4, **said: object) -> Grant:
    whole = Grant(
        id="grant:1",
        account="account:1",
        role=role,
        region=region,
        level=level,
        purposes=["duty"],
        valid_from=NOON - timedelta(days=1),
        valid_to=NOON + timedelta(days=364),
    )
    return replace(whole, **said)  # type: ignore[arg-type]


def request(act: str = "read_incident", region: str = STREET, data_class: int = 2, **said: object) -> Request:
    return replace(Request(act=act, region=region, data_class=data_class, at=NOON, purpose="duty"), **said)  # type: ignore[arg-type]


def outcome(asked: Request, *given_: Grant) -> Outcome:
    return decide(asked, given_, matrix()).outcome


def missing(asked: Request, *given_: Grant) -> tuple[str, ...]:
    return decide(asked, given_, matrix()).missing
