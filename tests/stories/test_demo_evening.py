"""The whole evening from the command line, as a person without a display would start it; then what it left behind.

The evening's clock waits for the machine, so its figures are the same wherever and beside whatever it is played.
"""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest
from PySide6.QtGui import QImage

from workstation.cli.terms import has_display
from workstation.content import folder
from workstation.domain.records import Incident, Report, Task
from workstation.situation import Situation
from workstation.station import Space
from workstation.views.desk_pages import NAMES
from workstation.views.incident_page import TABS

LONGEST_S = 1800  # two minutes on a quiet machine; one that is busy plays the same evening, only slower
PICTURE = "incident-summary-zh-1920.png"
CARRIED_OUT = {
    "C1": "2026-11-24T11:25:30.000Z",
    "C4": "2026-11-24T11:28:30.000Z",
    "F2": "2026-11-24T11:46:00.000Z",
    "F3": "2026-11-24T11:38:30.000Z",
    "F6": "2026-11-24T12:15:00.000Z",
    "F8": "2026-11-24T11:51:00.000Z",
}
"""When some steps of the playbook were done: confirmed at the desk, and by the offices they were given to."""


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the evening was played."""
    out = tmp_path_factory.mktemp("evening") / "out"
    command = [sys.executable, "-m", "workstation", "demo", "--headless", "--out", str(out)]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, env=env, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert "Traceback" not in done.stderr
    return out


@pytest.fixture(scope="module")
def summary(evening: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((evening / "summary.json").read_text())
    return found


@pytest.fixture(scope="module")
def situation(evening: Path):
    opened = Situation.open(Space(evening / "zx").journal)
    yield opened
    opened.close()


def test_every_report_came_in_once_and_every_broken_one_was_kept(summary):
    assert summary["reports"]["in"] == 71
    assert summary["reports"]["quarantined"] == 5
    assert summary["reports"]["by_source"] == {"calls": 59, "open311": 10, "usgs": 1, "desk": 1}


def test_twenty_calls_about_one_flood_are_one_incident(summary, situation):
    assert summary["incidents"]["calls_about_the_worst"] == 20
    (worst,) = situation.find(Incident, number=summary["incidents"]["worst"])
    assert worst.title == "人民路下穿城市内涝"
    assert situation.count(Report, incident=worst.id) == summary["incidents"]["reports_about_the_worst"]
    assert summary["incidents"]["reports_about_the_worst"] == 24
    assert summary["reports"]["merged"] == {"founding": 25, "automatic": 39, "accepted": 2, "rejected": 2, "none": 3}
    assert summary["incidents"]["after_merging"] == 27
    assert summary["incidents"]["by_state"] == {"controlled": 23, "responding": 3, "ended": 1, "merged": 2}


def test_alarms_were_raised_seen_and_cleared(summary):
    assert summary["scenario"] == {"minutes": 116.0, "measurements": 75164}
    assert summary["alarms"] == {"raised": 36, "acknowledged": 36, "cleared": 26, "standing": 10}
    assert summary["sensor_to_alarm"]["alarms"] == 68
    assert 0 < summary["sensor_to_alarm"]["p50_ms"] <= summary["sensor_to_alarm"]["p95_ms"]


def test_the_playbook_was_carried_out_with_planned_and_actual_times(summary):
    playbook = summary["playbook"]
    (run,) = playbook["runs"]
    assert (run["playbook"], run["state"], run["suggested"]) == ("PB-FLOOD", "stopped", "III")
    done = [step for step in playbook["steps"] if step["state"] == "done"]
    assert playbook["steps_done"] == len(done) == 24
    assert all(step["planned"] and step["actual"] for step in done)
    assert Counter(step["overrun"] for step in playbook["steps"]) == {"none": 20, "yellow": 3, "red": 2, "escalated": 3}
    assert {step["step"]: step["actual"] for step in done if step["step"] in CARRIED_OUT} == CARRIED_OUT


def test_orders_given_while_the_street_was_cut_off_came_late_and_were_told_by_telephone(summary, situation):
    assert summary["tasks"] == {
        "sent": 6,
        "done": 6,
        "delivered": 6,
        "delivered_late": 2,
        "latest_delivery_minutes": 24.5,
        "told_by_telephone": 2,
    }
    assert {task.state for task in situation.find(Task, office="JD03")} == {"done"}


def test_hub_centre_and_street_hold_the_same_in_the_end(evening, summary):
    sync = summary["sync"]
    held = [sync[name] for name in ("hub", "centre", "street")]
    assert sync["equal"]
    assert len({(one["entries"], one["tables"]) for one in held}) == 1
    assert held[0]["entries"] > 1000
    for name in ("hub", "zx", "jd03"):
        command = [sys.executable, "-m", "workstation", "audit", "verify", str(evening / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")


def test_what_was_said_apart_was_shown_and_decided_by_name(summary, situation):
    assert summary["conflicts"] == {"shown": 1, "by_state": {"decided": 1}, "fields": ["incident.trapped"]}
    assert summary["refused"] == {}
    (conflict,) = situation.conflicts()
    assert {claim.value for claim in conflict.heads} == {2, 3}
    assert {claim.station for claim in conflict.heads} == {"ZX", "JD03"}
    assert conflict.state == "decided"


def test_the_street_opened_an_incident_of_its_own_without_the_network(situation):
    (own,) = [one for one in situation.find(Incident) if "JD03" in (one.number or "")]
    assert own.number == "SJ20261124-JD03-0001"


def test_documents_are_what_their_digests_say_and_hold_no_clear_personal_value(evening, summary):
    names = {one["file"] for one in summary["documents"]}
    assert {name.rsplit(".", 1)[1] for name in names} == {"html", "pdf", "csv", "geojson"}
    for one in summary["documents"]:
        raw = (evening / "documents" / one["file"]).read_bytes()
        assert sha256(raw).hexdigest() == one["sha256"]
        assert not re.search(r"13800000\d{3}", _text_of(one["file"], raw)), one["file"]


def _text_of(name: str, raw: bytes) -> str:
    """What a reader finds in a document."""
    if name.endswith(".pdf"):
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(raw)).pages)
    return raw.decode("utf-8-sig")


def test_the_list_has_as_many_rows_as_there_are_incidents(evening, situation):
    text = (evening / "documents" / "incidents.csv").read_text("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text)))) == situation.count(Incident)
    features = json.loads((evening / "documents" / "incidents.geojson").read_bytes())["features"]
    assert len(features) == situation.count(Incident)


def test_every_page_was_pictured_in_both_languages(evening, summary):
    pages = [f"incident-{name}" for name in TABS] + list(NAMES[1:]) + ["call"]
    wanted = {f"{page}-{language}-{width}.png" for page in pages for language in ("zh", "en") for width in (1366, 1920)}
    for room in ("centre", "street"):
        assert {file.name for file in (evening / "screens" / room).iterdir()} == wanted
    assert summary["screenshots"] == 2 * len(wanted)


def test_the_readme_shows_the_desk_as_it_is(evening):
    shown, made = folder("resources") / "pictures" / "desk.png", evening / "screens" / "centre" / PICTURE
    if os.environ.get("WRITE_PICTURES"):
        shown.parent.mkdir(exist_ok=True)
        shown.write_bytes(made.read_bytes())
    before, now = _grey(shown), _grey(made)
    assert before.size == now.size
    assert np.abs(before - now).mean() < 8  # of 255: ages and clocks differ from evening to evening, the desk does not


def _grey(file: Path) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    """The lightness of every pixel, row by row."""
    image = QImage(str(file)).convertToFormat(QImage.Format.Format_Grayscale8)
    return np.frombuffer(image.constBits(), np.uint8).astype(np.int64)


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    command = [sys.executable, "-m", "workstation", "demo", "--headless", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "letter.txt" in done.stderr
    assert (tmp_path / "letter.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("platform", "display", "has"), [("", "", False), ("", ":0", True), ("offscreen", ":0", False)]
)
def test_without_a_display_no_window_is_tried(monkeypatch, platform, display, has):
    monkeypatch.setattr(sys, "platform", "linux")
    for name, value in (("QT_QPA_PLATFORM", platform), ("DISPLAY", display), ("WAYLAND_DISPLAY", "")):
        monkeypatch.setenv(name, value)
    assert has_display() is has
