"""Every cell of the matrix where it has to hold: at the desk that writes, at the hub against a station that lets all
pass, at the hub when a station asks to read, and in what the administration's pages promise.

What is expected is told here once more, straight from the file's rows, so that the rule has something to be held to.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import NamedTuple

import pytest

from tests.hubs import enrolled_station, running_hub
from tests.laws.apart import passing_folder
from tests.security.honest import ROOTED, honest
from workstation.content import folder, read_yaml
from workstation.domain.clock import ManualClock, iso
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.entry import Entry
from workstation.domain.records import Grant, Incident
from workstation.journal import Journal, NotAllowed
from workstation.journal.codec import decode_content
from workstation.security.permission import matrix
from workstation.security.preview import preview
from workstation.station import Station
from workstation.sync.hub_address import HubAddress
from workstation.sync.peer import Peer
from workstation.sync.rounds import pull_all, push_all

CITY, DISTRICT, STREET, NEIGHBOUR = "990100", "990101", "990101003", "990101004"
CLASSES = (1, 2, 3, 4)
FILE = read_yaml(folder("resources") / "authority.yaml")
PEOPLE = [role for role in FILE["roles"] if role != "STATION"]
ACTS = {permission: acts[0] for permission, acts in FILE["acts"].items()}
"""One act of each permission by which something is written."""


class Holder(NamedTuple):
    """An account and all that it was granted."""

    role: str
    region: str
    level: int
    purpose: str

    @property
    def login(self) -> str:
        return f"{self.role}-{self.region}-{self.level}-{self.purpose}"


class Asked(NamedTuple):
    """What a holder tries, written at the station of the street."""

    holder: Holder
    permission: str
    scope: str
    data_class: int

    @property
    def name(self) -> str:
        return f"{self.holder.login}/{self.permission}/{self.scope}/{self.data_class}"

    def draft(self, own: str, mark: str = "") -> Draft:
        """`own` is the name of the station and its incarnation, as what it writes is named."""
        act, name = ACTS[self.permission], f"{self.name}{mark}"
        changes = (honest(act, f"{own}-{name}"),)
        return Draft(self.holder.login, act, changes, name, scope=self.scope, data_class=self.data_class)


def holders() -> list[Holder]:
    return [Holder(*one) for one in product(PEOPLE, (CITY, STREET), CLASSES, ("duty", "rescue"))]


def everything() -> Iterator[Asked]:
    """A purpose is asked for from class 3: below, one purpose is as good as the other."""
    for holder, permission, scope, data_class in product(holders(), ACTS, (STREET, NEIGHBOUR, DISTRICT), CLASSES):
        if data_class >= 3 or holder.purpose == "duty":
            yield Asked(holder, permission, scope, data_class)


def is_expected(asked: Asked) -> bool:
    """By the file's row: the role has the cell and needs nobody for it; region, level, class, purpose and, for what is
    of an incident or one's own, the street's station. What is the root's is nobody's at a street."""
    cell, (role, region, level, purpose) = FILE["permissions"][asked.permission].get(asked.holder.role), asked.holder
    may, cap = (cell["may"], cell.get("level", 4)) if isinstance(cell, dict) else (cell, 4)
    is_own = asked.scope == STREET
    return (
        ACTS[asked.permission] not in ROOTED
        and (may == "allow" or (may == "own" and is_own))
        and asked.scope.startswith(CITY[:4] if region == CITY else region)
        and asked.data_class <= min(level, cap)
        and (asked.data_class < 3 or (purpose == "duty" and is_own))
        and role in FILE["roles"]
    )


class LetsAllPass:
    """The bench of a station somebody has tampered with."""

    def learn(self, entry: Entry) -> None: ...

    def look_ahead(self, entry: Entry) -> None: ...

    def region(self, entry: Entry) -> str:
        return ""

    def unheard(self, entry: Entry) -> int:
        return 0

    def verdict(self, entry: Entry, past: object) -> str:
        return ""


def own_name(journal: Journal) -> str:
    return f"{journal.own.station}-{journal.own.incarnation}"


def grant_all(hub: Station, clock: ManualClock) -> None:
    end = clock.now().replace(year=clock.now().year + 1)
    drafts = [Draft("sec", "station.enrol", set_fields("station", "JD03", region=STREET, level=4))]
    for one in holders():
        terms = {"account": one.login, "role": one.role, "region": one.region, "level": one.level}
        valid = {"valid_from": iso(clock.now()), "valid_to": iso(end), "purposes": [one.purpose]}
        drafts.append(Draft("sec", "account.create", set_fields("account", one.login, state="active")))
        drafts.append(Draft("sec", "grant.give", set_fields("grant", f"g-{one.login}", **terms, **valid)))
    hub.write(drafts).result()


@pytest.fixture(scope="module")
def governed():
    """A hub at which every kind of account is granted, a street's station, and its line to the hub."""
    clock = ManualClock(datetime(2026, 11, 24, 11, 40, tzinfo=UTC))
    with passing_folder() as place, running_hub(place, clock) as (hub, url):
        street = enrolled_station(place, "JD03", hub, url, clock)
        grant_all(hub.station, clock)
        clock.advance(1)
        peer = Peer(HubAddress(url, b""), street.space.identity(), clock)
        pull_all(street, peer, lambda: False)
        yield hub.station, street, peer
        peer.close()
        street.stop()


def test_every_cell_is_kept_where_it_is_written(governed) -> None:
    _, street, _ = governed

    def is_taken(journal: Journal, asked: Asked) -> bool:
        try:
            return bool(journal.append([asked.draft(own_name(journal))]))
        except NotAllowed:
            return False

    def wrong(journal: Journal) -> list[Asked]:
        return [asked for asked in everything() if is_taken(journal, asked) != is_expected(asked)]

    assert street.ask(wrong).result() == []
    assert sum(map(is_expected, everything())) > 1000


def test_every_cell_is_kept_by_the_hub_when_a_station_lets_all_pass(governed) -> None:
    hub, street, peer = governed
    asked = {f"{one.name}!": one for one in everything()}
    own = street.ask(own_name).result()
    drafts = [one.draft(own, "!") for one in asked.values()]
    street.ask(lambda journal: journal.judge_by(LetsAllPass)).result()
    for start in range(0, len(drafts), 5000):
        street.write(drafts[start : start + 5000]).result()
    push_all(street, peer, lambda: False)

    def counted(journal: Journal) -> set[str]:
        sql = "select content from entry where refused = '' and content like '%!%'"
        return {decode_content(row[0])[2] for row in journal.store.connection.execute(sql)}

    expected = {name for name, one in asked.items() if is_expected(one)}
    assert hub.ask(counted).result() == expected
    refused = hub.ask(
        lambda journal: journal.store.connection.execute("select count(*) from entry where refused <> ''")
    )
    assert refused.result().fetchone()[0] == len(asked) - len(expected)


def test_every_cell_of_what_a_station_may_read_is_kept_by_the_hub(tmp_path, clock) -> None:
    """Region and level of the station by region and class of the entry: its street, and what stands above it."""
    regions = (CITY, DISTRICT, STREET, NEIGHBOUR)
    with running_hub(tmp_path, clock) as (hub, url):
        written = list(product(regions, CLASSES))
        centre = enrolled_station(tmp_path, "ZX", hub, url, clock)
        for scope, data_class in written:
            fields = set_fields("incident", f"{scope}-{data_class}", title="x")
            centre.write([Draft("wang", "incident.open", fields, scope=scope, data_class=data_class)]).result()
        far = Peer(HubAddress(url, b""), centre.space.identity(), clock)
        push_all(centre, far, lambda: False)
        far.close()
        centre.stop()
        for number, (region, level) in enumerate(product(regions, CLASSES)):
            name = f"JD{number:02}"
            station = enrolled_station(tmp_path, name, hub, url, clock)
            enrolment = set_fields("station", name, region=region, level=level)
            hub.station.write([Draft("HUB", "station.enrol", enrolment)]).result()
            peer = Peer(HubAddress(url, b""), station.space.identity(), clock)
            pull_all(station, peer, lambda: False)
            peer.close()
            found = station.ask(lambda journal: {one.id for one in journal.situation.find(Incident)}).result()
            near = (CITY, DISTRICT, region) if region in (STREET, NEIGHBOUR) else regions
            assert found == {f"{scope}-{one}" for scope, one in written if scope in near and one <= level}
            assert station.ask(lambda journal: list(journal.verify())).result() == []
            station.stop()


@pytest.mark.parametrize("holder", holders(), ids=lambda one: one.login)
def test_every_cell_is_what_the_administration_is_shown_of_a_grant(holder: Holder) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    terms = {"role": holder.role, "region": holder.region, "level": holder.level, "purposes": [holder.purpose]}
    grant = Grant(id="g", account="a", valid_from=now, valid_to=now + timedelta(days=1), **terms)  # type: ignore[arg-type]
    shown = {right.permission: (right.outcome.value, right.level) for right in preview([grant], now, matrix()).rights}
    words = {"allow": "allowed", "own": "allowed", "propose": "proposal", "request": "proposal", "approve": "approval"}
    expected = {}
    for permission, row in FILE["permissions"].items():
        cell = row.get(holder.role)
        may, cap = (cell["may"], cell["level"]) if isinstance(cell, dict) else (cell, 4)
        if may:
            expected[permission] = (words.get(may, may), min(holder.level, cap))
    assert shown == expected
