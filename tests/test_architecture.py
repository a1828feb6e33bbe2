"""The house keeps its laws, and each law notices a house that does not."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests import architecture as laws

ROOT = Path(__file__).parents[1]
LAWS = (
    laws.broken_contracts,
    laws.lint_findings,
    laws.unformatted,
    laws.mistyped,
    laws.long_modules,
    laws.excused_budgets,
    laws.import_cycles,
    laws.strangers,
    laws.idle_dependencies,
    laws.idle_test_dependencies,
    laws.stray_sql,
)
TOO_MANY = "def act() -> None:\n    x = 0\n" + "    x += 1\n" * 25
BRANCHES = "def act(x: int) -> None:\n" + "".join(f"    if x == {n}:\n        print(x)\n" for n in range(8))


def hut(folder: Path, files: Mapping[str, str]) -> Path:
    """A tiny package of that name with the house's own settings; every folder a package."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, text in files.items():
        path = folder / "workstation" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for place in (folder / "workstation", *(one for one in (folder / "workstation").rglob("*") if one.is_dir())):
        (place / "__init__.py").touch()
    return folder


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps_the_law(law: Callable[[Path], list[str]]) -> None:
    found = law(ROOT)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("file", "line", "contract", "chain"),
    [
        ("domain/paint.py", "import PySide6", "Qt lives in views and app alone", "workstation.domain.paint -> PySide6"),
        ("hub/paint.py", "import pyqtgraph", "Qt lives in views and app alone", "workstation.hub.paint -> pyqtgraph"),
        (
            "views/shortcut.py",
            "import workstation.journal.store",
            "Views do not reach around the station",
            "workstation.views.shortcut -> workstation.journal.store",
        ),
        (
            "feeds/climb.py",
            "import workstation.station.station",
            "Higher may import lower; names on one line do not know each other",
            "workstation.feeds.climb -> workstation.station.station",
        ),
        (
            "commands/neighbour.py",
            "import workstation.mapping.layers",
            "Higher may import lower; names on one line do not know each other",
            "workstation.commands.neighbour -> workstation.mapping.layers",
        ),
    ],
    ids=lambda part: part if part.endswith(".py") else "",
)
def test_a_forbidden_import_breaks_its_contract_by_name(
    tmp_path: Path, file: str, line: str, contract: str, chain: str
) -> None:
    shutil.copytree(ROOT / "workstation", tmp_path / "workstation", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "workstation" / file).write_text(f"{line}\n", "utf-8")
    found = laws.broken_contracts(tmp_path)
    assert f"{contract} BROKEN" in found
    assert any(chain in said for said in found)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("PLR0915", TOO_MANY),
        ("C901", BRANCHES),
        ("PLR0913", "def act(a: int, b: int, c: int, d: int, e: int, f: int) -> None: ...\n"),
        ("PLC0415", "def act() -> None:\n    import json\n\n    json.dumps(1)\n"),
        ("BLE001", "def act() -> None:\n    try:\n        act()\n    except Exception:\n        return\n"),
        ("ANN001", "def act(a) -> None: ...\n"),
        ("TID252", "from . import something\n"),
    ],
)
def test_a_function_over_budget_is_named_with_its_rule(tmp_path: Path, rule: str, text: str) -> None:
    found = laws.lint_findings(hut(tmp_path, {"domain/big.py": text}))
    assert [said for said in found if said.startswith("workstation/domain/big.py") and rule in said]


def test_a_function_at_its_budget_is_let_be(tmp_path: Path) -> None:
    at_budget = TOO_MANY.removesuffix("    x += 1\n")
    branches = BRANCHES[: BRANCHES.index("    if x == 7")]
    arguments = "def act(a: int, b: int, c: int, d: int, e: int) -> None: ...\n"
    files = {"domain/a.py": at_budget, "domain/b.py": branches.replace("print(x)", "x += 1"), "domain/c.py": arguments}
    assert laws.lint_findings(hut(tmp_path, files)) == []


def test_a_file_formatted_by_hand_is_named(tmp_path: Path) -> None:
    found = laws.unformatted(hut(tmp_path, {"domain/loose.py": "x  =  1\n"}))
    assert any("workstation/domain/loose.py" in said for said in found)


def test_a_wrong_type_is_named_with_file_and_line(tmp_path: Path) -> None:
    found = laws.mistyped(hut(tmp_path, {"domain/loose.py": 'count: int = "three"\n'}))
    assert found[0].startswith("workstation/domain/loose.py:1: error:")


def test_the_301st_line_is_one_too_many(tmp_path: Path) -> None:
    house = hut(tmp_path, {"domain/long.py": "x = 1\n" * 301, "domain/full.py": "x = 1\n" * 300})
    assert laws.long_modules(house) == ["workstation/domain/long.py: 301 lines"]


@pytest.mark.parametrize("excuse", ["# noqa: C901", "# noqa: S311, PLC0415  for speed", "# noqa", "# ruff: noqa"])
def test_nobody_excuses_himself_from_a_budget(tmp_path: Path, excuse: str) -> None:
    found = laws.excused_budgets(hut(tmp_path, {"domain/sly.py": f"x = 1  {excuse}\n"}))
    assert found == [f"workstation/domain/sly.py:1: x = 1  {excuse}"]


def test_a_command_may_have_the_options_its_user_needs(tmp_path: Path) -> None:
    line = "x = 1  # noqa: PLR0913\n"
    found = laws.excused_budgets(hut(tmp_path, {"cli/export.py": line, "sync/export.py": line}))
    assert [said.split(":")[0] for said in found] == ["workstation/sync/export.py"]


def test_a_circle_of_imports_is_told_in_full(tmp_path: Path) -> None:
    files = {
        "domain/hen.py": "from workstation.domain import egg\n",
        "domain/egg.py": "from workstation.domain.nest import Nest\n",
        "domain/nest.py": "import workstation.domain.hen\n",
    }
    (told,) = laws.import_cycles(hut(tmp_path, files))
    assert set(told.split(" -> ")) == {f"workstation/{name}" for name in files}


def test_a_package_may_collect_what_its_modules_make(tmp_path: Path) -> None:
    files = {
        "domain/__init__.py": "from workstation.domain.hen import lay\n",
        "domain/hen.py": "from workstation.domain import egg\n\nlay = egg\n",
        "domain/egg.py": "",
    }
    assert laws.import_cycles(hut(tmp_path, files)) == []


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("feeds/web.py", "import requests\n", "workstation/feeds/web.py:1: requests lives in wire"),
        ("hub/map.py", "from folium import Map\n", "workstation/hub/map.py:1: folium lives in mapping"),
        ("views/store.py", "\nimport sqlite3\n", "workstation/views/store.py:2: sqlite3 lives in journal, telemetry,"),
        ("wired.py", "import requests.adapters\n", "workstation/wired.py:1: requests lives in wire"),
        ("views/table.py", "import pandas as pd\n", "workstation/views/table.py:1: pandas has no home"),
        ("views/late.py", "def act():\n    import numba\n", "workstation/views/late.py:2: numba has no home"),
    ],
)
def test_a_library_away_from_home_is_named(tmp_path: Path, file: str, text: str, said: str) -> None:
    (found,) = laws.strangers(
        hut(tmp_path, {file: text, "wire.py": "import requests\n", "mapping/np.py": "import numpy"})
    )
    assert found.startswith(said)


def test_a_dependency_nobody_imports_is_named(tmp_path: Path) -> None:
    house = hut(tmp_path, {"wire.py": "import requests\n", "hub/api.py": "from fastapi import FastAPI\n"})
    found = laws.idle_dependencies(house)
    assert "pyproject.toml: shapely" in found
    assert not {"pyproject.toml: requests", "pyproject.toml: fastapi", "pyproject.toml: tzdata"} & set(found)


def test_a_test_dependency_no_test_asks_for_is_named(tmp_path: Path) -> None:
    house = hut(tmp_path, {"wire.py": ""})
    (house / "tests").mkdir()
    (house / "tests" / "test_one.py").write_text("import hypothesis\n\ndef test_a_window(qtbot): ...\n", "utf-8")
    found = laws.idle_test_dependencies(house)
    assert "pyproject.toml: pypinyin" in found
    assert not {"pyproject.toml: hypothesis", "pyproject.toml: pytest-qt", "pyproject.toml: ruff"} & set(found)


@pytest.mark.parametrize(
    ("file", "sql"),
    [
        ("views/list.py", '"select * from incident"'),
        ("views/list.py", "f'SELECT {names} FROM \"{table}\"'"),
        ("sync/link.py", '"insert or replace into receipt values (?)"'),
        ("station/one.py", "f'update {kind} set level = ?'"),
        ("hub/server.py", '"delete from entry"'),
        ("reactions/runs.py", '"create table if not exists run (id text)"'),
        ("reactions/runs.py", '"pragma user_version"'),
        ("situation/situation.py", '"update incident set level = ?"'),
    ],
)
def test_sql_outside_its_rooms_is_named(tmp_path: Path, file: str, sql: str) -> None:
    (found,) = laws.stray_sql(hut(tmp_path, {file: f"names = table = kind = ''\nasked = {sql}\n"}))
    assert found.startswith(f"workstation/{file}:2: ")


def test_sql_at_home_and_words_like_sql_are_let_be(tmp_path: Path) -> None:
    files = {
        "journal/store.py": 'a = "update entry set seq = 1"\n',
        "situation/situation.py": 'a = "select * from incident"\n',
        "feeds/cap.py": '"""Select one from a list."""\n\na = ("Update", "Cancel", "Select an incident", "Delete")\n',
        "views/text.py": 'def f():\n    """Insert into the list."""\n    return "Begin"\n',
    }
    assert laws.stray_sql(hut(tmp_path, files)) == []
