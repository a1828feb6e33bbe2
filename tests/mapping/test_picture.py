"""What the map is told of the records that stand in the situation."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.journals import opened
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.observation import Observation
from workstation.domain.records import Sensor
from workstation.mapping.picture import PictureReader, SensorNews, sensor_layer

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
RM07 = Sensor(id="RM-07", name_zh="人民路下穿积水计", unit="cm", period_s=10.0, lat=10.0, lon=20.0)


def layer_with(value: float | None):
    latest = {} if value is None else {"RM-07": Observation("RM-07", NOW - timedelta(seconds=5), value)}
    return sensor_layer([RM07], SensorNews({}, latest, NOW))


@pytest.mark.parametrize(("value", "note"), [(12.5, "12.5 cm"), (0.0, "0 cm"), (float("nan"), ""), (None, "")])
def test_a_sensor_tells_its_value_and_says_nothing_for_a_number_that_is_none(value, note):
    assert layer_with(value).notes == [note]


def test_what_was_touched_is_read_again_and_the_rest_stands(tmp_path: Path, clock):
    journal, picture = opened(tmp_path, "ZX", clock), PictureReader()

    def put(kind: str, **at: float) -> dict[str, object]:
        journal.append([Draft("content", "x", set_fields(kind, f"{kind}-1", name_zh="一", **at))])
        return {layer.kind: layer for layer in picture.read(journal.situation, {}, NOW).points}

    first = put("facility", lat=10.0, lon=20.0)
    assert first["facility"].ids == ["facility-1"]
    assert put("unit", lat=10.0, lon=20.0)["unit"].ids == []
    picture.touch({"unit"})
    last = put("facility", lat=11.0)
    assert last["unit"].ids == ["unit-1"]
    assert last["facility"] is first["facility"]
    journal.close()
