"""A station killed in the middle of its work, twenty times over: what it acknowledged is there, nothing is askew."""

import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.hubs import until
from tests.stories.births import Nursery, is_there, nursery
from workstation.domain.clock import WallClock, millis, parse_iso
from workstation.journal.audit import audit
from workstation.station import Space

KILLS = 20
MOST_LINES, LONGEST_S = 40, 0.05
Line = dict[str, Any]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes with SIGKILL")


def said(out: Path) -> list[Line]:
    """The whole lines of a station that was cut off while it spoke; the first says that it is ready."""
    whole, _, _ = out.read_bytes().rpartition(b"\n")
    return [json.loads(line) for line in whole.splitlines()][1:]


def killed(mother: Nursery, folder: Path, seed: int, chance: Random) -> list[Line]:
    """Run a station until it has acknowledged some lines, kill it a moment later; what it had acknowledged by then."""
    lines = chance.randrange(MOST_LINES)
    out = folder.with_name(f"out-{seed}")
    out.touch()
    station = mother.bear("evening", folder, out, seed=seed)
    until(lambda: out.read_bytes().count(b"\n") > lines or not is_there(station))
    time.sleep(chance.uniform(0, LONGEST_S))
    assert Path(f"{out}.err").read_text() == ""
    mother.kill(station)
    return said(out)


def absent(space: Space, acknowledged: list[Line]) -> Iterator[Line]:
    """Every acknowledged line of which an entry, a report or a measurement is missing or says something else."""
    with closing(sqlite3.connect(space.journal)) as journal, closing(sqlite3.connect(space.telemetry)) as telemetry:
        entries = {
            f"{station}/{incarnation}/{seq}": {"digest": digest.hex(), "hash": own.hex()}
            for station, incarnation, seq, digest, own in journal.execute(
                "select s.station, s.incarnation, e.seq, e.digest, e.hash"
                " from entry e join stream s on s.number = e.stream"
            )
        }
        reports = {row[0] for row in journal.execute("select id from report")}
        measured = set(
            telemetry.execute("select s.id, o.at from observation o join sensor s on s.number = o.sensor").fetchall()
        )
    for line in acknowledged:
        entry = entries.get(line["ref"], {})
        told = all(entry.get(name) == line[name] for name in ("digest", "hash") if name in line)
        heard = line.get("report") is None or line["report"] in reports
        seen = {(sensor, millis(parse_iso(line["at"]))) for sensor in line.get("sensors", ())} <= measured
        if not (entry and told and heard and seen):
            yield line


def test_what_a_station_acknowledged_outlives_twenty_kills_under_load(tmp_path: Path) -> None:
    chance, space = Random(20261124), Space(tmp_path / "space")
    acknowledged: list[Line] = []
    with nursery() as mother:
        for kill in range(KILLS):
            acknowledged += killed(mother, space.folder, kill, chance)
            assert audit(space.journal, space.identity(), space.sealer(), WallClock()) == [], f"after kill {kill}"
            assert [*absent(space, acknowledged)] == [], f"after kill {kill}"
    assert len(acknowledged) > 10 * KILLS
    with closing(sqlite3.connect(space.journal)) as journal:
        acts = Counter(dict(journal.execute("select act, count(*) from journal group by act")))
        streams = journal.execute("select count(*) from stream").fetchone()[0]
    assert acts.keys() >= {"incident.open", "report.receive", "incident.level.set", "alarm.raise"}
    assert streams == 1
