"""A benchmark's house in which authority is granted: an operator of the whole city, who signs what he answers for, and
stations whose own rules open incidents. Each entry is judged by matrix, remit and grants, as in a real one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.benchmarks.rig import START
from workstation.domain.clock import WallClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.records import Account, Grant
from workstation.domain.region import ROOT
from workstation.journal import Journal
from workstation.security.keys import Identity
from workstation.station import Parts, Space, Station

CITY = "990100"
OPERATOR = Identity.from_seed("wang", bytes(range(32)))


def found(folder: Path) -> None:
    """The hub's space with the root's word in it, before the hub runs."""
    space, clock = Space.found(folder / "HUB", "HUB"), WallClock()
    now = clock.now()
    account = Account(id="wang", state="active", public_key=OPERATOR.public.hex(), created_at=now)
    terms = Grant(id="grant:wang", account="wang", role="OP", region=CITY, level=3, purposes=["duty"])
    span = set_fields("grant", terms.id, valid_from=now, valid_to=now + timedelta(days=300))
    said = (("account.create", changes_of(account)), ("grant.give", (*changes_of(terms), *span)))
    station = Station(space, clock, Parts())
    station.start()
    station.write([Draft("sec", act, changes, scope=ROOT) for act, changes in said]).result()
    station.stop()


def sits_down(station: Station) -> str:
    """The operator signs from now on at this station; how the names begin that it gives."""

    def work(journal: Journal) -> str:
        journal.vouching = lambda author: OPERATOR if author == OPERATOR.station else None
        return journal.new_id().rpartition("-")[0]

    return station.ask(work).result()


def evening(own: str, count: int, first: int = 0) -> Iterator[Draft]:
    """Entries as an evening brings them: half incidents that intake opens, half log lines that the operator writes."""
    for number in range(first, first + count):
        if number % 2:
            fields = set_fields("log", f"log:{own}-{number}", incident=f"i{number - 1}", text="到场")
            yield Draft("wang", "log.write", fields, scope=CITY)
        else:
            told = {"title": "人民路下穿积水", "type": "N02", "opened_at": START + timedelta(seconds=number)}
            fields = set_fields("incident", f"i{number}", state="reported", **told)
            yield Draft("rule:intake", "incident.open", fields, scope=CITY)


def counted(first: int, count: int, trapped: int) -> list[Draft]:
    """The operator says of `count` incidents how many are trapped; he signs each."""
    numbers = range(first, first + 2 * count, 2)
    told = [set_fields("incident", f"i{number}", trapped=trapped) for number in numbers]
    return [Draft("wang", "incident.casualties.set", fields, scope=CITY) for fields in told]
