"""A hub's backup: taken while it runs, proven by a trial, brought back into a place of its own."""

import json
import zipfile

import pytest

from tests.cli.command import workstation
from tests.hubs import digest, enrolled_station, entries, linked, running_hub, until, write_incident
from workstation.hub.safekeeping import BackupError, back_up, drill_restore, restore
from workstation.station import Parts, Space, Station

SECRET = "river levee twelve"


@pytest.fixture
def saved(tmp_path, clock):
    """A backup taken of a running hub, and what the hub held then."""
    with running_hub(tmp_path, clock) as (hub, url):
        office = enrolled_station(tmp_path, "JD03", hub, url, clock)
        with linked(office):
            write_incident(office, "i1", title="人民路下穿积水")
            until(lambda: entries(hub.station) == 2)
        clip = hub.station.space.attachments / "aa" / "clip"
        clip.parent.mkdir(parents=True)
        clip.write_bytes(b"sealed")
        file = tmp_path / "hub.backup"
        assert back_up(hub.station.space, file, clock, SECRET) == 2
        held = digest(hub.station)
        write_incident(office, "i2")
        office.stop()
    return file, held


def test_a_trial_restore_proves_chain_and_tables(saved, clock):
    file, _ = saved
    assert drill_restore(file, SECRET, clock) == drill_restore(file, SECRET, clock)
    found = drill_restore(file, SECRET, clock)
    assert (found.entries, found.same, found.faults) == (2, True, ())


def test_a_restored_hub_goes_on_and_gets_back_what_came_after(saved, tmp_path, clock):
    file, held = saved
    place = tmp_path / "again" / "HUB"
    restore(file, Space(place), SECRET)
    assert (place / "attachments/aa/clip").read_bytes() == b"sealed"
    office = Station(Space(tmp_path / "JD03"), clock, Parts())
    with running_hub(tmp_path / "again", clock) as (hub, url):
        assert digest(hub.station) == held
        office.start()
        with linked(office, url):
            until(lambda: digest(hub.station) == digest(office) != held)
        office.stop()


def test_no_key_and_no_clear_key_file_is_in_the_backup(saved, tmp_path):
    file, _ = saved
    with zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if "keys/" in name]
        whole = b"".join(archive.read(name) for name in archive.namelist())
    for key in (tmp_path / "HUB" / "keys").glob("*.key"):
        assert key.read_bytes().strip() not in whole


def test_another_passphrase_opens_nothing(saved, tmp_path, clock):
    with pytest.raises(BackupError, match="passphrase"):
        restore(saved[0], Space(tmp_path / "new"), "wrong")
    assert not (tmp_path / "new").exists()


def test_without_keys_nothing_is_called_proven(saved, tmp_path, clock):
    with pytest.raises(BackupError, match="holds no keys"):
        drill_restore(saved[0], "", clock)


@pytest.mark.parametrize("part", ["journal.sqlite", "attachments/aa/clip", "keys.wrapped"])
def test_a_backup_that_was_altered_is_not_restored(saved, tmp_path, part):
    file, _ = saved
    altered = tmp_path / "altered.backup"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(altered, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + (b"x" if name == part else b""))
    with pytest.raises(BackupError, match=f"{part}: altered"):
        restore(altered, Space(tmp_path / "new"), SECRET)
    assert not (tmp_path / "new").exists()


def test_a_backup_cut_off_or_with_a_way_out_is_not_restored(saved, tmp_path):
    file, _ = saved
    cut = tmp_path / "cut.backup"
    cut.write_bytes(file.read_bytes()[:-100])
    sly = tmp_path / "sly.backup"
    with zipfile.ZipFile(sly, "w") as archive:
        archive.writestr("../out", b"x")
        archive.writestr("manifest.json", json.dumps({"format": 1, "files": {"../out": "0"}}))
    for one, said in ((cut, "cut.backup"), (sly, "would lie outside")):
        with pytest.raises(BackupError, match=said):
            restore(one, Space(tmp_path / "new"), SECRET)
    assert not (tmp_path / "out").exists()


def test_nothing_is_restored_over_a_space(saved, tmp_path):
    with pytest.raises(BackupError, match="not empty"):
        restore(saved[0], Space(tmp_path / "HUB"), SECRET)


def test_the_command_line_takes_a_backup_tries_it_and_brings_it_back(saved, tmp_path):
    secret, file = tmp_path / "secret", tmp_path / "second.backup"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    option = ("--passphrase-file", secret)
    assert workstation("hub", "backup", tmp_path / "HUB", file, *option).code == 0
    (line,) = workstation("hub", "drill-restore", file, *option).lines
    assert (line["same"], line["faults"], line["rto_seconds"] > 0) == (True, [], True)
    assert workstation("hub", "restore", file, tmp_path / "new", *option).code == 0
    assert workstation("audit", "verify", tmp_path / "new").code == 0
