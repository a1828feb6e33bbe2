"""Bundles by the command line: exit codes, lines for machines, errors that name the file."""

import pytest

from tests.cli.command import process, workstation
from tests.hubs import write_incident
from tests.sync.offline import house as founded
from tests.sync.offline import office_of


@pytest.fixture
def house(tmp_path, clock):
    """The folder of a space HUB and of an office JD03 that has written something the hub does not have."""
    hub = founded(tmp_path, clock)
    street = office_of(hub, tmp_path, "JD03")
    write_incident(street, "i1", title="积水")
    street.stop()
    hub.stop()
    return tmp_path


def test_a_stick_is_written_checked_and_taken(house):
    stick = house / "stick"
    written = workstation("bundle", "export", stick, "--space", house / "JD03", "--json")
    assert (written.code, written.lines[0]["entries"], written.lines[0]["recipients"]) == (0, 1, ["HUB"])
    tried, taken, again = (
        workstation("bundle", "import", stick, "--space", house / "HUB", "--json", *more)
        for more in (["--dry-run"], [], [])
    )
    assert [one.lines[0]["entries"] for one in (tried, taken, again)] == [1, 1, 0]
    assert {one.code for one in (tried, taken, again)} == {0}


def test_a_stick_that_was_cut_off_ends_with_the_file_s_name(house):
    stick = house / "stick"
    workstation("bundle", "export", stick, "--space", house / "JD03")
    stick.write_bytes(stick.read_bytes()[:-1])
    done = process("bundle", "import", stick, "--space", house / "HUB", "--json")
    assert (done.code, done.lines[0]["entries"], done.lines[0]["is_whole"]) == (1, 1, False)
    assert f"{stick}: cut off" in done.err


def test_a_recipient_nobody_knows_is_named(house):
    done = process("bundle", "export", house / "stick", "--for", "JD99", "--space", house / "JD03")
    assert done.code == 1
    assert "JD99" in done.err
    assert not list(house.glob("stick*"))
