"""Hub and stations as processes of their own, joined by the command line as an administrator would."""

import json
import signal
import subprocess
import sys
from contextlib import contextmanager

from tests.hubs import until
from tests.servers import free_port
from workstation.domain.records import GridCell, Report
from workstation.situation import Situation
from workstation.station import Space

CALLS = "编号,时间,内容,地点,电话\nA1,2026-11-24 19:30:00,人民路下穿积水,人民路下穿,13800000101\n"


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "workstation", *words], capture_output=True, text=True, check=False)


@contextmanager
def serving(*words: str):
    """A node that runs until the block ends, and then ends by itself when told to."""
    command = [sys.executable, "-m", "workstation", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as node:
        try:
            yield node
        finally:
            node.send_signal(signal.SIGINT)
            _, err = node.communicate(timeout=60)
            assert node.returncode == 0, err
            assert "Traceback" not in err


def began(station: "subprocess.Popen[str]") -> None:
    """Wait until a station says that it runs."""
    while "runs over" not in (line := station.stderr.readline()):
        assert line, "the station ended before it ran"


def count(space, kind) -> int:
    situation = Situation.open(Space(space).journal)
    found = situation.count(kind)
    situation.close()
    return found


def test_two_stations_enrol_with_one_time_codes_and_hear_of_each_other(tmp_path):
    hub, centre, street = (tmp_path / name for name in ("hub", "zx", "jd03"))
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"

    def enrolling(space, code) -> tuple[str, ...]:
        invitation = run("hub", "--space", str(hub), "--invite", code).stdout.strip()
        return ("station", "--space", str(space), "--code", code, "--enrol", url, "--invitation", invitation)

    with serving("hub", "--space", str(hub), "--port", port) as node:
        assert json.loads(node.stdout.readline())["url"] == url
        words = enrolling(street, "JD03")
        with serving(*enrolling(centre, "ZX")) as first:
            began(first)
            with serving(*words) as second:
                began(second)
                until(lambda: count(street, GridCell) > 500)
            assert run(*words).returncode == 1  # the code was used, and the space holds entries of its own
            table = tmp_path / "calls.csv"
            table.write_text(CALLS, encoding="utf-8")
            assert run("import", str(table), "--space", str(street)).returncode == 0
            with serving("station", "--space", str(street)):
                until(lambda: count(centre, Report) == 1)
    assert run("audit", "verify", str(centre)).returncode == 0


def test_a_hub_on_a_taken_port_says_so(tmp_path):
    port = str(free_port())
    with serving("hub", "--space", str(tmp_path / "one"), "--port", port) as node:
        node.stdout.readline()
        second = run("hub", "--space", str(tmp_path / "two"), "--port", port)
        assert second.returncode == 1
        assert port in second.stderr
        assert "Traceback" not in second.stderr


def test_a_wrong_code_is_refused_in_words(tmp_path):
    port = str(free_port())
    with serving("hub", "--space", str(tmp_path / "hub"), "--port", port) as node:
        node.stdout.readline()
        words = ("--enrol", f"http://127.0.0.1:{port}", "--invitation", "AAAABBBBCCCCDDDD")
        done = run("station", "--space", str(tmp_path / "x"), "--code", "JD01", *words)
        assert done.returncode == 1
        assert "invitation" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_hub_speaks_to_other_machines_over_tls_alone_unless_told_that_it_may(tmp_path):
    space, port = str(tmp_path / "hub"), str(free_port())
    done = run("hub", "--space", space, "--host", "0.0.0.0", "--port", port, "--no-tls")
    assert (done.returncode, "--insecure" in done.stderr) == (1, True)
    with serving("hub", "--space", space, "--host", "0.0.0.0", "--port", port) as node:
        assert json.loads(node.stdout.readline())["url"] == f"https://0.0.0.0:{port}"
        invitation = run("hub", "--space", space, "--invite", "JD03").stdout.strip()
        words = ("--enrol", f"https://127.0.0.1:{port}", "--invitation", invitation)
        with serving("station", "--space", str(tmp_path / "jd03"), "--code", "JD03", *words) as office:
            began(office)
