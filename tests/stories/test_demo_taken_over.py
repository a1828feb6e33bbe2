"""The demo evening in a person's hands: time waits for the machine, and the script for the person."""

from contextlib import closing
from pathlib import Path

from tests.hubs import until
from workstation.app.evening import DemoEvening
from workstation.app.playing import EveningPlay
from workstation.commands.incident import set_state
from workstation.demo.centre_script import worst_flood
from workstation.domain.records import Alarm, Incident, Run

QUICK = 200.0
PATIENCE_S = 300


def play_until(evening: DemoEvening, minute: float) -> None:
    evening.pace.run_until(minute)
    until(lambda: evening.pace.has_arrived, PATIENCE_S)


def test_who_takes_over_finds_the_desk_untouched_and_hands_it_back(tmp_path: Path) -> None:
    with closing(DemoEvening(tmp_path / "out", QUICK)) as evening:
        play = EveningPlay(evening)
        play.take_over()
        play_until(evening, 32)
        with closing(evening.centre.station.situation()) as situation:
            flood = worst_flood(situation)
            assert flood is not None
            assert flood.state == "reported"
            assert all(alarm.acknowledged_at is None for alarm in situation.find(Alarm))
            evening.centre.station.submit(set_state(flood.id, "verified", "视频核实"), "孙悦", "operator").result()
            play.hand_back()
            play_until(evening, 35.5)
            known = situation.get(Incident, flood.id)
            assert known is not None
            assert known.state == "responding"
            assert [run.state for run in situation.find(Run, incident=flood.id, playbook="PB-FLOOD")] == ["running"]
        assert play.minute == 35.5
        assert not play.is_cut
