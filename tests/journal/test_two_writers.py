"""Two processes over one space: an import from the command line while a desk is open on it."""

from tests.journals import opened
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Incident
from workstation.journal import Journal
from workstation.station import Parts, Space, Station


def say(journal: Journal, name: str) -> str:
    (entry,) = journal.append([Draft("wang", "incident.open", set_fields("incident", name, title=name))])
    return entry.ref


def test_two_writers_in_turn_make_one_chain(tmp_path, clock):
    desk = opened(tmp_path, "ZX", clock)
    other = opened(tmp_path, "ZX", clock)
    refs = [say(journal, f"i{turn}") for turn, journal in enumerate([desk, other, other, desk, other, desk])]
    assert [int(ref.rsplit("/", 1)[1]) for ref in refs] == [1, 2, 3, 4, 5, 6]
    assert len({ref.rsplit("/", 1)[0] for ref in refs}) == 1
    assert list(desk.verify()) == []
    other.close()
    desk.close()


def test_names_of_new_records_are_never_given_twice(tmp_path, clock):
    desk = opened(tmp_path, "ZX", clock)
    other = opened(tmp_path, "ZX", clock)
    first = desk.new_id()
    say(desk, first)
    assert other.new_id() != first
    other.close()
    desk.close()


def test_a_desk_is_told_of_what_another_process_wrote(tmp_path, clock):
    space = Space.found(tmp_path / "ZX", "ZX")
    station = Station(space, clock, Parts())
    station.start()
    told: list[frozenset[str]] = []
    station.subscribe(told.append)
    station.tick().result()
    other = Journal.open(space.journal, space.identity(), clock, space.sealer())
    say(other, "i1")
    other.close()
    station.tick().result()
    station.ask(lambda journal: None).result()
    situation = station.situation()
    assert situation.get(Incident, "i1") is not None
    situation.close()
    station.stop()
    assert any("incident" in kinds for kinds in told)
