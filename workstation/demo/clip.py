"""The demo's camera pictures, drawn: rain over an underpass whose water rises, and a street with traffic.

Run: python -m workstation.demo.clip resources/clips
"""

import sys
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, FPS, SECONDS = 640, 360, 12, 8
Picture = NDArray[np.uint8]


def underpass(number: int) -> Picture:
    """Frame of a road that dips under a railway, water at its foot, a lamp, a car that waits."""
    picture = _sky_and_rain(number)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    wall = (rows > 90) & (np.abs(columns - 320) > 60 + (rows - 90) * 0.75)
    picture[wall] = (picture[wall] * 0.35 + np.array([48, 50, 54])).astype(np.uint8)
    road = (rows > 150) & ~wall
    picture[road] = (picture[road] * 0.3 + np.array([40, 42, 46])).astype(np.uint8)
    picture[78:104, :] = [70, 72, 76]
    picture[104:108, :] = [120, 110, 60]
    level = 232 - number * 10 // (FPS * SECONDS)
    water = (rows > level) & ~wall
    ripple = (12 * np.sin(columns / 17 + number / 3) + 8 * np.sin(rows / 5 - number / 2)).astype(np.int16)
    shade = np.clip(np.array([46, 62, 78]) + ripple[..., None], 0, 255).astype(np.uint8)
    picture[water] = shade[water]
    _car(picture, 300, level - 24, (130, 40, 36))
    _gauge(picture, level)
    return picture


def street(number: int) -> Picture:
    """Frame of a wet street between houses, with cars that pass."""
    picture = _sky_and_rain(number)
    for left, top, right in ((0, 60, 120), (130, 96, 210), (430, 80, 520), (530, 40, 640)):
        picture[top:230, left:right] = (picture[top:230, left:right] * 0.3 + 34).astype(np.uint8)
        picture[top + 14 : 220 : 22, left + 10 : right - 8 : 18] = [150, 138, 96]
    picture[230:, :] = (picture[230:, :] * 0.25 + 38).astype(np.uint8)
    picture[296:299, ::2] = [130, 130, 130]
    for lane, (top, speed, colour) in enumerate(((250, 9, (60, 84, 120)), (312, -7, (120, 116, 108)))):
        _car(picture, (lane * 260 + number * speed) % (WIDTH + 80) - 80, top, colour)
    return picture


def _sky_and_rain(number: int) -> Picture:
    rows = np.linspace(58, 30, HEIGHT)[:, None, None]
    picture = np.broadcast_to(rows * np.array([0.8, 0.9, 1.05]), (HEIGHT, WIDTH, 3)).astype(np.uint8).copy()
    drops = np.random.default_rng(number).integers(0, [WIDTH - 4, HEIGHT - 16], size=(260, 2))
    for x, y in drops:
        length = 8 + (x * 7 + y) % 8
        for step in range(length):
            picture[y + step, x + step // 4] = [112, 122, 134]
    return picture


def _car(picture: Picture, left: int, top: int, colour: tuple[int, int, int]) -> None:
    begin, end = max(0, left), min(WIDTH, left + 76)
    if begin >= end:
        return
    picture[max(0, top + 10) : top + 28, begin:end] = colour
    picture[max(0, top) : top + 12, max(begin, left + 14) : min(end, left + 58)] = [c // 2 + 20 for c in colour]
    picture[top + 14 : top + 20, min(end - 1, max(begin, left + 70)) : end] = [240, 226, 160]


def _gauge(picture: Picture, level: int) -> None:
    """A staff gauge with a mark every ten centimetres."""
    picture[150:262, 182:196] = [214, 214, 206]
    for mark in range(150, 262, 11):
        picture[mark : mark + 2, 182:190] = [20, 20, 24]
    picture[level:262, 182:196] = picture[level:262, 182:196] // 2


def write_clip(path: Path, draw: Callable[[int], Picture]) -> None:
    """Encode one clip as MPEG-4 in MP4."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.bit_rate = 420_000
        for number in range(FPS * SECONDS):
            for packet in stream.encode(av.VideoFrame.from_ndarray(draw(number), format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    write_clip(out / "underpass.mp4", underpass)
    write_clip(out / "street.mp4", street)
