"""Writing a clip: MPEG-4 in MP4, whose encoder every build of PyAV brings, small enough to lie beside the code."""

from collections.abc import Iterable
from pathlib import Path

import av

from workstation.video.source import Pixels

BITS_PER_SECOND = 420_000


def write_clip(path: Path, pictures: Iterable[Pixels], rate: int) -> None:
    """Encode RGB pictures of shape (h, w, 3), all of one size with even sides, `rate` a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=rate)
        stream.pix_fmt, stream.bit_rate = "yuv420p", BITS_PER_SECOND
        for number, pixels in enumerate(pictures):
            if number == 0:
                stream.height, stream.width = pixels.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
