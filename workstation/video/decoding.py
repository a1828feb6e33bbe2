"""Decoding with PyAV. It is loaded by name when the first stream starts, in the stream's own thread.

RTSP goes over TCP, because a street office's line loses packets; opening and reading have time limits, because a camera
that freezes says nothing; one decoding thread a stream, because many streams share few cores. Colours and scaling are
one step of the decoder's own scaler, here and not where pictures are painted.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import av
import numpy as np
from av.container import InputContainer
from av.error import ExitError, FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from workstation.video.source import Pixels, Shot, Size, Source, StreamFault

OPEN_S, READ_S = 5.0, 2.0
MAX_PIXELS = 4096 * 2304
BOUNDED = {"max_pixels": str(MAX_PIXELS)}
PROTOCOLS = "rtsp,rtsps,rtp,tcp,tls,http,https,hls,crypto"
NETWORK = {"rtsp_transport": "tcp", "protocol_whitelist": PROTOCOLS, "fpsprobesize": "0"}
"""No frames are gathered to guess the rate: nothing asks for it, and the first picture would wait for twenty others."""
FILE = {"protocol_whitelist": "file"}
COMES_AS_TAKEN = frozenset({"rtsp", "mpjpeg", "mjpeg"})
ASSUMED_RATE = 15


@contextmanager
def opened(source: Source, size: Callable[[], Size]) -> Iterator[Iterator[Shot]]:
    """The pictures of a source, closed at the end of the block. Raises StreamFault, also for what breaks inside."""
    options = BOUNDED | (FILE if source.looped else NETWORK)
    try:
        with av.open(source.address, options=options, timeout=(OPEN_S, READ_S)) as container:
            yield _shots(container, source.looped, size)
    except ExitError:
        raise StreamFault("no answer in time") from None
    except (FFmpegError, OSError) as error:
        raise StreamFault(error.strerror or type(error).__name__) from None


def _shots(container: InputContainer, looped: bool, size: Callable[[], Size]) -> Iterator[Shot]:
    """The pictures with their moments; a clip goes back to its beginning, and the moments run on."""
    stream = _video(container)
    paced = container.format.name not in COMES_AS_TAKEN
    start = 0.0
    while True:
        moment = None
        for frame in _frames(container, stream, size):
            moment = start + float((frame.pts or 0) * (stream.time_base or 0))
            yield Shot(_pixels(frame, size()), moment if paced else None)
        if not looped or moment is None:
            return
        start = moment + 1 / float(stream.average_rate or ASSUMED_RATE)
        container.seek(0)


def _video(container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise StreamFault("no picture in the stream")
    stream = container.streams.video[0]
    context = stream.codec_context
    if context.width * context.height > MAX_PIXELS:
        raise StreamFault(f"picture of {context.width} x {context.height} is too large")
    context.thread_count = 1
    context.options = BOUNDED
    return stream


def _frames(container: InputContainer, stream: VideoStream, size: Callable[[], Size]) -> Iterator[VideoFrame]:
    """Decoded frames from the first key frame on; key frames alone while a small picture is wanted.

    Whether they stand alone is decided at key frames, since what lies between them needs the ones before. A decoder
    keeps frames back to put them in order; one that stands alone is drawn out at once.
    """
    alone = True
    for packet in container.demux(stream):
        if packet.is_keyframe:
            alone = size().is_small
        elif alone:
            continue
        yield from packet.decode()
        if alone:
            yield from stream.codec_context.decode(None)
            stream.codec_context.flush_buffers()


def _pixels(frame: VideoFrame, size: Size) -> Pixels:
    """The scaler pads the rows of odd widths; the copy without padding is what a screen can take as it is."""
    scale = min(1.0, size.width / frame.width, size.height / frame.height)
    width, height = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
    return np.ascontiguousarray(frame.to_ndarray(format="rgb24", width=width, height=height), dtype=np.uint8)
