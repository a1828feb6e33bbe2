"""One camera's stream in a thread of its own: the newest frame, how old it is, and what state the stream is in.

Only the newest frame is kept, since an operator needs now and not smoothly. A stream that stops keeps its last frame,
grows old visibly, and is tried again for as long as it is watched. Nobody waits for it: a read can last seconds, so to
stop is to say so, and the thread ends by itself.
"""

import atexit
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from typing import cast
from weakref import WeakSet

from workstation.video.health import KEY_FRAMES_STALLED_AFTER_S, STALLED_AFTER_S, Health, pause_after, state_of
from workstation.video.pace import Pace
from workstation.video.source import Opener, Pixels, Shot, Size, Source, StreamFault, is_clip, source_of

LARGEST = Size(1920, 1080)
EXIT_WAIT_S = 10.0
log = logging.getLogger(__name__)
_started: WeakSet["Stream"] = WeakSet()


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """`pixels` is RGB of shape (h, w, 3), contiguous; `taken` the moment it was decoded, on the steady clock."""

    pixels: Pixels
    taken: float


def decoder(source: Source, size: Callable[[], Size]) -> AbstractContextManager[Iterator[Shot]]:
    """The decoder, loaded when it is first needed: by then in a stream's thread, where it keeps nobody waiting."""
    return cast(Opener, import_module("workstation.video.decoding").opened)(source, size)


class Stream:
    """The pictures of one camera from `start` to `stop`.

    `name` is what the log calls it, since an address may hold a password. `url` is rtsp(s)://, http(s)://, or clip:NAME
    for a drawn clip, which is simulated and played round and round; any other address is lost with its reason.
    """

    def __init__(
        self, name: str, url: str, *, steady: Callable[[], float] = time.monotonic, opener: Opener = decoder
    ) -> None:
        self._name, self._url = name, url
        self._steady, self._opener = steady, opener
        self._size = LARGEST
        self._frame: Frame | None = None
        self._fault, self._failures = "", 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"camera {name}", daemon=True)

    @property
    def is_simulated(self) -> bool:
        return is_clip(self._url)

    @property
    def frame(self) -> Frame | None:
        """The newest frame, which outlives its stream; None before the first."""
        return self._frame

    def health(self) -> Health:
        frame, fault = self._frame, self._fault
        age = None if frame is None else max(0.0, self._steady() - frame.taken)
        patience = KEY_FRAMES_STALLED_AFTER_S if self._size.is_small else STALLED_AFTER_S
        state = state_of(age, failed=bool(fault), stalled_after=patience, simulated=self.is_simulated)
        return Health(state, age, fault)

    def fit(self, size: Size) -> None:
        """From the next picture on, shrink to fit inside; nothing larger than `LARGEST` is ever kept."""
        self._size = Size(min(size.width, LARGEST.width), min(size.height, LARGEST.height))

    def start(self) -> None:
        _started.add(self)
        self._thread.start()

    def stop(self) -> None:
        """Say that nobody watches any more. Returns at once; the thread ends when a read under way has ended."""
        self._stopping.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end of the thread; whether it has ended. Not for the thread that draws."""
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            source = source_of(self._url)
        except StreamFault as fault:
            self._fail(str(fault))
            return
        while not self._stopping.is_set():
            try:
                self._play(source)
            except StreamFault as fault:
                self._fail(str(fault))
            except Exception:  # border: a fault of ours must not end one camera's thread unseen
                log.exception("camera %s: the stream stumbled", self._name)
                self._fail("a fault of the program, which the log describes")
            self._stopping.wait(pause_after(self._failures))

    def _play(self, source: Source) -> None:
        """Take over picture after picture until nobody watches. Raises StreamFault when they end before that."""
        pace = Pace()
        with self._opener(source, lambda: self._size) as shots:
            for shot in shots:
                if self._stopping.wait(pace.wait(shot.due, self._steady())):
                    return
                self._keep(Frame(shot.pixels, self._steady()))
        raise StreamFault("the stream has ended")

    def _keep(self, frame: Frame) -> None:
        if self._fault:
            log.info("camera %s: pictures again", self._name)
        self._frame, self._fault, self._failures = frame, "", 0

    def _fail(self, reason: str) -> None:
        """Remember why; an outage is logged once, however often the camera is tried."""
        if not self._fault:
            log.warning("camera %s: %s", self._name, reason)
        self._fault, self._failures = reason, self._failures + 1


@atexit.register
def end_all() -> None:
    """Stop every stream and wait for the reads under way, at most `EXIT_WAIT_S` each; for the end of the program.

    A thread inside the decoder would not survive that the interpreter is taken down around it.
    """
    streams = list(_started)
    for stream in streams:
        stream.stop()
    for stream in streams:
        stream.wait(EXIT_WAIT_S)
