"""Every stream of these tests has ended when its test has: no thread is left, and so no connection."""

import threading
from collections.abc import Callable, Iterator

import pytest

from tests.video.rtsp import RtspServer, rtsp_server
from workstation.video.stream import Stream

Watch = Callable[..., Stream]


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Starts a stream with the arguments of `Stream`; all are stopped at the end."""
    streams: list[Stream] = []

    def start(*arguments, **options) -> Stream:
        stream = Stream(*arguments, **options)
        streams.append(stream)
        stream.start()
        return stream

    yield start
    for stream in streams:
        stream.stop()
    for stream in streams:
        assert stream.wait(60)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("camera ")]


@pytest.fixture(scope="session")
def steady_server() -> Iterator[RtspServer]:
    """A server that no test harms; each test watches a camera of its own."""
    with rtsp_server("bridge", "pump", "market", "gate") as server:
        yield server
