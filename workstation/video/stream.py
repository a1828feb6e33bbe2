"""One camera's stream in a thread of its own: the newest frame, how old it is, and what state the stream is in.

Only the newest frame is kept, since an operator needs now and not smoothly. A stream that stops keeps its last frame,
grows old visibly, and is tried again for as long as it is watched.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from workstation.content import folder

STALLED_AFTER = 2.0
OPEN_SECONDS = 5.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 15.0
WIDEST = 960
CLIP = "clip:"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Frame:
    """`picture` is (height, width, 3) RGB uint8, contiguous; `taken` the moment on the steady clock."""

    picture: NDArray[np.uint8]
    taken: float


class Stream:
    """`url` is rtsp://, a file, or clip:NAME for a committed clip that is played round and round and is simulated."""

    def __init__(self, url: str, steady: Callable[[], float] = time.monotonic) -> None:
        self.url = url
        self._steady = steady
        self._frame: Frame | None = None
        self._failure = ""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)

    @property
    def is_simulated(self) -> bool:
        return self.url.startswith(CLIP)

    @property
    def frame(self) -> Frame | None:
        return self._frame

    @property
    def age(self) -> float | None:
        """Seconds since the newest frame; None before the first."""
        frame = self._frame
        return None if frame is None else self._steady() - frame.taken

    @property
    def state(self) -> str:
        """connecting, live, stalled (frames stopped), or lost (stopped, and the stream cannot be opened again)."""
        age = self.age
        if age is None:
            return "lost" if self._failure else "connecting"
        if age <= STALLED_AFTER:
            return "live"
        return "lost" if self._failure else "stalled"

    @property
    def failure(self) -> str:
        return self._failure

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread; waits for a read under way, which is bounded."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        wait = FIRST_WAIT
        while not self._stopping.is_set():
            try:
                for picture in self._pictures():
                    self._frame, self._failure, wait = Frame(picture, self._steady()), "", FIRST_WAIT
                    if self._stopping.is_set():
                        return
            except (FFmpegError, OSError, ValueError) as error:
                self._fail(str(error))
            if not self.is_simulated:
                self._stopping.wait(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    def _fail(self, reason: str) -> None:
        if not self._failure:
            log.warning("camera %s: %s", _without_password(self.url), reason)
        self._failure = reason

    def _pictures(self) -> Iterator[NDArray[np.uint8]]:
        with _opened(self.url) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            began, first = self._steady(), None
            for decoded in container.decode(stream):
                if self.is_simulated and decoded.time is not None:
                    first = decoded.time if first is None else first
                    self._stopping.wait(max(0.0, began + decoded.time - first - self._steady()))
                yield _picture(decoded)


def _opened(url: str) -> Any:
    if url.startswith(CLIP):
        return av.open(str(clip_path(url)))
    options = {"rtsp_transport": "tcp"} if url.startswith("rtsp") else {}
    return av.open(url, options=options, timeout=(OPEN_SECONDS, OPEN_SECONDS))


def clip_path(url: str) -> str:
    """The file of a clip; a name without a file of its own has the street's."""
    clips = folder("resources") / "clips"
    name = url.removeprefix(CLIP)
    known = {file.stem: file for file in clips.glob("*.mp4")}
    return str(known.get(name, clips / "street.mp4"))


def _picture(decoded: Any) -> NDArray[np.uint8]:
    width = min(decoded.width, WIDEST)
    height = round(decoded.height * width / decoded.width / 2) * 2
    picture: NDArray[np.uint8] = decoded.reformat(width=width, height=height, format="rgb24").to_ndarray()
    return np.ascontiguousarray(picture)


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if rest else url
