"""The telemetry store: nothing twice, nothing lost, readers beside the writer."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from workstation.domain.observation import Observation, Quality
from workstation.telemetry import QUALITIES, Telemetry
from workstation.telemetry.thinning import thinned

START = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def count(store: Telemetry) -> int:
    return sum(len(store.series(name, START, minute(1000))[0]) for name in store.latest())


def minute(number: float) -> datetime:
    return START + timedelta(minutes=number)


def observed(sensor: str, *values: float) -> list[Observation]:
    return [Observation(sensor, minute(index), value) for index, value in enumerate(values)]


@pytest.fixture
def store(tmp_path: Path):
    telemetry = Telemetry.open(tmp_path / "space" / "telemetry.sqlite", writable=True)
    yield telemetry
    telemetry.close()


def test_a_buffer_sent_again_after_an_outage_adds_nothing(store: Telemetry) -> None:
    buffer = observed("RM-07", 1, 2, 3)
    assert store.store(buffer) == 3
    assert store.store([*buffer, *observed("RM-08", 9)]) == 1
    assert count(store) == 4


def test_the_first_word_of_an_instrument_about_a_moment_stays(store: Telemetry) -> None:
    store.store([Observation("RM-07", START, 5.0)])
    store.store([Observation("RM-07", START, 6.0)])
    assert store.latest()["RM-07"].value == 5.0
    assert store.series("RM-07", START, minute(1))[1].tolist() == [5.0]


def test_an_observation_that_comes_late_does_not_replace_a_newer_one(store: Telemetry) -> None:
    store.store([Observation("RM-07", minute(10), 30.0, Quality.GOOD, minute(11))])
    store.store([Observation("RM-07", minute(4), 12.0)])
    newest = store.latest()["RM-07"]
    assert (newest.at, newest.value, newest.received_at) == (minute(10), 30.0, minute(11))
    assert store.series("RM-07", START, minute(20))[1].tolist() == [12.0, 30.0]


def test_bad_data_are_kept_with_their_quality(store: Telemetry) -> None:
    store.store([Observation("RM-07", START, 400.0, Quality.BAD), Observation("RM-07", minute(1), float("nan"))])
    times, values, quality = store.series("RM-07", START, minute(5))
    assert (times.dtype, values.dtype, quality.dtype) == (np.int64, np.float64, np.int8)
    assert [QUALITIES[code] for code in quality] == [Quality.BAD, Quality.GOOD]
    assert values[0] == 400.0
    assert np.isnan(values[1])
    assert np.isnan(store.latest()["RM-07"].value)


def test_a_series_ends_before_its_end(store: Telemetry) -> None:
    store.store(observed("RM-07", 1, 2, 3))
    assert store.series("RM-07", minute(1), minute(2))[1].tolist() == [2.0]
    assert len(store.series("unheard", START, minute(9))[0]) == 0


def test_a_reader_sees_what_was_stored_after_it_opened(store: Telemetry, tmp_path: Path) -> None:
    store.store(observed("RM-07", 1))
    reader = Telemetry.open(tmp_path / "space" / "telemetry.sqlite", writable=False)
    store.store(observed("RM-08", 1, 7))
    assert reader.latest()["RM-08"].value == 7.0
    assert reader.age("RM-08", minute(5)) == timedelta(minutes=4)
    assert reader.age("unheard", minute(5)) is None
    reader.close()


def test_values_outlive_a_restart(store: Telemetry, tmp_path: Path) -> None:
    store.store(observed("RM-07", 1, 2))
    again = Telemetry.open(tmp_path / "space" / "telemetry.sqlite", writable=True)
    assert again.store(observed("RM-07", 1, 2, 3)) == 1
    again.close()


def test_a_purge_is_bounded_and_leaves_the_latest_value(store: Telemetry) -> None:
    store.store(observed("RM-07", *range(10)) + observed("RM-08", *range(10)))
    assert store.purge(minute(100), limit=12) == 12
    assert store.purge(minute(100), limit=12) == 8
    assert count(store) == 0
    assert store.latest()["RM-07"].value == 9.0


def test_a_purge_spares_what_is_young(store: Telemetry) -> None:
    store.store(observed("RM-07", *range(10)))
    assert store.purge(minute(6)) == 6
    assert store.series("RM-07", START, minute(100))[1].tolist() == [6.0, 7.0, 8.0, 9.0]


def test_a_failed_store_keeps_nothing_of_its_batch(store: Telemetry) -> None:
    with pytest.raises(AttributeError):
        store.store([Observation("RM-07", START, 1.0), None])  # type: ignore[list-item]
    assert count(store) == 0
    assert store.store(observed("RM-07", 1)) == 1


def test_a_plot_of_a_long_series_still_shows_the_one_minute_of_flood(store: Telemetry) -> None:
    values = [5.0] * 5000
    values[3333] = 47.0
    values[1111] = 0.5
    store.store(observed("RM-07", *values))
    times, shown, quality = store.series("RM-07", START, minute(6000), points=200)
    assert 100 <= len(times) <= 200
    assert (shown.max(), shown.min()) == (47.0, 0.5)
    assert len(times) == len(shown) == len(quality)
    assert (np.diff(times) > 0).all()
    assert (times[0], times[-1]) == (START.timestamp() * 1000, minute(4999).timestamp() * 1000)


def test_a_gap_stays_a_gap_when_a_series_is_thinned() -> None:
    times = np.concatenate((np.arange(1000), np.arange(9000, 10000))).astype(np.int64)
    kept, _, _ = thinned((times, np.sin(times / 50.0), np.zeros(2000, dtype=np.int8)), 100)
    assert not ((kept > 1000) & (kept < 9000)).any()
    assert len(kept) <= 100
