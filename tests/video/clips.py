"""Films whose pictures tell their number by their brightness, with encoders that our own writer does not offer."""

from pathlib import Path

import av
import numpy as np

RATE, GOP = 12, 12
DARKEST, STEP = 20, 7


def picture(number: int, width: int = 96, height: int = 64) -> np.ndarray:
    """Grey; each picture is brighter than the one before."""
    return np.full((height, width, 3), DARKEST + number * STEP, np.uint8)


def number_of(pixels: np.ndarray) -> int:
    """Which picture this was."""
    return round((float(pixels.mean()) - DARKEST) / STEP)


def write(path: Path, count: int, size: tuple[int, int] = (96, 64), **options: str) -> Path:
    """A film of `count` pictures in H.264 with a key frame a second; the container follows from the file's name."""
    segments = {"hls_time": "1", "hls_list_size": "0"} if path.suffix == ".m3u8" else {}
    with av.open(str(path), "w", options=segments) as container:
        stream = container.add_stream("libx264", rate=RATE, options=options)
        (stream.width, stream.height), stream.pix_fmt, stream.gop_size = size, "yuv420p", GOP
        for number in range(count):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture(number, *size), format="rgb24")))
        container.mux(stream.encode(None))
    return path


def jpeg(number: int) -> bytes:
    context = av.CodecContext.create("mjpeg", "w")
    context.width, context.height, context.pix_fmt, context.framerate = 96, 64, "yuvj420p", RATE
    context.time_base = 1 / context.framerate
    frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24").reformat(format="yuvj420p")
    return b"".join(bytes(packet) for packet in [*context.encode(frame), *context.encode(None)])
