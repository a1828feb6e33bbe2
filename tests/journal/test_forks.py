"""A station that signed two entries under one reference is caught, proven, and shown."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from tests.journals import SEALER, enrolled, exchange, identity
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Fork, Incident
from workstation.journal import Batch, BatchRefused, Fault, Journal

Trio = tuple[Journal, Journal, Journal]


def say(journal: Journal, *names: str) -> None:
    for name in names:
        journal.clock.advance(1)  # type: ignore[attr-defined]
        journal.append([Draft("wang", "incident.open", set_fields("incident", name, title=name))])


def sent(journal: Journal, after: int = 0) -> Batch:
    batch = journal.exchange.run(journal.identity.station, journal.own.incarnation, after)
    assert batch is not None
    return batch


@pytest.fixture
def trio(tmp_path: Path, clock: ManualClock):
    """A street, and a centre with a twin that goes on as if it were the centre itself: each wrote two entries alone."""
    centre, street = enrolled(tmp_path, clock, "ZX", "JD03")
    say(centre, "i1", "i2")
    exchange(centre, street)
    centre.close()
    copytree(tmp_path / "ZX", tmp_path / "twin")
    files = (tmp_path / name / "journal.sqlite" for name in ("ZX", "twin"))
    centre, twin = (Journal(file, identity("ZX"), SEALER, clock) for file in files)
    say(centre, "i3", "i4")
    say(twin, "i3b", "i4b")
    yield centre, twin, street
    for journal in (centre, twin, street):
        journal.close()


def proved(street: Journal, batch: Batch) -> Fork:
    with pytest.raises(BatchRefused) as refused:
        street.accept(batch)
    assert refused.value.reason == "fork"
    (fork,) = street.situation.find(Fork)
    assert refused.value.ref == fork.id == f"ZX/{batch.incarnation}/3"
    return fork


@pytest.mark.parametrize("after", [0, 1, 2])
def test_the_second_of_two_heads_proves_the_fork(trio: Trio, after: int) -> None:
    centre, twin, street = trio
    street.accept(sent(centre))
    fork = proved(street, sent(twin, after))
    assert (fork.station, fork.seq, fork.found_by) == ("ZX", 3, "JD03")
    assert list(street.verify()) == []
    assert street.situation.get(Incident, "i3b") is None


def test_a_longer_branch_proves_it_as_well_as_a_shorter(trio: Trio) -> None:
    centre, twin, street = trio
    say(twin, "i5b", "i6b")
    street.accept(sent(centre))
    assert proved(street, sent(twin)).seq == 3
    assert list(street.verify()) == []


def test_a_shorter_branch_proves_it_as_well_as_a_longer(trio: Trio) -> None:
    centre, twin, street = trio
    say(centre, "i5", "i6")
    street.accept(sent(centre))
    short = sent(twin)
    assert proved(street, short).seq == 3
    assert list(street.verify()) == []


def test_a_fork_is_told_once_and_to_everybody(trio: Trio, tmp_path: Path, clock: ManualClock) -> None:
    centre, twin, street = trio
    street.accept(sent(centre))
    fork = proved(street, sent(twin))
    written = street.own.seq
    proved(street, sent(twin))
    assert street.own.seq == written
    exchange(street, centre)
    assert centre.situation.find(Fork) == [fork]
    assert list(centre.verify()) == []


def test_a_batch_spoiled_on_its_way_proves_nothing(trio: Trio) -> None:
    centre, _, street = trio
    street.accept(sent(centre))
    say(centre, "i5")
    batch = sent(centre)
    spoiled = replace(batch, entries=(*batch.entries[:-1], batch.entries[-1]._replace(content=b'["x","y","","",[]]')))
    with pytest.raises(BatchRefused, match="chain"):
        street.accept(spoiled)
    assert street.situation.find(Fork) == []


def test_nobody_without_the_stations_key_proves_a_fork(trio: Trio) -> None:
    centre, twin, street = trio
    street.accept(sent(centre))
    with pytest.raises(BatchRefused):
        street.accept(replace(sent(twin), signature=bytes(64)))
    assert street.situation.find(Fork) == []


def swap(proof: dict) -> None:
    proof["sides"][1] = proof["sides"][0]


def alter(proof: dict) -> None:
    proof["sides"][1]["headers"][0][0] += 1


def unsign(proof: dict) -> None:
    proof["sides"][1]["signature"] = "00" * 64


def empty(proof: dict) -> None:
    proof["sides"] = []


@pytest.mark.parametrize("spoil", [swap, alter, unsign, empty])
def test_a_told_fork_that_proves_nothing_is_named(trio: Trio, spoil: Callable[[dict], None]) -> None:
    centre, twin, street = trio
    street.accept(sent(centre))
    fork = proved(street, sent(twin))
    proof = json.loads(json.dumps(fork.proof))
    spoil(proof)
    street.append([Draft("JD03", "fork.find", set_fields("fork", fork.id, proof=proof))])
    assert Fault(f"fork {fork.id}", "its proof proves nothing") in list(street.verify())
