"""Offscreen by default, system libraries first, and a manual clock at the evening the stories are told of."""

import atexit
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import psycopg
import pytest
from argon2 import PasswordHasher
from argon2.low_level import Type, hash_secret_raw
from hypothesis import settings

from tests.journals import opened
from tests.servers import postgresql
from workstation import preflight
from workstation.domain.clock import ManualClock
from workstation.journal import Journal

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["WORKSTATION_STATE"] = mkdtemp(prefix="workstation-state-")
atexit.register(rmtree, os.environ["WORKSTATION_STATE"], ignore_errors=True)
os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
settings.register_profile("house", deadline=None, derandomize=not os.environ.get("LONG_RUN"))
settings.load_profile("house")
FIRST = ("stories", "test_architecture.py", "benchmarks", "laws", "cli", "hub")
MOST_WORKERS = 4


def provide_what_tests_need() -> None:
    """Install the tests' libraries and servers as root; else say once which line brings them."""
    machine = preflight.this_machine()
    missing = [*preflight.missing_for_desk(machine), *preflight.missing_for_tests(machine)]
    if line := preflight.provide(missing, machine):
        sys.stderr.write(f"tests that need system packages will skip or fail; run: {line}\n")


if "PYTEST_XDIST_WORKER" not in os.environ:  # for its workers the process that starts them has done it
    provide_what_tests_need()  # while this file is read: before any plugin imports Qt


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One worker more than processors, as far as memory goes: tests wait for servers and processes a third of the time.
    None for a single file, of which no two share the tests."""
    is_one_file = len(config.args) == 1 and ".py" in config.args[0]
    return 0 if is_one_file else min((os.cpu_count() or 1) + 1, MOST_WORKERS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that no worker is left alone with it in the end."""
    items.sort(key=lambda item: [not item.nodeid.startswith(f"tests/{name}") for name in FIRST])


@pytest.fixture
def clock() -> ManualClock:
    """24 November 2026, 19:40 in Linjiang."""
    return ManualClock(datetime(2026, 11, 24, 11, 40, tzinfo=UTC))


@pytest.fixture
def journal(tmp_path: Path, clock: ManualClock) -> Iterator[Journal]:
    """The centre's journal, empty."""
    with closing(opened(tmp_path, "ZX", clock)) as journal:
        yield journal


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same Argon2id at its least cost, for tests that are about who signs in and not about how slow a guess is."""

    def derive(self: object, passphrase: str, salt: bytes) -> bytes:
        return hash_secret_raw(passphrase.encode(), salt, 1, 8, 1, 32, Type.ID)

    monkeypatch.setattr("workstation.security.passwords._HASHER", PasswordHasher(1, 8, 1))
    monkeypatch.setattr("workstation.security.provider.Ordinary.derive", derive)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a real PostgreSQL server's first database."""
    with postgresql("fsync=off", "full_page_writes=off", "max_connections=60") as url:
        yield url


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return count(1)


@pytest.fixture
def new_database(postgres_server: str, _numbers: Iterator[int]) -> Iterator[Callable[[], str]]:
    """Makes an empty database; its URL. All are gone after the test."""
    made = []

    def make(template: str = "template0") -> str:
        made.append(f"journal{next(_numbers)}")
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute(f"create database {made[-1]} template {template}")
        return postgres_server.replace("/postgres?", f"/{made[-1]}?")

    yield make
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for name in made:
            connection.execute(f"drop database {name} with (force)")
