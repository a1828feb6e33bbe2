"""What each act may change: the table of remits is whole, every act of ours keeps to its own, none reaches further."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.security.honest import HONEST, ROOTED, honest
from workstation.commands.incident import NEXT
from workstation.content import folder, read_yaml
from workstation.domain.draft import Change, Value
from workstation.domain.entry import Entry
from workstation.domain.errors import ContentError
from workstation.domain.record import DELETED, WHOLE
from workstation.domain.records import KIND_OF, KINDS, fields_of
from workstation.security.permission import matrix, remits
from workstation.security.remit import BEYOND, FILE, Manner, overstep, read_remits

HOUSE = Path(__file__).resolve().parents[2] / "workstation"
CLASSES = {cls.__name__: kind for cls, kind in KIND_OF.items()}
SEEN, OTHER = "ZX/aaaa1111/7", "JD03/bbbb2222/9"


def entry(act: str, *changes: Change, author: str = "wang") -> Entry:
    return Entry("ZX", "aaaa1111", 9, 1, "990101003", 2, author, act, "", "", changes)


def verdict(act: str, *changes: Change, refused: tuple[str, ...] = ()) -> str:
    """Why these changes are beyond an act, of an author to whom the acts `refused` are not granted."""
    return overstep(entry(act, *changes), remits(), lambda act: "authority.role" if act in refused else "")


def told(kind: str, field: str, value: Value, *base: str, record: str = "x1") -> Change:
    return Change(kind, record, field, value, base)


# the table against the code


def texts(node: ast.AST) -> Iterator[str]:
    """The texts an expression may be; of a formatted one its head with a star."""
    match node:
        case ast.Constant(str(text)):
            yield text
        case ast.JoinedStr([ast.Constant(head), *_]):
            yield f"{head}*"
        case ast.IfExp(_, body, orelse):
            yield from (*texts(body), *texts(orelse))
        case ast.Tuple([first, *_]):
            yield from texts(first)


def acts_in(tree: ast.AST, makers: frozenset[str]) -> set[str]:
    """The acts that a piece of code gives its drafts: itself, by a variable `act`, or by a maker of drafts."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name("Draft"), [_, act, *_]):
                found.update(texts(act))
            case ast.Call(ast.Name(name), args) if name in makers:
                found.update(text for arg in args for text in texts(arg) if re.fullmatch(r"[a-z_]+(\.[a-z_*]+)+", text))
            case ast.Assign([target], value) if "act" in ast.unparse(target).strip("()").split(", "):
                found.update(texts(value))
    return {act for one in found for act in remits() if act == one or (one[-1] == "*" and act.startswith(one[:-1]))} | {
        one for one in found if one[-1] != "*"
    }


def fields_in(tree: ast.AST) -> set[tuple[str, str]]:
    """The fields that a piece of code names: of records it makes, and of those it changes."""
    found: set[tuple[str, str]] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name("set_fields"), [ast.Constant(str(kind)), *_], keywords):
                found.update((kind, one.arg) for one in keywords if one.arg)
            case ast.Call(ast.Name(name), _, keywords) if name in CLASSES:
                found.update((CLASSES[name], one.arg) for one in keywords if one.arg not in (None, "id"))
    return found


@cache
def code() -> dict[str, tuple[ast.Module, frozenset[str]]]:
    """Every module that writes, with the names of its functions that make a draft of an act they are given."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
        makers = frozenset(one.name for one in functions if "act" in [arg.arg for arg in one.args.args])
        if any(isinstance(one, ast.Call) and ast.unparse(one.func) == "Draft" for one in ast.walk(tree)):
            found[str(path.relative_to(HOUSE))] = (tree, makers)
    return found


def test_every_act_that_the_program_writes_has_a_remit_and_none_has_one_that_nobody_writes() -> None:
    written = {act: name for name, (tree, makers) in code().items() for act in acts_in(tree, makers)}
    assert {act: name for act, name in written.items() if act not in remits()} == {}
    assert sorted(set(remits()) - set(written)) == []
    assert {f"incident.state.{state}" for states in NEXT.values() for state in states} <= set(remits())
    assert set(HONEST) == set(remits()) == set(matrix().acts)


def test_no_function_names_a_field_that_its_acts_may_not_change() -> None:
    """A function that makes no draft itself keeps to what any act may change."""
    strangers = []
    for name, (tree, makers) in code().items():
        for function in tree.body:
            acts = acts_in(function, makers) or set(remits())
            allowed = {place for act in acts for place in remits()[act]}
            strangers += [(name, *sorted(acts), place) for place in fields_in(function) - allowed]
    assert strangers == []


def test_a_field_that_a_named_person_answers_for_is_in_no_remit_by_a_star() -> None:
    guarded = {(kind, one.name) for kind in KINDS for one in fields_of(kind) if "rank" in one.metadata}
    allowed = {place: act for act, remit in remits().items() for place in remit if act != "conflict.decide"}
    told = {
        str(token)
        for remit in read_yaml(folder("resources") / FILE).values()
        for some in remit.values()
        for token in some
    }
    named = {tuple(token.partition("=")[0].split(".")) for token in told}
    assert guarded & set(allowed) <= named
    assert {place for place in allowed if place[1] == DELETED} == {("attachment", DELETED), ("member", DELETED)}


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"log.write": {"names": ["log.*"]}, "made.up": {}}, "made.up"),
        ({}, "log.write"),
        (["log.write"], "not a mapping"),
        ({"log.write": {"writes": ["log.*"]}}, "log.write"),
        ({"log.write": ["log.*"]}, "log.write"),
        ({"log.write": {"names": ["log.colour"]}}, "log.colour"),
        ({"log.write": {"names": ["book.*"]}}, r"book\.\*"),
        ({"log.write": {"names": "log.*"}}, "a remit says"),
    ],
)
def test_a_table_with_a_mistake_is_refused_by_act_and_field(broken: object, said: str) -> None:
    with pytest.raises(ContentError, match=said):
        read_remits(broken, ["log.write"])


# what a remit allows


@pytest.mark.parametrize("act", sorted(set(HONEST) - ROOTED))
def test_what_an_act_is_for_is_within_its_remit(act: str) -> None:
    assert verdict(act, honest(act, "x:ZX-aaaa1111-9")) == ""


@pytest.mark.parametrize("act", sorted(ROOTED))
def test_what_the_root_says_is_said_by_nobody_else(act: str) -> None:
    assert verdict(act, honest(act, "x:ZX-aaaa1111-9")) == BEYOND


@pytest.mark.parametrize("act", sorted(HONEST))
@pytest.mark.parametrize("base", [(), (SEEN,), (SEEN, OTHER)], ids=len)
def test_a_field_that_the_table_does_not_name_for_an_act_is_beyond_it(act: str, base: tuple[str, ...]) -> None:
    places = [(kind, one.name) for kind in KINDS for one in fields_of(kind)]
    changes = [
        told(*place, value, *base) for place in places for value in (None, "I", []) if place not in remits()[act]
    ]
    assert {verdict(act, honest(act, "x:ZX-aaaa1111-9"), change) for change in changes} == {BEYOND}


@pytest.mark.parametrize(
    ("act", "change", "expected"),
    [
        ("incident.state.verified", told("incident", "state", "verified", SEEN), ""),
        ("incident.state.verified", told("incident", "state", "closed", SEEN), BEYOND),
        ("incident.state.responding", told("incident", "closed_at", None, SEEN), ""),
        ("incident.state.responding", told("incident", "closed_at", "2026-11-24T12:00:00Z", SEEN), BEYOND),
        ("alarm.acknowledge", told("alarm", "acknowledged_by", "wang"), ""),
        ("alarm.acknowledge", told("alarm", "acknowledged_by", "li"), BEYOND),
        ("approval.answer", told("approval", "answered_by", "li", SEEN), BEYOND),
        ("approval.answer", told("approval", "answered_by", "@author", SEEN), BEYOND),
        ("approval.ask", told("approval", "state", "approved", record="approval:ZX-aaaa1111-9"), BEYOND),
        ("report.receive", told("report", "text", "x"), ""),
        ("report.receive", told("report", "text", "x", SEEN), BEYOND),
        ("report.update", told("report", "text", "x", SEEN), ""),
        ("report.update", told("report", "incident", "i2", SEEN), BEYOND),
        ("incident.open", told("incident", "level", "I"), BEYOND),
        ("incident.open", told("incident", "level", "I", record="incident:ZX-aaaa1111-9"), ""),
        ("incident.open", told("incident", "level", "I", SEEN, record="incident:ZX-aaaa1111-9"), BEYOND),
        ("incident.open", told("member", "incident", "i:ZX-aaaa1111-9", record="member:i:ZX-aaaa1111-9:wang"), ""),
        (
            "incident.open",
            told("member", "incident", "i:JD03-bbbb2222-9", record="member:i:ZX-aaaa1111-9:wang"),
            BEYOND,
        ),
        ("incident.open", told("member", "account", "li", record="member:i:ZX-aaaa1111-9:li"), BEYOND),
        ("incident.open", told("incident", "restricted", True), ""),
        ("incident.open", told("incident", "restricted", False), BEYOND),
        ("report.unmerge", told("incident", "restricted", False), BEYOND),
        ("incident.restrict", told("incident", "restricted", True, SEEN), ""),
        ("incident.restrict", told("incident", "restricted", False, SEEN), BEYOND),
        ("incident.lift_restriction", told("incident", "restricted", True, SEEN), BEYOND),
        ("incident.take_charge", told("incident", "owner", "li", SEEN), BEYOND),
        ("incident.take_charge", told("member", "account", "li"), BEYOND),
        ("report.add", told("incident", "level", "I"), ""),
        ("report.add", told("incident", "level", "I", SEEN), BEYOND),
        ("log.write", told("log", "text", "x", record="log:ZX-aaaa1111-9"), ""),
        ("log.write", told("log", "text", "x", record="log:ZX-bbbb2222-9"), BEYOND),
        ("log.write", told("log", "text", "x", record="log:JD03-aaaa1111-9"), BEYOND),
        ("log.write", told("log", "text", "x", record="log:PZX-aaaa1111-9"), BEYOND),
        ("document.export", told("document", "made_by", "li", record="document:ZX-aaaa1111-9"), BEYOND),
        ("access.unmask", told("access", "user", "li", record="access:ZX-aaaa1111-9"), BEYOND),
        ("attachment.remove", told("attachment", WHOLE, None, SEEN), ""),
        ("log.write", told("incident", WHOLE, None, SEEN), BEYOND),
    ],
)
def test_how_a_field_may_be_changed(act: str, change: Change, expected: str) -> None:
    assert verdict(act, change) == expected


@pytest.mark.parametrize(
    ("change", "refused", "expected"),
    [
        (told("incident", "title", "x", SEEN, OTHER), (), ""),
        (told("incident", "title", "x", SEEN), (), BEYOND),
        (told("incident", "title", "x", SEEN, SEEN), (), BEYOND),
        (told("incident", "level", "I", SEEN, OTHER), (), ""),
        (told("incident", "level", "I", SEEN, OTHER), ("incident.level.set",), "authority.role"),
        (
            told("incident", "state", "closed", SEEN, OTHER),
            ("incident.state.closed", "report.unmerge"),
            "authority.role",
        ),
        (told("incident", "state", "ended", SEEN, OTHER), ("incident.state.closed", "report.unmerge"), ""),
        (told("approval", "state", "approved", SEEN, OTHER), ("approval.answer",), "authority.role"),
        (told("incident", "restricted", False, SEEN, OTHER), ("incident.lift_restriction",), "authority.role"),
        (told("incident", "restricted", True, SEEN, OTHER), ("incident.lift_restriction",), ""),
        (told("incident", "signed_by", "li", SEEN, OTHER), (), BEYOND),
        (told("access", "user", "li", SEEN, OTHER), (), BEYOND),
        (told("grant", "role", "SUP", SEEN, OTHER), (), BEYOND),
        (told("incident", DELETED, True, SEEN, OTHER), (), BEYOND),
        (told("attachment", DELETED, False, SEEN, OTHER), (), ""),
    ],
)
def test_who_decides_what_was_said_apart_decides_no_more_than_he_might_have_set(
    change: Change, refused: tuple[str, ...], expected: str
) -> None:
    assert verdict("conflict.decide", change, refused=refused) == expected


def test_what_only_a_newer_program_knows_is_judged_by_that() -> None:
    """Nobody here folds it; a station that knows it judges it."""
    assert verdict("log.write", told("drone", "pilot", "li"), told("log", "mood", "good")) == ""
    assert verdict("log.write", told("drone", "pilot", "li"), told("incident", "level", "I")) == BEYOND


def test_an_act_that_nobody_knows_may_change_nothing() -> None:
    assert verdict("made.up", told("log", "text", "x", record="log:ZX-aaaa1111-9")) == BEYOND


def test_every_manner_of_the_table_is_told_at_its_head() -> None:
    head = (folder("resources") / FILE).read_text("utf-8").partition("\n\n")[0]
    assert all(f"#   {manner} " in head for manner in (*Manner, "but"))
