"""What the program says: the message keys, acts and refusals that code and templates name.

Read from the syntax tree, not from running pages, so that a message shown once a year is found as well. Where a key is
put together, its unknown parts are written `{}`: `severity.{}`.
"""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workstation.content import folder, read_yaml

ROOT = Path(__file__).parents[2]
KEY_AT = {"t": 0, "tell": 1, "Caption": 0, "Action": 0, "Column": 0, "Symbol": 0, "flaw": 1, "Remark": 2}
KEY_AT |= {"not_records": 2, "ask_text": 1, "ask_choice": 1, "ask_open": 1, "ask_save": 1}
METHOD_KEY_AT = {"t": 0, "say": 0, "add": 1}
DOTTED = re.compile(r"[a-z_0-9]+(\.[A-Za-z0-9_]+)+")
FILE_NAME = re.compile(r".*\.(yaml|html|qss|geojson|csv|svg|json|db|pdf)")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text that stands for a message, where it stands, and the places given with it (None: not to be seen)."""

    text: str
    where: str
    places: frozenset[str] | None = None


@cache
def sources() -> dict[str, ast.Module]:
    files = sorted((ROOT / "workstation").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_bytes()) for path in files}


def messages() -> Iterator[Spoken]:
    """What is handed to something that says a message."""
    for where, call in _calls():
        number = _key_at(call)
        if number is not None and len(call.args) > number:
            yield from _spoken(call.args[number], where, call)
    for path in sorted((folder("resources") / "templates").iterdir()):
        for key in re.findall(r"""\bt\(["']([\w.]+)["']""", path.read_text("utf-8")):
            yield Spoken(key, path.name)


def prefixes() -> Iterator[Spoken]:
    """What stands before the code in `word("task.state", state)`."""
    for where, call in _calls():
        if _name(call) == "word" and call.args:
            yield from _spoken(call.args[0], where)


def refusals() -> Iterator[Spoken]:
    for where, call in _calls():
        if _name(call) == "Refused" and call.args:
            yield from _spoken(call.args[0], where, call)


def acts() -> Iterator[Spoken]:
    """What a draft is called, also where a module's own function makes it from an act it is given."""
    for where, tree in sources().items():
        at = {"Draft": 1} | {
            node.name: [one.arg for one in node.args.args].index("act")
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and "act" in [one.arg for one in node.args.args]
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and len(node.args) > at.get(_name(node), 99):
                yield from _spoken(node.args[at[_name(node)]], f"{where}:{node.lineno}")
            if isinstance(node, ast.Assign):
                yield from _assigned(node, f"{where}:{node.lineno}")


def dotted_texts() -> Iterator[Spoken]:
    """Every text with the look of a key, wherever it stands: what a table or a content file hands on later."""
    for where, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                yield from (one for one in _spoken(node, f"{where}:{node.lineno}") if _looks_like_key(one.text))
    for path in sorted(one for name in ("playbooks", "resources") for one in folder(name).rglob("*.yaml")):
        if path.parent.name != "words":
            yield from (Spoken(text, path.name) for text in _scalars(read_yaml(path)) if _looks_like_key(text))


def _looks_like_key(text: str) -> bool:
    return DOTTED.fullmatch(text.replace("{}", "x")) is not None and not FILE_NAME.fullmatch(text)


def _scalars(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _scalars(part)


@cache
def vocabulary() -> frozenset[str]:
    """Every word of a text, a keyword or a field in the code, and of the content files that carry codes."""
    nodes = [node for tree in sources().values() for node in ast.walk(tree)]
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    texts += [node.arg or "" for node in nodes if isinstance(node, ast.keyword)]
    texts += [node.target.id for node in nodes if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]
    texts += [path.read_text("utf-8") for path in folder("playbooks").glob("*.yaml")]
    for path in folder("maps").glob("*/*.geojson"):
        texts += [str(v) for one in json.loads(path.read_text("utf-8"))["features"] for v in one["properties"].values()]
    return frozenset(word for text in texts for word in re.findall(r"\w+", text))


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for where, tree in sources().items():
        yield from ((f"{where}:{node.lineno}", node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def _key_at(call: ast.Call) -> int | None:
    """At which place a call is given a message's key; None for a call that says none."""
    if isinstance(call.func, ast.Attribute):
        if call.func.attr == "add" and getattr(call.func.value, "id", "") != "notes":
            return None
        return METHOD_KEY_AT.get(call.func.attr)
    return KEY_AT.get(_name(call))


def _assigned(node: ast.Assign, where: str) -> Iterator[Spoken]:
    for target in node.targets:
        names, values = (target.elts, node.value) if isinstance(target, ast.Tuple) else ([target], node.value)
        given = values.elts if isinstance(values, ast.Tuple) else [values]
        for name, value in zip(names, given, strict=False):
            if getattr(name, "id", "") == "act":
                yield from _spoken(value, where)


def _spoken(node: ast.expr, where: str, call: ast.Call | None = None) -> Iterator[Spoken]:
    """The texts an expression may stand for; nothing for what is only known when it runs."""
    places = None
    if call is not None and all(one.arg for one in call.keywords):
        places = frozenset(str(one.arg) for one in call.keywords)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield Spoken(node.value, where, places)
    if isinstance(node, ast.JoinedStr):
        yield Spoken(
            "".join(
                str(getattr(part, "value", "")) if isinstance(part, ast.Constant) else "{}" for part in node.values
            ),
            where,
        )
    if isinstance(node, ast.IfExp):
        yield from (*_spoken(node.body, where, call), *_spoken(node.orelse, where, call))
