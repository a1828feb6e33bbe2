"""The accounts of a new hub, from the command line: three administrators at once, then whoever they make."""

import json
import logging

import pytest
from typer.testing import CliRunner

from tests.cli.command import app, workstation
from tests.station.test_credentials import code
from workstation.domain.clock import WallClock
from workstation.domain.draft import Sealed
from workstation.domain.errors import Refused
from workstation.domain.people import Account, Grant
from workstation.situation import Situation
from workstation.station import Space
from workstation.station.credentials import Issued

pytestmark = pytest.mark.usefixtures("quick_hashes")
NEW = "Regen-2026-nacht"


@pytest.fixture
def hub(tmp_path):
    return Space.found(tmp_path / "hub", "HUB")


def typed(hub: Space, lines: list[str], *words: str) -> str:
    done = CliRunner().invoke(app, ["account", *words, "--space", str(hub.folder)], input="\n".join(lines) + "\n")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.stderr
    return done.stdout


def founded(hub: Space) -> dict[str, Issued]:
    told = [json.loads(line) for line in typed(hub, [], "found").splitlines()]
    sheets = [Issued(one["login"], "", one["password"], one["authenticator"], tuple(one["recovery"])) for one in told]
    return {one.login: one for one in sheets}


def known(hub: Space, kind):
    situation = Situation.open(hub.journal)
    try:
        return {one.id: one for one in situation.find(kind)}
    finally:
        situation.close()


def test_a_new_hub_gets_its_three_administrators_in_one_step_and_once(hub, caplog):
    caplog.set_level(logging.DEBUG)
    sheets = founded(hub)
    assert set(sheets) == {"sys", "sec", "aud"}
    assert {one.role for one in known(hub, Grant).values()} == {"SYS", "SEC", "AUD"}
    assert not any(one.password in caplog.text for one in sheets.values())
    with pytest.raises(Refused, match=r"account\.founded"):
        typed(hub, [], "found")


def test_an_account_is_made_by_the_system_administrator_after_his_own_password_has_changed(hub):
    sheet = founded(hub)["sys"]
    clock = WallClock()
    with pytest.raises(Refused, match=r"sign_in\.must_change"):
        typed(hub, [sheet.password, code(sheet, clock)], "create", "wangfang", "--name", "王芳")
    typed(hub, [sheet.password, sheet.recovery[0], NEW, NEW], "passwd", "sys")
    made = json.loads(typed(hub, [NEW, sheet.recovery[1]], "create", "wangfang", "--name", "王芳"))
    account = known(hub, Account)["wangfang"]
    assert (made["login"], account.created_by, account.state) == ("wangfang", "sys", "active")
    assert isinstance(account.name, Sealed)
    lines = workstation("account", "list", "--space", hub.folder).lines
    assert [one["login"] for one in lines] == ["aud", "sec", "sys", "wangfang"]
    assert [one["must_change"] for one in lines] == [True, True, False, True]


def test_an_account_that_is_refused_leaves_no_means_to_sign_in(hub):
    sheet = founded(hub)["sys"]
    typed(hub, [sheet.password, sheet.recovery[0], NEW, NEW], "passwd", "sys")
    with pytest.raises(Refused, match=r"account\.login"):
        typed(hub, [NEW, sheet.recovery[1]], "create", "operator", "--name", "王芳")
    assert "operator" not in workstation("account", "list", "--space", hub.folder).out


def test_an_account_is_carried_to_another_space(hub, tmp_path):
    founded(hub)
    street = Space.found(tmp_path / "jd03", "JD03")
    typed(hub, [], "carry", "aud", str(tmp_path / "aud.logins"))
    assert workstation("account", "admit", tmp_path / "aud.logins", "--space", street.folder).code == 0
    assert [one["login"] for one in workstation("account", "list", "--space", street.folder).lines] == ["aud"]
