"""Contents that follow their headers: asked for by urgency, taken in any order, and in the end all there."""

from dataclasses import replace

from tests.journal.contract.parties import Open, Parties, close, edit, sent
from tests.journals import exchange, identity
from tests.long_past import OPEN, Shown, drawn_in, long_over, not_over
from workstation.domain.clock import ManualClock
from workstation.domain.records import Incident
from workstation.journal import Batch, Filling, Journal, Want, everything, urgent
from workstation.journal.codec import digest_of


def headers_of(batch: Batch) -> Batch:
    """The batch as it travels to those who are given the contents later."""
    headers = (one._replace(content=b"", digest=digest_of(one.content)) for one in batch.entries)
    return replace(batch, entries=tuple(headers))


class Followed(Parties):
    def test_content_that_follows_its_header_is_folded_as_if_it_had_come_at_once(self, pair) -> None:
        centre, street = pair
        centre.append([edit(title="积水")])
        centre.append([edit(title="积水加深")])
        batch = sent(centre)
        street.accept(headers_of(batch))
        assert street.situation.count(Incident) == 0
        assert list(street.verify()) == []
        for seq in (2, 1):
            street.fill(Filling("ZX", batch.incarnation, ((seq, batch.entries[seq - 1].content),)))
        assert street.digest() == centre.digest()
        assert list(street.verify()) == []

    def test_contents_may_follow_in_any_order_also_a_later_one_before_what_it_supersedes(self, pair) -> None:
        centre, street = pair
        for number in range(1, 5):
            centre.append([edit(title=f"第{number}报", level=("IV", "III")[number % 2])])
        batch = sent(centre)
        street.accept(headers_of(batch))
        for seqs in ((3, 2), (4, 1)):
            contents = tuple((seq, batch.entries[seq - 1].content) for seq in seqs)
            street.fill(Filling("ZX", batch.incarnation, contents))
        assert street.situation.conflicts() == []
        assert street.digest() == centre.digest()
        assert list(street.verify()) == []

    def test_contents_that_follow_are_asked_for_and_found_by_their_urgency(self, pair) -> None:
        centre, street = pair
        centre.append([edit("slow", title="积水"), edit("flood", title="被困", level="I", deaths=1)])
        lacking = centre.exchange.missing(street.exchange.heads(), Want(first=urgent))
        for batch in lacking:
            street.accept(batch)
        wanted = street.exchange.wanted()
        assert wanted == {("ZX", centre.own.incarnation): [(1, 1)]}
        assert street.exchange.awaited(wanted) == wanted
        for filling in centre.exchange.contents(wanted, Want()):
            street.fill(filling)
        assert (street.exchange.wanted(), street.digest()) == ({}, centre.digest())
        assert centre.exchange.backlog(street.exchange.heads()) == 0

    def test_what_is_current_comes_first_and_the_history_behind_it_changes_nothing_of_it(
        self, pair, open_: Open, clock: ManualClock
    ) -> None:
        centre, street = pair
        centre.append([*long_over(0, 100), *not_over()])
        exchange(centre, street)
        for journal, level in ((centre, "II"), (street, "III")):
            journal.append([edit(level=level, summary=level), edit("old3", level=level, title=level)])
        exchange(centre, street)
        centre.append([edit("old3", level="III")])
        clock.advance(90 * 86_400)
        centre.append([drawn_in("old7"), edit("old8", kind="unit", state="away")])
        exchange(centre, street)
        newcomer, in_order, there = open_("JD07"), open_("JD08"), Shown.of(centre)
        for one in (newcomer, in_order):
            one.pin_root(identity("HUB").public)
        while page := centre.exchange.missing(
            newcomer.exchange.heads(), Want(200, first=centre.exchange.first(newcomer.exchange.heads()))
        ):
            for batch in page:
                newcomer.accept(batch)
        here = Shown.of(newcomer)
        assert here.otherwise(there) == []
        assert here.inbox == there.inbox != []
        assert here.names("incident") == {*OPEN, "old7", "old97", "old98", "old99"}  # the units' last ones
        assert newcomer.exchange.deferred() > 500
        while wanted := newcomer.exchange.wanted(70):
            for filling in centre.exchange.contents(wanted, Want(70)):
                newcomer.fill(filling)
            assert Shown.of(newcomer).untrue(there) == []
        exchange(centre, in_order)
        assert newcomer.digest() == in_order.digest() == centre.digest()
        assert list(newcomer.verify()) == []
        close(newcomer, in_order)

    def test_what_is_mostly_current_travels_whole_unless_something_in_it_is_urgent(self, centre: Journal) -> None:
        centre.append([edit(f"l{number}", "log", text="到场") for number in range(600)])
        assert centre.exchange.first({}) is everything
        centre.append([edit(evacuation=True)])
        [batch] = centre.exchange.missing({}, Want(first=centre.exchange.first({})))
        assert [seq for seq, one in enumerate(batch.entries, 1) if one.content] == [601]

    def test_the_number_of_news_grows_also_with_contents_another_process_took(self, pair, open_: Open) -> None:
        centre, street = pair
        centre.append([edit(title="积水")])
        batch = sent(centre)
        street.accept(headers_of(batch))
        other, before = open_("JD03"), street.exchange.end()
        other.fill(Filling("ZX", batch.incarnation, ((1, batch.entries[0].content),)))
        assert street.exchange.end() > before
        other.close()
