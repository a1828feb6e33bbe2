"""Signing in at a space: two factors, failures that a restart does not forgive, passwords that must change."""

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from workstation.domain.clock import ManualClock
from workstation.domain.errors import Refused
from workstation.security.keys import is_signed
from workstation.security.totp import code_of, period_of
from workstation.station.credentials import FILE, Credentials, Issued
from workstation.station.logins import LoginsError

pytestmark = pytest.mark.usefixtures("quick_hashes")
NIGHT = datetime(2026, 11, 24, 17, tzinfo=UTC)
NEW = "Regen-2026-nacht"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NIGHT)


@pytest.fixture
def credentials(tmp_path: Path, clock: ManualClock) -> Credentials:
    return Credentials(tmp_path, clock)


@pytest.fixture
def wang(credentials: Credentials) -> Issued:
    return credentials.issue("wangfang")


def code(issued: Issued, clock: ManualClock) -> str:
    """What the owner's authenticator shows now."""
    letters = parse_qs(urlsplit(issued.authenticator).query)["secret"][0]
    secret = base64.b32decode(letters + "=" * (-len(letters) % 8))
    return code_of(secret, period_of(clock.now()))


def refusal(attempt: object, *words: object) -> Refused:
    with pytest.raises(Refused) as refused:
        attempt(*words)  # type: ignore[operator]
    return refused.value


def test_password_and_code_open_the_accounts_own_key(credentials, wang, clock):
    signed_in = credentials.sign_in("wangfang", wang.password, code(wang, clock))
    assert is_signed(bytes.fromhex(wang.public_key), b"level II", signed_in.key.sign(b"level II"))
    assert signed_in.must_change


def test_nothing_of_what_is_on_the_sheet_lies_on_the_disk(credentials, wang, clock, tmp_path):
    signed_in = credentials.sign_in("wangfang", wang.password, code(wang, clock))
    held = (tmp_path / FILE).read_text()
    letters = parse_qs(urlsplit(wang.authenticator).query)["secret"][0]
    for secret in (wang.password, letters, signed_in.key.seed().hex(), *wang.recovery):
        assert secret not in held
    assert os.name == "nt" or (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_wrong_account_password_or_code_is_refused_in_the_same_words(credentials, wang, clock):
    good = code(wang, clock)
    for words in (("wangfang", NEW, good), ("wangfang", wang.password, "000000"), ("nobody", wang.password, good)):
        assert refusal(credentials.sign_in, *words).rule == "sign_in.wrong"


def test_a_code_somebody_saw_typed_is_of_no_use_again(credentials, wang, clock):
    seen = code(wang, clock)
    credentials.sign_in("wangfang", wang.password, seen)
    assert refusal(credentials.sign_in, "wangfang", wang.password, seen).rule == "sign_in.wrong"


def test_five_failures_lock_for_a_quarter_of_an_hour_also_over_a_restart(credentials, wang, clock, tmp_path):
    rules = [refusal(credentials.sign_in, "wangfang", "guess", "000000").rule for _ in range(5)]
    assert rules == ["sign_in.wrong"] * 4 + ["sign_in.locked"]
    restarted = Credentials(tmp_path, clock)
    refused = refusal(restarted.sign_in, "wangfang", wang.password, code(wang, clock))
    assert (refused.rule, refused.details) == ("sign_in.locked", {"minutes": 15})
    clock.advance(15 * 60)
    assert restarted.sign_in("wangfang", wang.password, code(wang, clock)).login == "wangfang"


def test_a_wrong_code_counts_as_a_failure_too(credentials, wang, clock):
    rules = [refusal(credentials.sign_in, "wangfang", wang.password, "000000").rule for _ in range(5)]
    assert rules[-1] == "sign_in.locked"


def test_a_locked_screen_opens_to_the_password_and_counts_guesses(credentials, wang, clock):
    credentials.unlock("wangfang", wang.password)
    rules = [refusal(credentials.unlock, "wangfang", "guess").rule for _ in range(5)]
    assert rules[-1] == "sign_in.locked"


def test_each_recovery_code_stands_in_for_the_authenticator_once(credentials, wang):
    assert credentials.sign_in("wangfang", wang.password, wang.recovery[0].lower()).login == "wangfang"
    assert refusal(credentials.sign_in, "wangfang", wang.password, wang.recovery[0]).rule == "sign_in.wrong"
    assert len(credentials.listed()[0].recovery) == len(wang.recovery) - 1


def test_a_changed_password_opens_the_same_key_and_the_old_one_nothing(credentials, wang, clock):
    before = credentials.sign_in("wangfang", wang.password, code(wang, clock))
    credentials.change(before, wang.password, NEW)
    clock.advance(60)
    assert refusal(credentials.sign_in, "wangfang", wang.password, code(wang, clock)).rule == "sign_in.wrong"
    after = credentials.sign_in("wangfang", NEW, code(wang, clock))
    assert after.key.seed() == before.key.seed()
    assert not after.must_change


def test_a_password_is_not_used_again_and_must_change_after_ninety_days(credentials, wang, clock):
    signed_in = credentials.sign_in("wangfang", wang.password, code(wang, clock))
    assert refusal(credentials.change, signed_in, wang.password, "short").rule == "password.short"
    credentials.change(signed_in, wang.password, NEW)
    assert refusal(credentials.change, signed_in, NEW, wang.password).rule == "password.reused"
    clock.advance(timedelta(days=90).total_seconds())
    assert credentials.sign_in("wangfang", NEW, code(wang, clock)).must_change


def test_an_account_carried_to_a_street_signs_in_there(credentials, wang, clock, tmp_path):
    street = Credentials(tmp_path / "jd03", clock)
    street.admit(credentials.listed()[0])
    assert street.sign_in("wangfang", wang.password, code(wang, clock)).key.public.hex() == wang.public_key
    assert refusal(street.admit, credentials.listed()[0]).rule == "account.exists"


@pytest.mark.parametrize(
    ("held", "named"),
    [
        ("{", "not a file of logins"),
        ('{"logins": []}', "not a file of logins"),
        ('{"logins": {"wang": {"public_key": 1}}}', "account wang: public_key"),
    ],
)
def test_a_broken_file_of_logins_names_account_and_field(credentials, tmp_path, held, named):
    (tmp_path / "keys").mkdir()
    (tmp_path / FILE).write_text(held)
    with pytest.raises(LoginsError, match=named):
        credentials.listed()


def test_a_time_that_is_none_is_named(credentials, wang, tmp_path):
    held = json.loads((tmp_path / FILE).read_text())
    held["logins"]["wangfang"]["set_at"] = "yesterday"
    (tmp_path / FILE).write_text(json.dumps(held))
    with pytest.raises(LoginsError, match="account wangfang: set_at: not a time"):
        credentials.listed()
