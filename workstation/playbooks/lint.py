"""Finding what is wrong with a playbook file, each mistake with file, line, step and field."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from workstation.content import SAFE, read_text
from workstation.playbooks.indicators import known_names
from workstation.playbooks.parsing import ExpressionError, parse
from workstation.playbooks.schema import FIELD_ROLES, LEVELS, ROLES, ByLevel, Common, Playbook, StepPlan

NEVER_AUTO = FIELD_ROLES
"""A warning, an evacuation, a closure, a cut-off: what others do in the field is never done by the machine alone."""
Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake. `place` is the step (or section), `field` the key in it, `line` its line in the file or 0."""

    file: str
    line: int
    place: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.place}: {self.field}: {self.reason}"


class Source:
    """A YAML file, and the lines of its nodes where somebody asks for them."""

    def __init__(self, path: Path) -> None:
        self.name, self._text = path.name, read_text(path)
        self.content: Any = None
        self.broken: Finding | None = None
        try:
            self.content = yaml.load(self._text, Loader=SAFE)  # noqa: S506  it is the safe one
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            line = mark.line + 1 if mark else 0
            self.broken = Finding(self.name, line, "file", "yaml", error.problem or "not YAML")

    @cached_property
    def lines(self) -> dict[Path_, int]:
        return dict(_marked(yaml.compose(self._text, Loader=SAFE), ()))

    def finding(self, path: Path_, reason: str) -> Finding:
        """A mistake at a place, with the nearest line that is known."""
        near = path
        while near and near not in self.lines:
            near = near[:-1]
        return Finding(self.name, self.lines.get(near, 1), self._place(path), str(path[-1]) if path else "", reason)

    def _place(self, path: Path_) -> str:
        """The id of the step a path lies in, or its section."""
        if len(path) >= 2 and path[0] in ("steps", "common") and isinstance(path[1], int):
            try:
                return str(self.content[path[0]][path[1]]["id"])
            except (KeyError, IndexError, TypeError):
                return f"{path[0]}[{path[1]}]"
        return str(path[0]) if path else "file"


def _marked(node: yaml.Node | None, path: Path_) -> Iterator[tuple[Path_, int]]:
    """The line of a node, and of all within it."""
    if node is None:
        return
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _marked(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _marked(value, (*path, number))


def lint(path: Path) -> list[Finding]:
    """Every mistake of a playbook file; none for a good one."""
    return mistakes(Source(path))


def mistakes(source: Source) -> list[Finding]:
    """Every mistake of a playbook file that was read."""
    if source.broken:
        return [source.broken]
    wrong = list(
        _shape(source, Common if isinstance(source.content, dict) and "common" in source.content else Playbook)
    )
    return wrong or list(_meaning(source))


def _shape(source: Source, model: type[BaseModel]) -> Iterator[Finding]:
    try:
        model.model_validate(source.content)
    except ValidationError as error:
        for one in error.errors():
            path = tuple(_kept(source.content, one["loc"], one["type"] == "missing"))
            yield source.finding(path, one["msg"])


def _kept(content: Any, loc: Path_, missing: bool) -> Iterator[str | int]:
    """The parts of a validator's location that name something in the file; the rest are its own words for types."""
    for number, part in enumerate(loc):
        if _has(content, part):
            content = content[part]
            yield part
        elif missing and number == len(loc) - 1:
            yield part


def _has(content: Any, part: str | int) -> bool:
    if isinstance(content, dict):
        return part in content
    return isinstance(content, list) and isinstance(part, int) and part < len(content)


def _meaning(source: Source) -> Iterator[Finding]:
    section = "common" if "common" in source.content else "steps"
    plans = [StepPlan.model_validate(step) for step in source.content[section]]
    for number, plan in enumerate(plans):
        yield from _step(source, (section, number), plan)
    seen: set[str] = set()
    for number, plan in enumerate(plans):
        if plan.id in seen:
            yield source.finding((section, number, "id"), f"step {plan.id} is defined twice")
        seen.add(plan.id)
    for path in _condition_paths(source.content, section):
        yield from _condition(source, path)
    if section == "steps":
        yield from _levels(source)
        if not (source.content["trigger"].get("any") or source.content["trigger"].get("all")):
            yield source.finding(("trigger",), "no condition starts this playbook")


def _step(source: Source, path: Path_, plan: StepPlan) -> Iterator[Finding]:
    for role in (plan.role, *plan.esc):
        if role not in ROLES:
            yield source.finding((*path, "role"), f"no such role: {role}")
    if plan.mode == "auto" and plan.role in NEVER_AUTO:
        yield source.finding((*path, "mode"), "what is done in the field is never automatic")
    for name, minutes in (("due", plan.due), ("repeat_min", plan.repeat_min)):
        if isinstance(minutes, dict):
            yield from _by_level(source, (*path, name), minutes)
    if plan.repeat_min == 0:
        yield source.finding((*path, "repeat_min"), "must be more than 0")


def _by_level(source: Source, path: Path_, minutes: ByLevel) -> Iterator[Finding]:
    missing = [level for level in LEVELS if level not in minutes]
    if missing:
        yield source.finding(path, f"no value for level {', '.join(missing)}")
    values = [minutes[level] for level in LEVELS if level in minutes]
    if values != sorted(values):
        yield source.finding(path, "a graver level has more time than a lighter one")


def _levels(source: Source) -> Iterator[Finding]:
    order = [rule["level"] for rule in source.content["levels"]]
    if order != sorted(order, key=LEVELS.index):
        yield source.finding(("levels",), "levels must stand from I down to IV, as the first that holds counts")


def _condition_paths(content: Any, section: str) -> Iterator[Path_]:
    for number, step in enumerate(content[section]):
        if "if" in step:
            yield (section, number, "if")
    for mode in ("any", "all"):
        for number, _ in enumerate(content.get("trigger", {}).get(mode, [])):
            yield ("trigger", mode, number)
    for number, _ in enumerate(content.get("levels", [])):
        yield ("levels", number, "when")
    for number, _ in enumerate(content.get("stop", {}).get("all", [])):
        yield ("stop", "all", number)


def _condition(source: Source, path: Path_) -> Iterator[Finding]:
    text = source.content
    for part in path:
        text = text[part]
    try:
        condition = parse(text)
    except ExpressionError as error:
        yield source.finding(path, f"{text!r}: {error}")
        return
    for name in sorted(set(condition.node.names()) - known_names()):
        yield source.finding(path, f"{text!r}: no indicator is called {name}")
