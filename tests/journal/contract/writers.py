"""A journal that several processes write: one chain, nothing doubled, one law."""

from concurrent.futures import ThreadPoolExecutor

from tests.journal.contract.parties import Open, Parties, close, edit, sent
from tests.journals import exchange, identity
from workstation.domain.entry import Entry
from workstation.domain.records import Incident
from workstation.journal import Journal


class KnownStations:
    """A bench on which only what the root named counts."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    def learn(self, entry: Entry) -> None:
        self.known |= {change.id for change in entry.changes}

    def look_ahead(self, entry: Entry) -> None: ...

    def region(self, entry: Entry) -> str:
        return ""

    def unheard(self, entry: Entry) -> int:
        return 0

    def verdict(self, entry: Entry, past: object) -> str:
        return "" if entry.station in self.known else "authority.unknown"


class ManyWriters(Parties):
    def test_a_journal_goes_on_where_it_was_left(self, centre: Journal, open_: Open) -> None:
        centre.append([edit(title="积水")])
        again = open_("ZX")
        assert again.opened.is_quiet
        assert [entry.ref for entry in again.append([edit(title="加深")])] == [f"ZX/{centre.own.incarnation}/2"]
        again.close()

    def test_writers_in_turn_make_one_chain(self, centre: Journal, open_: Open) -> None:
        other = open_("ZX")
        turns = [centre, other, other, centre, other, centre]
        refs = [journal.append([edit(f"i{turn}", title="x")])[0].ref for turn, journal in enumerate(turns)]
        assert [int(ref.rsplit("/", 1)[1]) for ref in refs] == [1, 2, 3, 4, 5, 6]
        assert centre.new_id() == other.new_id()
        assert list(centre.verify()) == []
        other.close()

    def test_writers_at_the_same_time_lose_and_double_nothing(self, centre: Journal, open_: Open) -> None:
        journals = [centre, open_("ZX"), open_("ZX")]

        def write(place: int) -> list[str]:
            return [journals[place].append([edit(f"{place}-{turn}", title="x")])[0].ref for turn in range(20)]

        with ThreadPoolExecutor(3) as pool:
            refs = [ref for done in pool.map(write, range(3)) for ref in done]
        assert len(set(refs)) == 60 == centre.store.head("ZX", centre.own.incarnation)
        assert centre.situation.count(Incident) == 60
        assert list(centre.verify()) == []
        close(*journals[1:])

    def test_one_batch_brought_to_two_processes_at_once_is_taken_once(self, pair, open_: Open) -> None:
        centre, street = pair
        other = open_("JD03")
        centre.append([edit(f"i{number}", title="x") for number in range(200)])
        batch = sent(centre)
        with ThreadPoolExecutor(2) as pool:
            taken = [done.entries for done in pool.map(lambda journal: journal.accept(batch), (street, other))]
        assert sorted(map(len, taken)) == [0, 200]
        assert other.digest() == street.digest() == centre.digest()
        other.close()

    def test_what_the_root_said_by_another_process_is_law_here_too(self, open_: Open) -> None:
        hub, other = open_("HUB"), open_("HUB")
        other.judge_by(KnownStations)
        hub.append([edit("JD03", "station", public_key=identity("JD03").public.hex())])
        street = open_("JD03")
        street.pin_root(hub.identity.public)
        exchange(hub, street)
        street.append([edit(title="积水")])
        assert other.accept(sent(street)).refused == ()
        close(hub, other, street)
