"""One-time codes against the vectors of RFC 6238, and that each is good once."""

from datetime import UTC, datetime, timedelta

import pytest

from workstation.domain.clock import ManualClock
from workstation.security.totp import (
    accepted,
    code_of,
    enrolment_uri,
    new_secret,
    period_of,
    recovered,
    recovery_codes,
    recovery_digest,
)

SEED = b"12345678901234567890"
SEEDS = {"sha1": SEED, "sha256": (SEED * 2)[:32], "sha512": (SEED * 4)[:64]}
VECTORS = [
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
]


@pytest.mark.parametrize("vector", VECTORS)
def test_the_vectors_of_rfc_6238_are_met(vector: tuple[int, str, str, str]) -> None:
    period = period_of(datetime.fromtimestamp(vector[0], UTC))
    assert tuple(code_of(SEEDS[name], period, 8, name) for name in SEEDS) == vector[1:]


def test_a_code_is_good_one_period_early_and_late_and_no_further(clock: ManualClock) -> None:
    now, period = clock.now(), period_of(clock.now())
    found = [accepted(SEED, code_of(SEED, period + shift), now) for shift in (-2, -1, 0, 1, 2)]
    assert found == [None, period - 1, period, period + 1, None]


def test_a_code_is_good_once(clock: ManualClock) -> None:
    code = code_of(SEED, period_of(clock.now()))
    first = accepted(SEED, code, clock.now())
    assert first is not None and accepted(SEED, code, clock.now(), first) is None
    later = clock.now() + timedelta(seconds=30)
    assert accepted(SEED, code_of(SEED, period_of(later)), later, first) == first + 1


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "0000000"])
def test_what_is_no_code_is_not_accepted(clock: ManualClock, code: str) -> None:
    assert accepted(SEED, code, clock.now()) is None


def test_an_authenticator_is_told_secret_account_and_issuer() -> None:
    uri = enrolment_uri(SEED, "wangfang", "临江市")
    assert uri.startswith("otpauth://totp/%E4%B8%B4") and "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&" in uri
    assert len(new_secret()) == 20 and new_secret() != new_secret()


def test_a_recovery_code_is_good_once_however_it_is_typed() -> None:
    codes = recovery_codes()
    kept = frozenset(map(recovery_digest, codes))
    left = recovered(codes[0].lower().replace("-", ""), kept)
    assert left is not None and len(left) == len(codes) - 1
    assert recovered(codes[0], left) is None and recovered("AAAA-AAAA-AAAA-AAAA", kept) is None
