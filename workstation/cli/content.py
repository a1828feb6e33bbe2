"""`maps` and `check`: what the installation carries, and whether it is sound."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from workstation import content, preflight
from workstation.app.assembly import city
from workstation.cli.terms import JsonOption, print_json
from workstation.domain.errors import KnownError
from workstation.intake.rules import read_rules
from workstation.playbooks.lint import lint
from workstation.reactions.limits import rules
from workstation.words import catalogue


def add_to(app: typer.Typer) -> None:
    app.command()(maps)
    app.command()(check)


def maps(json: JsonOption = False) -> None:
    """List the cities under maps/ with their files and sizes."""
    for folder in sorted(one for one in content.folder("maps").iterdir() if (one / "city.yaml").is_file()):
        about = content.read_yaml(folder / "city.yaml")
        files = {file.name: file.stat().st_size for file in sorted(folder.iterdir()) if file.is_file()}
        if json:
            print_json({"city": folder.name, "name_zh": about["name_zh"], "name_en": about["name_en"], "files": files})
        else:
            typer.echo(
                f"{folder.name}\t{about['name_zh']} {about['name_en']}\t{len(files)} files, {sum(files.values())} bytes"
            )


def check(
    playbooks: Annotated[
        list[Path] | None, typer.Argument(help="Playbook files; all of them when none is named")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check this machine and the content: system libraries, cities, tables, playbooks, words. Exit 1 on a fault."""
    faults = list(
        _playbook_faults(playbooks) if playbooks else (*_playbook_faults(None), *_content_faults(), *_machine())
    )
    for fault in faults:
        if json:
            print_json({"fault": fault})
        else:
            typer.echo(fault)
    if faults:
        raise typer.Exit(1)


def _playbook_faults(files: list[Path] | None) -> Iterator[str]:
    for file in files or sorted(content.folder("playbooks").glob("*.yaml")):
        try:
            yield from (str(finding) for finding in lint(file))
        except KnownError as error:
            yield str(error)


def _content_faults() -> Iterator[str]:
    towns = [folder.parent.name for folder in content.folder("maps").glob("*/city.yaml")]
    checks: list[Callable[[], object]] = [rules, read_rules, catalogue]
    checks += [partial(city, name) for name in towns]
    for look in checks:
        try:
            look()
        except KnownError as error:
            yield str(error)


def _machine() -> Iterator[str]:
    missing = preflight.missing_for_desk(preflight.this_machine())
    if missing:
        yield f"system packages are missing: {' '.join(missing)}"
