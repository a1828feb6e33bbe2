"""Writing a clip: H.264 in MP4, small enough to be kept beside the code."""

from collections.abc import Iterable
from pathlib import Path

import av

from workstation.video.source import Pixels

QUALITY = "31"
"""x264's constant rate factor: 18 looks lossless, 51 is the worst. Rain at 31 stays below 60 kB a second."""


def write_clip(path: Path, pictures: Iterable[Pixels], rate: int) -> None:
    """Encode RGB pictures of shape (h, w, 3) with even sides, `rate` a second."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": QUALITY, "preset": "veryslow", "tune": "animation", "threads": "1"}
        for pixels in pictures:
            stream.height, stream.width = pixels.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
