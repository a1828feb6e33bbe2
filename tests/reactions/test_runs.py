"""PB-FLOOD played whole at a station: trigger, steps, roles, deadlines, overrun, tasks, levels, stop."""

from contextlib import closing
from datetime import timedelta

import pytest

from workstation.commands.run import confirm_step, decide_step, skip_step, start_run, stop_run
from workstation.commands.task import acknowledge_task, complete_task
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of, set_fields
from workstation.domain.errors import Refused
from workstation.domain.observation import Observation
from workstation.domain.records import Incident, Run, Sensor, Step, Task
from workstation.playbooks import read_library
from workstation.reactions.deliveries import Deliveries
from workstation.reactions.runs import AT_ONCE, Runs
from workstation.station import Parts, Space, Station

PLACE = {"lat": 29.6, "lon": 124.2}
RUN = "run:PB-FLOOD:i1"


class Gauges:
    """The latest measurements, as a test sets them."""

    def __init__(self, clock):
        self.clock = clock
        self.values: dict[str, float] = {}

    def __call__(self):
        return {sensor: Observation(sensor, self.clock.now(), value) for sensor, value in self.values.items()}


@pytest.fixture
def gauges(clock):
    return Gauges(clock)


@pytest.fixture
def station(tmp_path, clock, gauges):
    parts = Parts(reactions=[Runs(read_library(), gauges), Deliveries("ZX")], ticks=False)
    running = Station(Space.found(tmp_path / "ZX", "ZX"), clock, parts)
    running.start()
    sensors = [Sensor(id="RM-07", type="underpass_ponding", **PLACE), Sensor(id="SW-01", type="river_level", **PLACE)]
    running.write([Draft("content", "city.load", changes_of(sensor)) for sensor in sensors]).result()
    incident = Incident(
        id="i1",
        type="N02",
        state="verified",
        title="积水",
        opened_at=clock.now(),
        office="JD03",
        street="990101003",
        **PLACE,
    )
    running.write([Draft("wang", "test", changes_of(incident))]).result()
    yield running
    running.stop()


@pytest.fixture
def seen(station):
    with closing(station.situation()) as situation:
        yield situation


def give(station, command, author="wang"):
    return station.submit(command, author, "operator").result()


def step(seen, name) -> Step:
    return seen.get(Step, f"{RUN}:{name}")


def ponding(station, gauges, clock, centimetres, minutes=1.0):
    gauges.values["RM-07"] = centimetres
    clock.advance(minutes * 60)
    station.tick().result()


def flooded(station, gauges, clock, centimetres):
    """Water under the bridge, and somebody who starts the playbook it speaks for."""
    ponding(station, gauges, clock, centimetres)
    give(station, start_run("i1", "PB-FLOOD", read_library()))


def test_water_over_the_limit_suggests_the_playbook_with_level_and_reasons(station, seen, gauges, clock):
    ponding(station, gauges, clock, 4.0)
    assert seen.get(Run, RUN) is None
    ponding(station, gauges, clock, 12.0)
    run = seen.get(Run, RUN)
    assert (run.state, run.suggested) == ("suggested", "IV")
    assert run.inputs["underpass_ponding_cm"] == 12.0
    assert seen.count(Step) == 0
    ponding(station, gauges, clock, 27.0)
    assert seen.get(Run, RUN).suggested == "III"
    assert seen.get(Run, RUN).inputs["underpass_ponding_cm"] == 27.0


def test_a_person_starts_what_was_suggested(station, seen, gauges, clock):
    flooded(station, gauges, clock, 12.0)
    run = seen.get(Run, RUN)
    assert (run.state, run.suggested, run.trigger, run.started_at) == ("running", "IV", "wang", clock.now())
    assert seen.count(Step, run=RUN) > 10


def test_steps_lost_with_a_process_that_died_are_planned_when_it_is_back(station, seen, gauges, clock):
    ponding(station, gauges, clock, 12.0)
    begun = set_fields("run", RUN, state="running", started_at=clock.now())
    station.ask(lambda journal: journal.append([Draft("wang", "run.start", begun)])).result()  # and then it died
    assert seen.count(Step) == 0
    ponding(station, gauges, clock, 12.0)
    assert seen.count(Step, run=RUN) > 10


def test_a_task_done_at_another_station_closes_its_step_here(station, seen, gauges, clock):
    flooded(station, gauges, clock, 12.0)
    give(station, confirm_step(f"{RUN}:F3"))
    told = set_fields("task", f"task:{RUN}:F3", state="done", done_by="li", done_at=clock.now(), result="已清点")
    station.ask(lambda journal: journal.append([Draft("li", "task.done", told)])).result()  # no reaction hears of it
    assert step(seen, "F3").state == "active"
    station.tick().result()
    assert (step(seen, "F3").state, step(seen, "F3").done_by) == ("done", "li")


def test_no_measurement_starts_nothing(station, seen, clock):
    clock.advance(600)
    station.tick().result()
    assert seen.find(Run) == []


def test_steps_stand_in_order_with_deadlines_of_the_level(station, seen, gauges, clock):
    flooded(station, gauges, clock, 12.0)
    ta = seen.get(Run, RUN).started_at
    assert step(seen, "F3").due_at == ta + timedelta(minutes=8)
    assert step(seen, "F2").state == "not_applicable"
    assert seen.get(Step, f"{RUN}:F5") is None
    give(station, level_of("III"))
    assert step(seen, "F5").due_at == ta + timedelta(minutes=10)
    ponding(station, gauges, clock, 21.0)
    assert (step(seen, "F2").state, step(seen, "F2").due_at) == ("active", ta + timedelta(minutes=8))


def level_of(level):
    return lambda seat: Draft(seat.author, "incident.level", set_fields("incident", "i1", level=level))


def test_the_machine_does_its_own_steps_and_no_others(station, seen, gauges, clock):
    flooded(station, gauges, clock, 12.0)
    assert (step(seen, "F1").state, step(seen, "F1").done_by) == ("done", "SYSTEM")
    assert {one.state for one in seen.find(Step, run=RUN, mode=("manual", "confirm"))} <= {"active", "unknown"}


def test_the_trend_comes_round_every_ten_minutes_until_the_stop(station, seen, gauges, clock):
    flooded(station, gauges, clock, 12.0)
    for _ in range(3):
        ponding(station, gauges, clock, 12.0, 10.1)
    assert seen.get(Step, f"{RUN}:F9#3").state == "done"
    give(station, stop_run(RUN, "水退"))
    ponding(station, gauges, clock, 12.0, 30)
    assert seen.get(Step, f"{RUN}:F9#6") is None


def test_a_step_nobody_does_turns_yellow_then_red_then_goes_up(station, seen, gauges, clock):
    flooded(station, gauges, clock, 12.0)
    ponding(station, gauges, clock, 12.0, 10.5)
    assert step(seen, "F4").overrun == "yellow"
    ponding(station, gauges, clock, 12.0, 5)
    assert step(seen, "F4").overrun == "red"
    ponding(station, gauges, clock, 12.0, 5)
    assert (step(seen, "F4").overrun, step(seen, "F4").escalated_to) == ("escalated", "SUP")


def test_a_confirmed_street_step_goes_out_as_a_task_and_is_done_when_the_task_is(station, seen, gauges, clock):
    flooded(station, gauges, clock, 12.0)
    give(station, confirm_step(f"{RUN}:F3"))
    task = seen.get(Task, f"task:{RUN}:F3")
    assert (task.office, task.state, step(seen, "F3").state) == ("JD03", "sent", "active")
    with pytest.raises(Refused, match="task_out_already"):
        give(station, confirm_step(f"{RUN}:F3"))
    give(station, acknowledge_task(task.id), "li")
    give(station, complete_task(task.id, "困车2辆,无人被困"), "li")
    assert (step(seen, "F3").state, step(seen, "F3").done_by) == ("done", "li")


def test_a_task_for_the_rooms_departments_is_delivered_here(station, seen, gauges, clock):
    flooded(station, gauges, clock, 12.0)
    give(station, confirm_step(f"{RUN}:F4"))
    task = seen.get(Task, f"task:{RUN}:F4")
    assert (task.office, task.state, task.delivered_by) == ("ZX", "delivered", "ZX")


def test_a_double_step_needs_two_persons(station, seen, gauges, clock):
    flooded(station, gauges, clock, 21.0)
    give(station, confirm_step(f"{RUN}:F2"))
    assert step(seen, "F2").state == "first_confirmed"
    with pytest.raises(Refused, match="same_person"):
        give(station, confirm_step(f"{RUN}:F2"))
    give(station, confirm_step(f"{RUN}:F2"), "zhao")
    assert seen.get(Task, f"task:{RUN}:F2").state == "delivered"


def test_a_step_whose_condition_is_not_known_waits_for_a_person(station, seen, gauges, clock):
    flooded(station, gauges, clock, 12.0)
    f7 = f"{RUN}:F7"
    assert step(seen, "F7").state == "unknown"
    with pytest.raises(Refused, match="undecided"):
        give(station, confirm_step(f7))
    give(station, decide_step(f7, False, "地铁回复无进水"))
    assert step(seen, "F7").state == "not_applicable"


def test_a_step_is_skipped_only_with_a_reason(station, seen, gauges, clock):
    flooded(station, gauges, clock, 12.0)
    with pytest.raises(Refused, match="reason_needed"):
        give(station, skip_step(f"{RUN}:F3", " "))
    give(station, skip_step(f"{RUN}:F3", "已由交警值守"))
    assert step(seen, "F3").state == "skipped"


def test_the_stop_is_spoken_for_only_after_all_has_held_half_an_hour(station, seen, gauges, clock):
    gauges.values["SW-01"] = 1.0
    flooded(station, gauges, clock, 12.0)
    give(station, lambda seat: Draft("wang", "incident.count", set_fields("incident", "i1", trapped=0)))
    for _ in range(29):
        ponding(station, gauges, clock, 2.0)
    assert seen.get(Run, RUN).stop_reason is None
    ponding(station, gauges, clock, 2.0, 3)
    assert (
        seen.get(Run, RUN).stop_reason is None
    )  # no road sensor near: the road's depth is unknown, so it does not hold


def test_a_playbook_is_started_once(station, seen, gauges, clock):
    give(station, start_run("i1", "PB-FLOOD", read_library()))
    with pytest.raises(Refused, match="started_already"):
        give(station, start_run("i1", "PB-FLOOD", read_library()))
    ponding(station, gauges, clock, 50.0)
    assert seen.count(Run) == 1


def test_a_stopped_playbook_takes_no_more_steps(station, seen, gauges, clock):
    give(station, start_run("i1", "PB-FLOOD", read_library()))
    give(station, stop_run(RUN, "误启动"))
    with pytest.raises(Refused, match="stopped"):
        give(station, confirm_step(f"{RUN}:F3"))


def test_a_storm_of_incidents_is_judged_in_slices_and_each_is_reached(station, seen, gauges, clock):
    count = AT_ONCE * 2 + 10
    storm = [
        Incident(id=f"s{number:03}", type="N02", state="verified", opened_at=clock.now(), **PLACE)
        for number in range(count)
    ]
    station.write([Draft("wang", "test", changes_of(one)) for one in storm]).result()
    gauges.values = {"RM-07": 40.0}
    clock.advance(20)
    suggested = []
    for _ in range(3):
        station.tick().result()
        suggested.append(seen.count(Run))
    assert suggested == [AT_ONCE, AT_ONCE * 2, count + 1]
