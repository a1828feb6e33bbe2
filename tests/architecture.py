"""The laws of the house as functions: each takes a folder that holds `workstation/` and names what breaks its law.

They are kept apart from the tests so that every law can be shown a house that breaks it. A finding names its file.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

MAX_LINES = 300
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@dataclass(frozen=True, slots=True)
class Library:
    """What may be imported where: the distribution that brings it, the modules that may, and why there if it is odd.

    `distribution` is empty for what Python itself or another dependency brings.
    """

    distribution: str
    homes: tuple[str, ...]
    reason: str = ""


LIBRARIES = {
    "PySide6": Library("PySide6", ("views", "app")),
    "amqtt": Library("amqtt", ("demo",), "the demo's embedded broker"),
    "argon2": Library("argon2-cffi", ("security",)),
    "av": Library("av", ("video",), "demo.clip draws the recordings that video plays"),
    "branca": Library("", ("mapping",), "the elements of a folium page"),
    "charset_normalizer": Library("charset-normalizer", ("feeds",)),
    "cryptography": Library("cryptography", ("security",)),
    "defusedxml": Library("defusedxml", ("feeds",)),
    "fastapi": Library("fastapi", ("hub",)),
    "starlette": Library("", ("hub",), "what FastAPI is made of"),
    "folium": Library("folium", ("mapping",)),
    "jinja2": Library("Jinja2", ("documents", "mapping"), "folium's elements are templates of Jinja2"),
    "keyring": Library("keyring", ("security",)),
    "markupsafe": Library("", ("documents",), "Jinja2's own mark of what is no text from outside"),
    "numpy": Library("numpy", ("",), "the common form of many numbers"),
    "openpyxl": Library("openpyxl", ("documents", "feeds"), "sheets are written, and call lists arrive as sheets"),
    "orjson": Library("orjson", ("journal", "sync", "documents", "app", "cli"), "canonical bytes, and long exports"),
    "paho": Library("paho-mqtt", ("feeds",)),
    "prometheus_client": Library("prometheus-client", ("hub",)),
    "psycopg": Library("psycopg", ("journal",), "loaded by name, where a journal lies in PostgreSQL"),
    "pydantic": Library("pydantic", ("playbooks", "config", "hub")),
    "pyqtgraph": Library("pyqtgraph", ("views",)),
    "requests": Library("requests", ("wire",)),
    "rich": Library("rich", ("cli",)),
    "shapely": Library("shapely", ("domain.geometry", "intake", "advice")),
    "sqlite3": Library("", ("journal", "telemetry", "situation", "mapping")),
    "sqlite_utils": Library("sqlite-utils", ("journal", "telemetry", "situation")),
    "typer": Library("typer", ("cli",)),
    "urllib3": Library("", ("wire",), "what requests is made of: its errors name causes"),
    "uvicorn": Library("uvicorn", ("hub",)),
    "xstatic": Library("XStatic-Leaflet", ("mapping",)),
    "yaml": Library("PyYAML", ("content", "playbooks.lint", "demo.city"), "lint needs lines; the demo city is written"),
    "zstandard": Library("zstandard", ("sync",)),
}
WITHOUT_IMPORT = {"tzdata"}  # read by zoneinfo where the system has no zones

TEST_LIBRARIES = {"pytest-qt": "qtbot"}  # by the fixture that speaks for it; the others by their own name
TEST_TOOLS = re.compile(r"import-linter|ruff|mypy|pytest-xdist|types-.*")

SQL_HOMES = {"journal": ".*", "telemetry": ".*", "mapping": ".*", "situation": "select|pragma|with"}
SQL = re.compile(
    r"\s*(?:(select)\b.+\bfrom\b|(insert)\s+(?:or\s+\w+\s+)?into\b|(update)\s+\S+\s+set\b|(delete)\s+from\b"
    r"|(create|drop|alter)\s+(?:unique\s+|virtual\s+|temp\s+)?(?:table|index|view|trigger)\b"
    r"|(pragma)\s+\w+|(begin)\s+(?:immediate|exclusive)|(with)\s+(?:recursive\s+)?\w+\s+as\s*\(|(vacuum|attach)\b.*\bas?\b)",
    re.IGNORECASE | re.DOTALL,
)
BUDGETS = re.compile(r"#\s*(?:ruff:\s*)?noqa(?!:)|#.*noqa:.*\b(C901|PLR0913|PLR0915|PLC0415)\b")


def modules(root: Path) -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    names = {path.relative_to(root).with_suffix(""): path for path in sorted((root / "workstation").rglob("*.py"))}
    return {".".join(name.parts).removesuffix(".__init__"): path for name, path in names.items()}


def broken_contracts(root: Path) -> list[str]:
    """What import-linter says of the contracts in `pyproject.toml`; nothing when all are kept."""
    return _said([sys.executable, "-c", LINT_IMPORTS, "--no-logo"], root)


def lint_findings(root: Path) -> list[str]:
    """Style, statements, arguments, complexity and inner imports, as ruff counts them."""
    return _said([sys.executable, "-m", "ruff", "check", "--quiet", "--output-format", "concise", "."], root)


def unformatted(root: Path) -> list[str]:
    return _said([sys.executable, "-m", "ruff", "format", "--check", "."], root)


def mistyped(root: Path) -> list[str]:
    return _said([sys.executable, "-m", "mypy", "--no-error-summary"], root)


def long_modules(root: Path) -> list[str]:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules(root).values()}
    return [f"{_place(root, path)}: {lines} lines" for path, lines in lengths.items() if lines > MAX_LINES]


def excused_budgets(root: Path) -> list[str]:
    """Lines that excuse themselves from a budget. A command may have as many options as its user needs."""
    return [
        f"{_place(root, path)}:{number}: {line.strip()}"
        for name, path in modules(root).items()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (found := BUDGETS.search(line)) and not (found[1] == "PLR0913" and _lives_in(name, ("cli",)))
    ]


def import_cycles(root: Path) -> list[str]:
    """The first circle of modules that import one another, as file names."""
    known = modules(root)
    graph = {name: {one for one, _ in _imported(path, known)} & set(known) - {name} for name, path in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" -> ".join(_place(root, known[name]) for name in error.args[1])]
    return []


def strangers(root: Path) -> list[str]:
    """Libraries imported outside their home, and libraries that have none."""
    return [
        f"{_place(root, path)}:{line}: {top} " + (f"lives in {', '.join(home.homes)}" if home else "has no home")
        for name, path in modules(root).items()
        for imported, line in _imported(path)
        if (top := imported.partition(".")[0]) != "workstation"
        and (top in LIBRARIES or top not in sys.stdlib_module_names)
        and not ((home := LIBRARIES.get(top)) and _lives_in(name, home.homes))
    ]


def idle_dependencies(root: Path) -> list[str]:
    """Dependencies of `pyproject.toml` that no module imports."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    imported = {one.partition(".")[0] for path in modules(root).values() for one, _ in _imported(path)}
    used = {home.distribution.lower() for name, home in LIBRARIES.items() if name in imported} | WITHOUT_IMPORT
    return [f"pyproject.toml: {one}" for one in _names(project["dependencies"]) if one.lower() not in used]


def idle_test_dependencies(root: Path) -> list[str]:
    """Dependencies of the tests that no test asks for, by import or by fixture."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    trees = [ast.parse(path.read_bytes()) for path in sorted((root / "tests").rglob("*.py"))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    asked = {node.arg for node in nodes if isinstance(node, ast.arg)}
    asked |= {name.partition(".")[0] for node in nodes for name in _names_in(node)}
    names = [one for one in _names(project["optional-dependencies"]["test"]) if not TEST_TOOLS.fullmatch(one)]
    return [f"pyproject.toml: {one}" for one in names if TEST_LIBRARIES.get(one, one) not in asked]


def stray_sql(root: Path) -> list[str]:
    """SQL in string constants of modules that do not speak it."""
    return [
        f"{_place(root, path)}:{line}: {text[:60]!r}"
        for name, path in modules(root).items()
        for text, line in _texts(ast.parse(path.read_bytes()))
        if (found := SQL.match(text)) and not _speaks(name, next(filter(None, found.groups())))
    ]


def _speaks(name: str, verb: str) -> bool:
    verbs = [allowed for home, allowed in SQL_HOMES.items() if _lives_in(name, (home,))]
    return any(re.fullmatch(allowed, verb, re.IGNORECASE) for allowed in verbs)


def _said(command: list[str], root: Path) -> list[str]:
    """The lines a tool prints when it is not content."""
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    return [line for line in (done.stdout + done.stderr).splitlines() if line.strip()] if done.returncode else []


def _place(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _lives_in(name: str, homes: tuple[str, ...]) -> bool:
    return any(not home or f"{name}.".startswith(f"workstation.{home}.") for home in homes)


def _names(requirements: list[str]) -> list[str]:
    return [re.split(r"[^\w.-]", one, maxsplit=1)[0] for one in requirements]


def _imported(path: Path, known: Collection[str] = ()) -> Iterator[tuple[str, int]]:
    """Modules a file imports, with the line; `from a import b` is `a.b` where that is a known module, else `a`."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        below = [f"{node.module}.{one.name}" for one in node.names] if isinstance(node, ast.ImportFrom) else []
        inside = [name for name in below if name in known]
        if len(inside) < len(below) or not below:
            inside += _names_in(node)
        yield from ((name, getattr(node, "lineno", 0)) for name in inside)


def _names_in(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def _texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """String constants that are no docstrings; what an f-string fills in becomes one letter."""
    ignored: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            ignored.add(id(node.value))
        if isinstance(node, ast.JoinedStr) and id(node) not in ignored:
            ignored |= {id(part) for part in node.values}
            yield (
                "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values),
                node.lineno,
            )
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in ignored:
            yield node.value, node.lineno
