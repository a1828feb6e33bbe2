"""A stream in its thread, with pictures that the test hands to it one by one."""

import logging
import subprocess
import sys
from contextlib import contextmanager
from queue import SimpleQueue

import numpy as np
import pytest

from tests.hubs import until
from workstation.video.health import State
from workstation.video.source import Shot, Size, StreamFault
from workstation.video.stream import LARGEST, Stream

URL = "rtsp://admin:geheim@10.0.3.7/1"
END = None
LEFT_OPEN = """
import threading
import time
from contextlib import contextmanager
from workstation.video.stream import Stream

looking = threading.Event()

@contextmanager
def endless(source, size):
    def shots():
        looking.set()
        time.sleep(0.3)
        yield from ()
    yield shots()

Stream("CAM-01", "rtsp://10.0.3.7/1", opener=endless).start()
looking.wait()
"""


class Lens:
    """A camera whose pictures, faults and silences the test decides; `opened` counts the connections."""

    def __init__(self) -> None:
        self.opened = 0
        self.sizes = []
        self._coming = SimpleQueue()

    def show(self, due=None) -> None:
        self._coming.put(Shot(np.zeros((4, 6, 3), np.uint8), due))

    def end(self, fault=END) -> None:
        self._coming.put(fault)

    @contextmanager
    def __call__(self, source, size):
        self.opened += 1
        yield self._shots(size)

    def _shots(self, size):
        while isinstance(coming := self._coming.get(), Shot):
            self.sizes.append(size())
            yield coming
        if coming is not END:
            raise coming


class Steady:
    """A steady clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def lens():
    lens = Lens()
    yield lens
    lens.end()


def test_a_camera_is_connecting_until_its_first_picture(watch, lens):
    stream = watch("CAM-01", URL, opener=lens)
    assert stream.health().state is State.CONNECTING
    assert stream.health().age is None
    lens.show()
    until(lambda: stream.health().state is State.LIVE)


def test_only_the_newest_picture_is_kept(watch, lens):
    stream = watch("CAM-01", URL, opener=lens)
    lens.show()
    until(lambda: stream.frame is not None)
    first = stream.frame
    lens.show()
    until(lambda: stream.frame is not first)
    assert stream.frame.taken >= first.taken


def test_a_picture_grows_old_visibly_and_stays(watch, lens):
    steady = Steady()
    stream = watch("CAM-01", URL, opener=lens, steady=steady)
    lens.show()
    until(lambda: stream.frame is not None)
    seen = []
    for later in (1.0, 2.0, 28.0):
        steady.now += later
        seen.append((stream.health().state, stream.health().age))
    assert seen == [(State.LIVE, 1.0), (State.STALLED, 3.0), (State.LOST, 31.0)]
    assert stream.frame is not None


def test_key_frames_alone_are_not_stalled_between_one_and_the_next(watch, lens):
    steady = Steady()
    stream = watch("CAM-01", URL, opener=lens, steady=steady)
    stream.fit(Size(240, 135))
    lens.show()
    until(lambda: stream.frame is not None)
    steady.now += 9.0
    assert stream.health().state is State.LIVE
    steady.now += 4.0
    assert stream.health().state is State.STALLED


def test_a_wide_wall_does_not_make_pictures_larger_than_memory_should_hold(watch, lens):
    stream = watch("CAM-01", URL, opener=lens)
    stream.fit(Size(7680, 2160))
    lens.show()
    until(lambda: stream.frame is not None)
    assert lens.sizes == [LARGEST]


def test_a_camera_that_went_away_is_tried_again_for_as_long_as_it_is_watched(watch, lens):
    stream = watch("CAM-01", URL, opener=lens)
    lens.end(StreamFault("Connection refused"))
    until(lambda: stream.health().state is State.LOST)
    assert stream.health().fault == "Connection refused"
    lens.show()
    until(lambda: stream.health().state is State.LIVE)
    assert stream.health().fault == ""
    assert lens.opened == 2


def test_a_stream_that_just_ends_is_an_outage_too(watch, lens):
    stream = watch("CAM-01", URL, opener=lens)
    lens.end()
    until(lambda: stream.health().fault == "the stream has ended")


def test_an_outage_is_logged_once_and_so_is_its_end_both_without_the_address(watch, lens, caplog):
    caplog.set_level(logging.INFO)
    stream = watch("CAM-01", URL, opener=lens)
    lens.end(StreamFault("Connection refused"))
    until(lambda: stream.health().fault != "")
    lens.end(StreamFault("no answer in time"))
    until(lambda: stream.health().fault == "no answer in time")
    lens.show()
    until(lambda: stream.frame is not None)
    assert caplog.messages == ["camera CAM-01: Connection refused", "camera CAM-01: pictures again"]


def test_a_fault_of_ours_is_logged_whole_and_the_camera_is_tried_again(watch, lens, caplog):
    stream = watch("CAM-01", URL, opener=lens)
    lens.end(ZeroDivisionError())
    until(lambda: stream.health().state is State.LOST)
    assert any(record.exc_info for record in caplog.records)
    assert "geheim" not in caplog.text
    lens.show()
    until(lambda: stream.health().state is State.LIVE)


def test_an_address_that_is_none_is_lost_with_its_reason_and_never_opened(watch, lens):
    stream = watch("CAM-01", "file:///etc/passwd", opener=lens)
    until(lambda: stream.health().state is State.LOST)
    assert stream.health().fault == "not a camera's address: scheme 'file'"
    assert stream.wait(60)
    assert lens.opened == 0


def test_nobody_waits_for_a_read_that_is_under_way_when_the_watching_ends(watch, lens):
    stream = watch("CAM-01", URL, opener=lens)
    until(lambda: lens.opened == 1)
    stream.stop()
    assert not stream.wait(0)
    lens.end()
    assert stream.wait(60)
    assert lens.opened == 1


def test_the_wait_for_the_next_try_ends_with_the_watching(watch):
    @contextmanager
    def broken(source, size):
        raise StreamFault("Connection refused")
        yield

    stream = watch("CAM-01", URL, opener=broken)
    until(lambda: stream.health().fault != "")
    stream.stop()
    assert stream.wait(60)


def test_the_wait_for_a_pictures_moment_ends_with_the_watching(watch, lens):
    stream = watch("CAM-01", URL, opener=lens, steady=Steady())
    lens.show(due=0.0)
    lens.show(due=9.0)
    until(lambda: len(lens.sizes) == 2)
    stream.stop()
    assert stream.wait(60)


def test_a_stream_that_was_never_started_has_ended():
    stream = Stream("CAM-01", URL)
    stream.stop()
    assert stream.wait()


def test_the_program_ends_after_the_read_that_is_under_way():
    done = subprocess.run([sys.executable, "-c", LEFT_OPEN], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "camera CAM-01: the stream has ended\n")
