"""What is deployed starts the hub with options the hub has."""

import json
import re
import shlex
import shutil
import subprocess

import pytest

from tests.cli.command import workstation
from workstation.content import folder

DEPLOY = folder("resources") / "deploy"
UNIT, CONTAINER = DEPLOY / "workstation-hub.service", DEPLOY / "Containerfile"


def unit_command() -> list[str]:
    return shlex.split(re.search(r"^ExecStart=(.+)$", UNIT.read_text(), re.MULTILINE)[1])[1:]


def container_command() -> list[str]:
    return json.loads(re.search(r"^ENTRYPOINT (.+)$", CONTAINER.read_text(), re.MULTILINE)[1])[1:]


@pytest.mark.parametrize("words", [unit_command(), container_command()], ids=["unit", "container"])
def test_the_command_and_its_options_are_known(words, tmp_path):
    assert words[0] == "hub"
    known = set(re.findall(r"--[a-z-]+", workstation("hub", "--help").out))
    assert {word for word in words if word.startswith("--")} <= known
    words[words.index("--space") + 1] = str(tmp_path / "hub")
    assert re.fullmatch(r"(\w{4}-?){4}\n", workstation(*words, "--invite", "JD03").out)


def test_the_unit_is_one_that_systemd_takes(tmp_path):
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("needs systemd-analyze")
    unit = tmp_path / UNIT.name
    text = (
        UNIT.read_text()
        .replace("/opt/workstation/bin/workstation", "/bin/true")
        .replace("User=workstation", "User=root")
    )
    unit.write_text(text)
    done = subprocess.run([verify, "verify", str(unit)], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert said == []
