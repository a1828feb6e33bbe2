"""What a password must be, how it is kept, and what five wrong ones lead to."""

from datetime import timedelta

import pytest

from workstation.domain.clock import ManualClock
from workstation.security.passwords import Attempts, flaws, hash_password, is_outworn, is_password
from workstation.words import catalogue


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Rain-2026-st", ()),
        ("下穿通道-Rain2026", ()),
        ("Rain-2026", ("password.short",)),
        ("rainrainrain", ("password.classes",)),
        ("rain20262026", ("password.classes",)),
        ("Rain20262026", ()),
        ("x" * 251 + "A1-BCD", ("password.long",)),
        ("WangFang-2026", ("password.name",)),
        ("", ("password.short", "password.classes")),
    ],
)
def test_each_rule_is_asked_for_and_said(password: str, broken: tuple[str, ...]) -> None:
    assert flaws(password, "wangfang", ()) == broken
    assert all(key in catalogue() for key in broken)


def test_the_last_five_passwords_do_not_come_back_and_the_sixth_may(quick_hashes: None) -> None:
    used = [f"Rain-2026-{number}" for number in range(6)]
    history = [hash_password(one) for one in used]
    assert flaws(used[0], "wangfang", history) == ()
    assert flaws(used[1], "wangfang", history) == ("password.reused",)
    assert flaws(used[5], "wangfang", history) == ("password.reused",)


def test_a_password_is_kept_as_a_salted_argon2id_verifier() -> None:
    one, other = hash_password("Rain-2026-st"), hash_password("Rain-2026-st")
    assert one.startswith("$argon2id$") and one != other and "Rain" not in one
    assert is_password(one, "Rain-2026-st") and not is_password(one, "rain-2026-st")
    assert not is_password("no verifier", "Rain-2026-st")


def test_a_letter_composed_by_another_keyboard_is_the_same_password() -> None:
    assert is_password(hash_password("Caf\u00e9-2026-st"), "Cafe\u0301-2026-st")


def test_a_password_is_worn_out_after_ninety_days(clock: ManualClock) -> None:
    now = clock.now()
    assert not is_outworn(now - timedelta(days=89), now)
    assert is_outworn(now - timedelta(days=90), now)
    assert is_outworn(None, now)


def test_five_failures_lock_for_a_quarter_of_an_hour(clock: ManualClock) -> None:
    attempts = Attempts()
    for _ in range(4):
        attempts = attempts.failed(clock.now())
    assert not attempts.is_locked(clock.now())
    attempts = attempts.failed(clock.now())
    assert attempts.is_locked(clock.now()) and attempts.locked_until() == clock.now() + timedelta(minutes=15)
    assert not attempts.is_locked(clock.advance(15 * 60))


def test_trying_while_locked_does_not_prolong_the_lock_and_counting_begins_anew_after_it(clock: ManualClock) -> None:
    attempts = Attempts(5, clock.now())
    assert attempts.failed(clock.advance(60)) == attempts
    assert attempts.failed(clock.advance(15 * 60)).failures == 1
