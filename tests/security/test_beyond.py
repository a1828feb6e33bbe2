"""Whatever an entry calls itself, it changes no more than that act may: at the station that writes it, at the hub and
at every peer that is brought what a tampered station let pass, by line or by stick."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.hubs import enrolled_station, running_hub
from tests.laws.apart import passing_folder
from tests.security.honest import HONEST, ROOTED, honest
from tests.security.test_matrix_cells import CITY, PEOPLE, STREET, LetsAllPass, own_name
from workstation.attachments import Shelf
from workstation.domain.clock import ManualClock, iso
from workstation.domain.draft import Change, Draft, Value
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident
from workstation.journal import Journal, NotAllowed
from workstation.journal.fault import Fault
from workstation.security.permission import matrix
from workstation.situation import AuditFilter
from workstation.station import Station
from workstation.sync.bundle import Carrier, import_bundle
from workstation.sync.bundle_writing import Order, export_bundle
from workstation.sync.hub_address import HubAddress
from workstation.sync.peer import Peer
from workstation.sync.rounds import pull_all, push_all

TIME = "2026-11-24T12:00:00Z"
ENDS = ("closed", "false_report", "handed_over")
ANSWERED_WITH = {"incident.level.set", "incident.merge", "report.unmerge", *(f"incident.state.{end}" for end in ENDS)}
"""The acts that are proposed: who does one by approving it answers in the same entry, if he may do both."""
SMUGGLED: dict[tuple[str, str, Value], set[str]] = {
    ("incident", "level", "I"): {"incident.level.set"},
    ("incident", "state", "closed"): {"incident.state.closed", "report.unmerge"},
    ("incident", "closed_at", TIME): {"incident.state.closed"},
    ("incident", "grade", "I"): set(),
    ("incident", "deaths", 0): {"incident.casualties.set"},
    ("incident", "evacuation", True): set(),
    ("incident", "signed_by", "li"): set(),
    ("incident", "deleted", True): set(),
    ("report", "incident", "i2"): {"report.accept", "incident.merge", "report.unmerge"},
    ("approval", "state", "approved"): {"approval.answer", *ANSWERED_WITH},
    ("document", "made_by", "li"): set(),
    ("log", "text", "y"): set(),
    ("access", "user", "li"): set(),
    ("deletion", "confirmed_by", "li"): set(),
    ("erasure", "reason", "y"): set(),
    ("attachment", "deleted", True): {"attachment.remove", "retention.delete"},
    ("incident", "restricted", False): {"incident.lift_restriction"},
    ("member", "account", "wang"): {"member.add", "incident.restrict"},
    ("member", "deleted", True): {"member.remove", "incident.lift_restriction"},
    ("account", "state", "active"): set(),
    ("grant", "role", "SUP"): set(),
    ("station", "region", CITY): set(),
    ("root", "digest", "y"): set(),
}
"""What somebody puts into an entry beside its own change, and the acts that may change it."""

SAID: dict[str, Value] = {
    "restricted": True,
    "closed_at": "2026-11-23T12:00:00Z",
    "deaths": 9,
    "evacuation": False,
    "deleted": False,
}
"""What was said of those fields before; of all others, x."""


def author_of(act: str) -> str:
    """Somebody to whom the act is granted without anybody else's word, be it a rule of the station."""
    row = matrix().permissions[matrix().acts[act]]
    role = next(role for role, cell in row.items() if cell.may == "allow")
    return "rule:test" if role == "STATION" else role.lower()


def smuggled(own: str, base: str) -> Iterator[tuple[bool, Draft]]:
    """An entry of every act with every change put in; whether the act may change that by its table."""
    for number, (act, (change, acts)) in enumerate((act, one) for act in HONEST for one in SMUGGLED.items()):
        changes = (honest(act, f"{own}-{number}"), Change(change[0], "flood", *change[1:], (base,)))
        is_within = act in acts and act not in ROOTED
        yield is_within, Draft(author_of(act), act, changes, scope=STREET)


def found_authority(hub: Station, clock: ManualClock) -> None:
    """One account of each role, and one record of each kind of which the root has spoken."""
    end = clock.now().replace(year=clock.now().year + 1)
    valid = {"level": 4, "valid_from": iso(clock.now()), "valid_to": iso(end), "purposes": ["duty"]}
    drafts = [
        Draft("sec", "station.enrol", set_fields("station", code, region=CITY, level=4)) for code in ("JD03", "ZX")
    ]
    for role in PEOPLE:
        login = role.lower()
        drafts.append(Draft("sec", "account.create", set_fields("account", login, state="active")))
        terms = {"account": login, "role": role, "region": CITY, **valid}
        drafts.append(Draft("sec", "grant.give", set_fields("grant", f"g-{login}", **terms)))
    known = [(kind, field, SAID.get(field, "x")) for kind, field, _ in SMUGGLED if kind != "root"]
    drafts += [Draft("sec", "test", set_fields(kind, "flood", **{field: value})) for kind, field, value in known]
    hub.write(drafts).result()


@pytest.fixture
def governed():
    """A hub, its line to a street's station, and a centre without any line."""
    clock = ManualClock(datetime(2026, 11, 24, 11, 40, tzinfo=UTC))
    with passing_folder() as place, running_hub(place, clock) as (hub, url):
        street, centre = (enrolled_station(place, code, hub, url, clock) for code in ("JD03", "ZX"))
        found_authority(hub.station, clock)
        clock.advance(1)
        peer = Peer(HubAddress(url, b""), street.space.identity(), clock)
        pull_all(street, peer, lambda: False)
        other = Peer(HubAddress(url, b""), centre.space.identity(), clock)
        pull_all(centre, other, lambda: False)
        yield hub.station, street, peer, centre, place / "stick"
        for one in (peer, other):
            one.close()
        street.stop()
        centre.stop()


def base_of(journal: Journal) -> str:
    """An entry of the root, as what an author had seen."""
    return next(f"{station}/{incarnation}/9" for station, incarnation in journal.exchange.heads() if station == "HUB")


def standing(station: Station) -> tuple[str, list[Fault]]:
    """All that is folded there, and what a proof finds fault with."""
    return station.ask(lambda journal: (journal.digest(), list(journal.verify()))).result()


def test_an_entry_of_every_act_is_taken_where_it_is_written(governed) -> None:
    _, street, *_ = governed

    def refused(journal: Journal) -> dict[str, str]:
        found = {}
        for act in HONEST:
            try:
                change = honest(act, f"{own_name(journal)}-{act}")
                journal.append([Draft(author_of(act), act, (change,), scope=STREET)])
            except NotAllowed as error:
                found[act] = error.rule
        return found

    assert street.ask(refused).result() == dict.fromkeys(ROOTED, "authority.beyond")


def test_a_change_beyond_the_act_is_refused_where_it_is_written(governed) -> None:
    _, street, *_ = governed

    def reason(journal: Journal, draft: Draft) -> str:
        try:
            journal.append([draft])
        except NotAllowed as error:
            return error.rule
        return ""

    def wrong(journal: Journal) -> list[tuple[str, tuple[Change, ...]]]:
        every = [
            (is_within, one, reason(journal, one)) for is_within, one in smuggled(own_name(journal), base_of(journal))
        ]
        return [
            (one.act, one.changes)
            for is_within, one, said in every
            if said != ("" if is_within else "authority.beyond")
        ]

    assert street.ask(wrong).result() == []


def test_what_a_tampered_station_let_pass_counts_at_no_hub_and_no_peer_and_stands_on_record(governed) -> None:
    hub, street, peer, centre, stick = governed
    before = standing(hub), standing(centre)
    street.ask(lambda journal: journal.judge_by(LetsAllPass)).result()
    own, base = street.ask(own_name).result(), street.ask(base_of).result()
    forged = [one for is_within, one in smuggled(f"{own}-forged", base) if not is_within]
    street.write(forged).result()
    push_all(street, peer, lambda: False)
    carry(street, centre, stick)
    assert (standing(hub), standing(centre)) == before
    for station in (hub, centre):
        verdicts = station.ask(lambda journal: [one.refused for one in told(journal)]).result()
        assert verdicts == ["authority.beyond"] * len(forged)


def told(journal: Journal):
    """What the audit trail shows of the street's last entries: the forged ones."""
    found = journal.situation.audit(AuditFilter(station="JD03"), limit=10_000)
    return [one for one in found if any("-forged-" in change.id for change in one.changes)]


def test_a_verdict_struck_out_by_hand_is_found_and_folds_to_nothing(governed) -> None:
    hub, street, peer, *_ = governed
    street.ask(lambda journal: journal.judge_by(LetsAllPass)).result()
    base = street.ask(base_of).result()
    change = Change("incident", "flood", "level", "II", (base,))
    [entry] = street.write([Draft("op", "log.write", (change,), scope=STREET)]).result()
    push_all(street, peer, lambda: False)

    def struck_out(journal: Journal) -> tuple[set[str], str | None]:
        before = {one.where for one in journal.verify()}
        connection = journal.store.connection
        connection.execute("update entry set refused = '' where seq = ? and refused <> ''", [entry.seq])
        connection.execute("update incident set level = 'II' where id = 'flood'")
        found = {one.where for one in journal.verify()} - before
        journal.rebuild()
        return found, journal.situation.get(Incident, "flood").level

    assert hub.ask(struck_out).result() == ({entry.ref, "incident flood"}, "x")


def carry(writer: Station, taker: Station, stick) -> None:
    export_bundle(carrier(writer), stick, Order((taker.name,)))
    import_bundle(carrier(taker), stick)


def carrier(station: Station) -> Carrier:
    space = station.space
    return Carrier(station, space.identity(), space.sealer(), Shelf(space.attachments))
