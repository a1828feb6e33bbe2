"""What a batch becomes: the same tables however it is cut, and nothing of what proves nothing."""

from dataclasses import replace

import pytest

from tests.journal.contract.parties import Open, Parties, edit, sent
from tests.journals import exchange
from workstation.domain.clock import ManualClock
from workstation.domain.records import Incident
from workstation.journal import BatchRefused, Journal
from workstation.journal.taking import A_FEW


class Merged(Parties):
    def test_many_entries_at_once_are_the_same_as_one_by_one(self, pair: tuple[Journal, Journal]) -> None:
        centre, street = pair
        centre.append([edit(f"i{number % 250}", title=f"第{number}报", deaths=number) for number in range(700)])
        for number in range(0, 300, 3):
            centre.append([edit(f"i{number % 250}", summary=f"{number}")])
        for after in range(0, centre.own.seq, 400):
            batch = centre.exchange.run("ZX", centre.own.incarnation, after, 400)
            while batch and batch.first <= after + 400:
                street.accept(batch)
                batch = centre.exchange.run("ZX", centre.own.incarnation, batch.last, 400)
        assert street.digest() == centre.digest()
        assert street.situation.count(Incident) == 250
        assert list(street.verify()) == []

    def test_a_long_batch_is_folded_in_parts_as_if_each_entry_came_alone(self, pair, open_: Open) -> None:
        centre, street = pair
        some = A_FEW * 2 + 1
        centre.append([edit(f"i{number}", title="积水") for number in range(some)])
        street.append([edit("i1", title="道路积水")])
        centre.append([edit(f"i{number}", title=f"加深{number}") for number in range(0, some, 3)])
        exchange(street, centre)
        centre.append([edit("i1", title="已排除")])
        street.accept(sent(centre))
        exchange(centre, street)
        assert street.digest() == centre.digest()
        assert [list(one.verify()) for one in pair] == [[], []]

    def test_a_batch_may_come_any_number_of_times(self, pair: tuple[Journal, Journal]) -> None:
        centre, street = pair
        centre.append([edit(title="积水")])
        assert len(street.accept(sent(centre)).entries) == 1
        assert street.accept(sent(centre)).entries == ()

    @pytest.mark.parametrize("what", ["chain", "signature", "gap", "unknown_station"])
    def test_a_batch_that_proves_nothing_is_refused(self, pair: tuple[Journal, Journal], what: str) -> None:
        centre, street = pair
        centre.append([edit(title="积水")])
        centre.append([edit(title="积水加深")])
        batch = sent(centre, 1 if what == "gap" else 0)
        forged = {
            "chain": replace(
                batch, entries=(batch.entries[0]._replace(content=b'["x","y","","",[]]'), *batch.entries[1:])
            ),
            "signature": replace(batch, signature=bytes(64)),
            "gap": batch,
            "unknown_station": replace(batch, station="JD09"),
        }[what]
        with pytest.raises(BatchRefused, match=what):
            street.accept(forged)
        assert street.situation.count(Incident) == 0
        assert len(street.accept(sent(centre)).entries) == 2

    def test_what_was_said_apart_stays_open_until_it_is_decided(self, pair, clock: ManualClock) -> None:
        centre, street = pair
        centre.append([edit(title="积水", level="IV")])
        exchange(centre, street)
        centre.append([edit(level="II")])
        clock.advance(5)
        street.append([edit(level="III", title="积水加深")])
        exchange(centre, street)
        for journal in pair:
            (conflict,) = journal.situation.conflicts(state="open")
            assert {(claim.station, claim.value) for claim in conflict.heads} == {("ZX", "II"), ("JD03", "III")}
            assert journal.situation.get(Incident, "flood").level == "II"
        centre.append([edit(level="III")])
        exchange(centre, street)
        assert [one.state for one in street.situation.conflicts()] == ["decided"]
        assert centre.digest() == street.digest()
        assert list(street.verify()) == []
