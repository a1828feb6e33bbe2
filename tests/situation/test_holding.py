"""Where an entry is: here alone until somebody confirms it, then at the centre, then at the stations that have it."""

from contextlib import ExitStack
from pathlib import Path

from tests.journals import enrolled
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.journal import Journal
from workstation.situation import Whereabouts


def wrote(journal: Journal, record: str) -> str:
    """The reference of an entry about a record."""
    [entry] = journal.append([Draft("wang", "log.write", set_fields("log", record, text="到场"))])
    return f"{entry.station}/{entry.incarnation}/{entry.seq}"


def where(journal: Journal, ref: str) -> Whereabouts:
    return journal.situation.holding(journal.identity.station).of(ref)


def test_an_entry_is_only_here_until_the_centre_confirms_it_and_later_ones_still_are(
    tmp_path: Path, clock: ManualClock
) -> None:
    with ExitStack() as stack:
        street, other = enrolled(tmp_path, clock, "JD03", "JD01")
        stack.callback(street.close)
        stack.callback(other.close)
        first = wrote(street, "l1")
        assert where(street, first).is_only_here
        street.exchange.receipt("HUB", street.exchange.heads())
        later = wrote(street, "l2")
        assert where(street, first) == Whereabouts(True, ())
        assert where(street, later) == Whereabouts(False, ())


def test_who_else_confirmed_it_is_named_in_order_and_who_wrote_it_holds_it(tmp_path: Path, clock: ManualClock) -> None:
    [hub_known] = enrolled(tmp_path, clock, "ZX")
    ref = wrote(hub_known, "l1")
    for peer in ("JD03", "JD01"):
        hub_known.exchange.receipt(peer, hub_known.exchange.heads())
    assert where(hub_known, ref) == Whereabouts(False, ("JD01", "JD03"))
    assert not where(hub_known, ref).is_only_here
    assert where(hub_known, "JD05/abcd/1") == Whereabouts(False, ("JD05",))
    hub_known.close()


def test_what_a_peer_lost_again_is_not_said_to_be_there(tmp_path: Path, clock: ManualClock) -> None:
    [station] = enrolled(tmp_path, clock, "ZX")
    ref = wrote(station, "l1")
    station.exchange.receipt("HUB", station.exchange.heads())
    station.exchange.summarised("HUB", {})
    assert where(station, ref).is_only_here
    station.close()


def test_the_hub_s_own_entries_are_at_the_centre(tmp_path: Path, clock: ManualClock) -> None:
    [station] = enrolled(tmp_path, clock, "ZX")
    assert station.situation.holding("HUB").of("HUB/abcd/1") == Whereabouts(True, ())
    station.close()
