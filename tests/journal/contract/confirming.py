"""What another confirmed: remembered, forgotten when he lost it, and written only when it is news."""

from tests.journal.contract.parties import Parties, edit
from workstation.journal import Journal


class Confirmed(Parties):
    def test_what_another_confirmed_is_remembered_and_forgotten_when_it_lost_it(self, centre: Journal) -> None:
        centre.append([edit(title="积水")])
        name = ("ZX", centre.own.incarnation)
        centre.exchange.receipt("HUB", {name: 1, ("JD03", "a"): 7})
        centre.exchange.receipt("HUB", {name: 1, ("JD03", "a"): 9})
        assert centre.exchange.confirmed("HUB") == {name: 1, ("JD03", "a"): 9}
        centre.exchange.summarised("HUB", {name: 1, ("JD03", "a"): 8})
        assert centre.exchange.confirmed("HUB") == {name: 1, ("JD03", "a"): 8}
        centre.exchange.summarised("HUB", {name: 1})
        assert centre.exchange.confirmed("HUB") == {name: 1}

    def test_a_round_that_confirms_nothing_new_writes_nothing(self, centre: Journal) -> None:
        centre.append([edit(title="积水")])
        heads = centre.exchange.heads()
        centre.exchange.summarised("HUB", heads)
        centre.clock.advance(60)
        centre.exchange.summarised("HUB", heads)
        rows = centre.store.connection.execute("select seq, at from receipt").fetchall()
        assert [tuple(row) for row in rows] == [(1, "2026-11-24T11:40:00.000Z")]
