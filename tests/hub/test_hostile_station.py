"""What a station that was let in and has gone bad may try, and what comes of it at the hub and at the others."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.hub.hostile import OTHER, OWN, Bad, Town, town
from tests.hubs import digest, entries, linked, until
from workstation.domain.clock import ManualClock, iso
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.records import Alarm, Fork, Log
from workstation.journal import DEFERRED, WITHHELD, Filling, SentEntry, SubjectKey
from workstation.journal.codec import digest_of
from workstation.sync.parcel import Parcel, pack
from workstation.views.snapshot import read_snapshot


@pytest.fixture
def place(tmp_path: Path, clock: ManualClock) -> Iterator[Town]:
    with town(tmp_path, clock) as made:
        yield made


def log(place: Town, station: str, name: str, text: str) -> None:
    """A line that somebody writes there; `name` is a part of the record's."""
    own = place.stations[station].ask(lambda journal: journal.new_id().rpartition("-")[0]).result()
    draft = Draft("op", "log.write", set_fields("log", f"log:{own}-{name}", text=text), scope=OTHER)
    place.stations[station].write([draft]).result()


def logs(place: Town, station: str = "HUB") -> list[str | None]:
    asked = place.hub.station if station == "HUB" else place.stations[station]
    return sorted(asked.ask(lambda journal: [one.text for one in journal.situation.find(Log)]).result())


def test_what_it_saw_before_it_was_enrolled_makes_its_region_no_larger(place: Town) -> None:
    bad, begin = Bad(place, "a3"), 1
    cleared = [("alarm", "alarm:Z", "state", "cleared", [])]
    bad.push(*(bad.entry("rule:x", "alarm.clear", cleared, scope=scope, seen=begin) for scope in ("110000", "", OWN)))
    assert place.verdicts("a3") == ["authority.region"] * 2 + [""]


def test_dated_back_to_before_authority_began_it_gains_nothing_where_it_was_enrolled_later(place: Town) -> None:
    bad = Bad(place, "a4", clock=5)
    level = [("incident", "i1", "level", "I", [])]
    bad.push(bad.entry("sup", "incident.level.set", level, seen=0), bad.entry("nobody", "log.write", [], seen=0))
    assert place.verdicts("a4") == ["authority.account"] * 2


def test_revoked_it_writes_nothing_more_that_counts_whoever_carries_it_and_whatever_it_says_it_saw(place: Town) -> None:
    bad, before = Bad(place, "a5"), [("log", "log:JD03-a5-1", "text", "before", [])]
    first = bad.batch(bad.entry("op", "log.write", before))
    place.hub.station.write(
        [Draft("sec", "station.revoke", set_fields("station", "JD03", revoked_at=iso(place.clock.now())))]
    ).result()
    place.clock.advance(timedelta(days=30).total_seconds())
    late = Bad(place, "a5b")
    late.seen = bad.seen
    second = late.batch(late.entry("rule:x", "alarm.clear", [("alarm", "alarm:Z", "state", "cleared", [])]))
    for one in (first, second):
        place.hub.push("JD04", pack(Parcel((one,))))
    place.turns("ZX")
    assert place.verdicts("a5", "ZX") == [""] and place.verdicts("a5b", "ZX") == place.verdicts("a5b") == [
        "authority.revoked"
    ]


@pytest.mark.parametrize(
    ("author", "act", "change"),
    [
        ("sup", "member.add", ("member", "m1", "account", "st", [])),
        ("sup", "incident.lift_restriction", ("incident", "i1", "restricted", False, [])),
        ("op", "approval.ask", ("approval", "approval:JD03-a6-1", "state", "asked", [])),
        ("sup", "approval.answer", ("approval", "approval:1", "state", "approved", [])),
        ("sup", "erasure.order", ("erasure", "report:r1", "ordered_by", "sup", [])),
    ],
)
def test_it_lets_nobody_in_approves_and_erases_nothing_in_another_s_name(place: Town, author, act, change) -> None:
    bad = Bad(place, "a6")
    bad.push(bad.entry(author, act, [change]))
    assert place.verdicts("a6") == ["authority.signature"]


@pytest.mark.parametrize("incarnation", ["z" * 65, "a/b", "", "a b"])
def test_no_incarnation_is_called_so_that_others_cannot_read_of_it(place: Town, incarnation: str) -> None:
    bad = Bad(place, incarnation)
    assert bad.push(bad.entry("op", "log.write", [("log", "log:a", "text", "x", [])])) == 409
    log(place, "JD04", "b", "honest")
    place.turns("JD04", "ZX")
    assert logs(place, "ZX") == ["honest"]


def test_glass_upon_glass_keeps_the_hub_no_longer_than_any_entries(place: Town) -> None:
    bad = Bad(place, "a8")
    name = "approval:JD03-a8-1"
    ended = ("approval", name, "state", "ended", [])
    broken = bad.entry("st", "approval.break_glass", [("approval", name, "state", "approved", [])])
    shut = [
        bad.entry("st", "approval.end_glass", [ended, ("log", "l", "text", "x", [])], f"glass:{name}")
        for _ in range(60)
    ]
    assert bad.push(broken, *shut) == 200
    deep = Bad(place, "a8b")
    chain = [
        deep.entry("st", "approval.break_glass", [("approval", f"approval:JD03-a8b-{seq}", "state", "approved", [])],
                   f"glass:approval:JD03-a8b-{seq - 1}")
        for seq in range(1, 1500)
    ]  # fmt: skip
    assert deep.push(*chain) == 200
    assert "" not in place.verdicts("a8b")


@pytest.mark.parametrize(
    "time", ["garbage", "0001-01-01T00:00:00+14:00", "2026-11-24T11:40:00", "9999-12-31T23:59:59-14:00"]
)
def test_no_time_it_tells_takes_a_desk_away_from_the_others(place: Town, time: str) -> None:
    bad = Bad(place, "a9")
    raised = [("alarm", "alarm:x", "raised_at", time, []), ("alarm", "alarm:x", "state", "raised", [])]
    assert bad.push(bad.entry("rule:x", "alarm.raise", raised)) == 200
    place.turns("ZX")
    centre = place.stations["ZX"]
    assert centre.ask(lambda journal: [one.raised_at for one in journal.situation.find(Alarm)]).result() == [None]
    situation = centre.situation()
    assert len(read_snapshot(situation).alarms) == 1
    situation.close()


@pytest.mark.parametrize("number", [{"raw": 2**62}, {"clock": 2**63}, {"precedence": 10}, {"seen": -1}])
def test_no_number_of_a_header_is_out_of_bounds(place: Town, number: dict[str, int]) -> None:
    bad = Bad(place, "b1")
    assert bad.push(bad.entry("op", "log.write", [("log", "log:a", "text", "x", [])], **number)) == 400
    assert place.verdicts("b1") == []


def test_content_says_a_thing_in_one_way_alone_and_is_not_nested_without_end(place: Town) -> None:
    bad = Bad(place, "b2")
    plain = bad.entry("op", "log.write", [("log", "log:a", "text", "x", [])])
    assert bad.push(plain._replace(content=plain.content.replace(b"log.write", b"log\\u002ewrite"))) == 409
    deep: object = "x"
    for _ in range(240):
        deep = [deep]
    nested = Bad(place, "b3")
    one = nested.entry("op", "log.write", [("log", "log:a", "text", "x", [])])
    told = one.content.replace(b'"x"', b"[" * 300 + b'"x"' + b"]" * 300)
    assert nested.push(one._replace(content=told)) == 409
    endless = Bad(place, "b4")
    assert endless.push(endless.entry("op", "log.write", [("log", "log:a", "text", "x", ["X/x/" + "1" * 5000])])) == 409


def test_it_plants_no_key_of_another_s_sealed_values(place: Town) -> None:
    honest = place.stations["JD04"].ask(lambda journal: journal.own.incarnation).result()
    planted = SubjectKey(f"JD04-{honest}-1-report:r1", 1, "report:r1", None)
    bad = Bad(place, "b5")
    assert bad.push(bad.entry("op", "log.write", [("log", "log:a", "text", "x", [])]), keys=[planted]) == 200
    held = place.hub.station.ask(
        lambda journal: journal.store.connection.execute("select key from subject_key").fetchall()
    )
    assert held.result() == []


def test_what_it_carries_without_content_is_asked_of_its_author(place: Town) -> None:
    log(place, "JD04", "b", "important")
    [batch] = (
        place.stations["JD04"].ask(lambda journal: [journal.exchange.run("JD04", journal.own.incarnation, 0)]).result()
    )
    first = batch.entries[0]
    bare = replace(batch, entries=(first._replace(content=b"", digest=sha(first), lacks=WITHHELD), *batch.entries[1:]))
    place.ask("/v1/push", pack(Parcel((bare,))))
    assert logs(place) == []
    place.turns("JD04")
    assert logs(place) == ["important"]


def sha(entry: SentEntry) -> bytes:
    return digest_of(entry.content)


def test_thousands_of_its_headers_keep_no_other_s_contents_from_being_asked_for(place: Town) -> None:
    bad = Bad(place, "b6")
    bare = [SentEntry(bad.entry("rule:x", "a", []).stamp, b"", bytes(32), DEFERRED) for _ in range(6000)]
    assert bad.push(*(one._replace(stamp=one.stamp._replace(precedence=0)) for one in bare)) == 200
    for number in range(600):
        log(place, "JD04", str(number), f"{number:03}")
    raised = Draft("rule:x", "alarm.raise", set_fields("alarm", "alarm:r", level="I", state="raised"), scope=OTHER)
    place.stations["JD04"].write([raised]).result()
    place.turns("JD04")
    assert len(logs(place)) == 600


def test_contents_of_streams_that_nobody_knows_make_none(place: Town) -> None:
    invented = tuple(Filling("NOBODY", f"x{number}", ((1, b"[]"),)) for number in range(2000))
    assert place.ask("/v1/push", pack(Parcel(fillings=invented)))[0] == 200
    held = place.hub.station.ask(lambda journal: [one.station for one in journal.store.streams()]).result()
    assert "NOBODY" not in held


def test_its_fork_held_by_another_does_not_keep_that_one_from_hearing_what_is_new(place: Town) -> None:
    told, other = Bad(place, "b7"), Bad(place, "b7")
    kept = told.batch(told.entry("op", "log.write", [("log", "log:a", "text", "one side", [])]))
    place.stations["JD04"].merge(kept).result()
    other.push(other.entry("op", "log.write", [("log", "log:a", "text", "the other side", [])]))
    log(place, "ZX", "c", "from the centre")
    place.turns("ZX")
    log(place, "JD04", "d", "from the street")
    with linked(place.stations["JD04"]):
        until(lambda: "from the street" in logs(place))
        log(place, "ZX", "e", "later")
        place.turns("ZX")
        until(
            lambda: (
                place.stations["JD04"].ask(lambda journal: journal.exchange.heads()).result().keys()
                >= {("ZX", zx(place))}
            )
        )
        until(lambda: entries_of(place, "ZX") == entries_of(place, "HUB"))


def test_a_fork_told_without_proof_counts_nowhere_and_makes_no_good_journal_look_altered(place: Town) -> None:
    bad, name = Bad(place, "b9"), "JD04/o/1"
    told = [("fork", name, field, value, []) for field, value in (("station", "JD04"), ("proof", {"sides": []}))]
    bad.push(bad.entry("rule:forks", "fork.find", told))
    place.turns("ZX")
    assert place.verdicts("b9") == ["authority.unproven"]
    assert [place.stations["ZX"].ask(lambda journal: [*journal.verify()]).result()] == [[]]


def test_of_its_own_forks_one_is_proof_enough(place: Town) -> None:
    told, other = Bad(place, "c1"), Bad(place, "c1")
    for seq in (1, 2, 3):
        for one in (told, other):
            line = one.entry("rule:x", "alarm.raise", [("alarm", f"alarm:{seq}", "state", "raised", [])])
            status = one.push(line if one is told else line._replace(stamp=line.stamp._replace(precedence=2)))
        assert status == 409
    forks = place.hub.station.ask(lambda journal: journal.situation.find(Fork)).result()
    assert [one.id for one in forks] == ["JD03/c1/1"]


def test_thousands_of_its_values_of_one_field_are_one_line_of_the_inbox(place: Town) -> None:
    bad = Bad(place, "c2")
    bad.push(*(bad.entry("rule:x", "alarm.raise", [("alarm", "alarm:a", "place", str(n), [f"JD03/z/{n}"])])
               for n in range(1, 6001)))  # fmt: skip
    place.turns("ZX")
    assert len(place.hub.station.ask(lambda journal: journal.situation.conflicts()).result()) == 1
    assert digest(place.hub.station) == digest(place.stations["ZX"])


def zx(place: Town) -> str:
    return str(place.stations["ZX"].ask(lambda journal: journal.own.incarnation).result())


def entries_of(place: Town, at: str) -> int:
    asked = place.hub.station if at == "HUB" else place.stations["JD04"]
    return int(asked.ask(lambda journal: journal.exchange.heads().get(("ZX", zx(place)), 0)).result())


def test_whole_records_alone_are_remembered_in_whatever_pieces_they_come(place: Town) -> None:
    bad = Bad(place, "b8")
    gone = [("attachment", "film", "whole_record", None, ["JD04/o/1"])]
    deleted = [("attachment", "film", "deleted", True, [])]
    for act in (gone, deleted):
        bad.push(bad.entry("rule:x", "attachment.remove", act))
    place.turns("ZX")
    assert digest(place.hub.station) == digest(place.stations["ZX"])
    assert place.hub.station.ask(lambda journal: [*journal.verify()]).result() == []


def test_a_stranger_s_enrolment_is_read_no_further_than_a_stranger_s_body(place: Town) -> None:
    parts = urlsplit(place.url)
    with socket.create_connection((parts.hostname, parts.port)) as line:
        line.sendall(b"POST /v1/enrol HTTP/1.1\r\nhost: x\r\ncontent-length: 400000000\r\n\r\n")
        told = b""
        try:
            for _ in range(400):
                line.sendall(bytes(1_000_000))
        except OSError:
            pass
        line.settimeout(10)
        try:
            told = line.recv(100)
        except OSError:
            told = b"HTTP/1.1 413"  # it hung up before it was heard
    assert b"413" in told
    assert entries(place.hub.station) > 0
