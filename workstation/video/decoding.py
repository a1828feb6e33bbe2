"""Decoding with PyAV, the one module that imports it. It is loaded by name when the first stream starts.

RTSP goes over TCP, because a street office's line loses packets; opening and reading have time limits, because a camera
that freezes says nothing; one decoding thread a stream, because many streams share few cores.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import av
from av.container import InputContainer
from av.video.frame import VideoFrame

from workstation.video.source import Decoded, Pixels, Source, StreamFault

OPEN_S, READ_S = 5.0, 2.0
MAX_PIXELS = 4096 * 2304
NETWORK = {"rtsp_transport": "tcp", "protocol_whitelist": "rtsp,rtsps,rtp,tcp,tls,http,https,hls,crypto"}
FILE = {"protocol_whitelist": "file"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame of the decoder and its moment, in seconds, from the beginning of the stream."""

    frame: VideoFrame
    seconds: float

    def pixels(self, width: int, height: int) -> Pixels:
        """RGB of shape (h, w, 3), shrunk to fit; scaling and colours in one step of the decoder's own scaler."""
        scale = min(1.0, width / self.frame.width, height / self.frame.height)
        size = (max(2, round(self.frame.width * scale)), max(2, round(self.frame.height * scale)))
        return self.frame.to_ndarray(format="rgb24", width=size[0], height=size[1]).astype("uint8", copy=False)


@contextmanager
def opened(source: Source) -> Iterator[Iterator[Decoded]]:
    """The pictures of a source, closed at the end of the block. Raises StreamFault, also for what breaks inside."""
    try:
        options = FILE if source.looped else NETWORK
        with av.open(source.address, options=options, timeout=(OPEN_S, READ_S)) as container:
            if not container.streams.video:
                raise StreamFault("no picture in the stream")
            yield _loop(container) if source.looped else _pictures(container)
    except (av.error.FFmpegError, OSError) as error:
        raise StreamFault(getattr(error, "strerror", None) or type(error).__name__) from None


def _pictures(container: InputContainer, start: float = 0.0) -> Iterator[Picture]:
    stream = container.streams.video[0]
    stream.codec_context.thread_count = 1
    for frame in container.decode(stream):
        if frame.width * frame.height > MAX_PIXELS:
            raise StreamFault(f"picture of {frame.width} x {frame.height} is too large")
        yield Picture(frame, start + (frame.time or 0.0))


def _loop(container: InputContainer) -> Iterator[Picture]:
    """The clip from its beginning again and again; the moments run on."""
    start = 0.0
    while True:
        last = None
        for picture in _pictures(container, start):
            last = picture
            yield picture
        if last is None:
            raise StreamFault("no picture in the clip")
        start = last.seconds + 1 / float(container.streams.video[0].average_rate or 15)
        container.seek(0)
