"""Sensors and sources fallen silent: noticed, grouped, never a flood, never the end of another alarm."""

from tests.reactions.evening import Scene, gauge


def city(count: int, streets: int = 5) -> list:
    return [gauge(f"S{n:02d}", street=f"street-{n % streets}", owner=f"owner-{n % 4}") for n in range(count)]


def speak(scene: Scene, at: int, names: list[str]) -> None:
    for name in names:
        scene.see(at, 0, name)


def test_one_silent_sensor_is_a_technical_alarm_of_its_own(scene) -> None:
    evening = scene(*city(20))
    names = [f"S{n:02d}" for n in range(20)]
    speak(evening, 0, names)
    for at in range(1, 4):
        speak(evening, at, names[1:])
        evening.wait(at)
    alarm = evening.alarm
    assert (alarm.indicator, alarm.sensor, alarm.level, alarm.state) == ("source_silence", "S00", "III", "raised")
    evening.see(4, 0, "S00")
    assert evening.alarm.state == "returned"
    evening.acknowledge(alarm.id)
    assert evening.alarm.state == "cleared"


def test_a_street_without_power_is_one_alarm_and_ends_with_its_last_sensor(scene) -> None:
    evening = scene(*city(40))
    names = [f"S{n:02d}" for n in range(40)]
    dark = [name for n, name in enumerate(names) if n % 5 == 2]
    speak(evening, 0, names)
    for at in range(1, 10):
        speak(evening, at, [name for name in names if name not in dark])
        evening.wait(at)
    assert len(evening.alarms) == 1
    assert (evening.alarm.sensor, evening.alarm.street, evening.alarm.value) == (None, "street-2", 8)
    assert evening.alarm.level == "II"
    evening.acknowledge(evening.alarm.id)
    speak(evening, 10, dark[:-1])
    assert evening.alarm.state == "acknowledged"
    speak(evening, 11, dark[-1:])
    assert evening.alarm.state == "cleared"


def test_a_dead_broker_is_one_alarm_not_two_hundred(scene) -> None:
    evening = scene(*city(200))
    speak(evening, 0, [f"S{n:02d}" for n in range(200)])
    for at in range(1, 30):
        evening.wait(at)
    assert len(evening.alarms) == 1
    assert evening.alarm.value == 200


def test_a_silent_gateway_is_one_alarm_of_its_source(scene) -> None:
    evening = scene(*city(40))
    names = [f"S{n:02d}" for n in range(40)]
    speak(evening, 0, names)
    for at in range(1, 6):
        speak(evening, at, [name for n, name in enumerate(names) if n % 4 != 1])
        evening.wait(at)
    assert (len(evening.alarms), evening.alarm.place) == (1, "owner-1")


def test_a_sensor_that_never_spoke_is_unknown_and_no_alarm(scene) -> None:
    evening = scene(*city(5))
    for at in range(1, 30):
        evening.wait(at)
    assert evening.alarms == []


def test_a_sensor_silent_again_before_anybody_looked_is_the_same_alarm(scene) -> None:
    evening = scene(gauge("S00"))
    for hour in range(3):
        evening.see(hour * 60, 0, "S00")
        evening.wait(hour * 60 + 3)
        assert (evening.alarm.state, evening.alarm.level) == ("raised", "III")
    assert evening.acts == ["alarm.silence", "alarm.return"] * 2 + ["alarm.silence"]


def test_our_own_outage_is_not_the_sensors_silence(scene) -> None:
    evening = scene(*city(20))
    speak(evening, 0, [f"S{n:02d}" for n in range(20)])
    evening.wait(1)
    evening.clock.advance(3600)
    evening.restart()
    evening.write(evening.watch.tick(evening.clock.now()))
    assert evening.alarms == []


def test_a_silence_open_before_a_restart_ends_when_the_sensor_is_heard(scene) -> None:
    evening = scene(gauge("S00"), gauge("S01"))
    evening.see(0, 0, "S00")
    evening.wait(4)
    evening.restart()
    evening.see(5, 0, "S00")
    assert evening.alarm.state == "returned"


def test_a_quick_sensor_that_hesitates_is_not_called_silent(scene) -> None:
    evening = scene(gauge("S00", period_s=1.0))
    evening.see(0, 0, "S00")
    evening.wait(2.9)
    assert evening.alarms == []
    evening.wait(3)
    assert evening.alarm.sensor == "S00"
