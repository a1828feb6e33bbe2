"""The demo's camera pictures, drawn: an underpass whose water rises, a street with traffic, a river in flood, a square.

Run: python -m workstation.demo.clip resources/clips
"""

import sys
from pathlib import Path

import numpy as np

from workstation.video.encoding import write_clip
from workstation.video.source import Pixels

WIDTH, HEIGHT, FPS, SECONDS = 640, 360, 12, 8


def underpass(number: int) -> Pixels:
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


def street(number: int) -> Pixels:
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


def river(number: int) -> Pixels:
    """Frame of a river in flood: a wall with a gauge, brown water that runs past, a bridge far off."""
    picture = _sky_and_rain(number)
    picture[120:150, :] = (picture[120:150, :] * 0.3 + 34).astype(np.uint8)
    picture[128:136, 200:560] = [84, 86, 92]
    for pier in range(230, 560, 80):
        picture[136:160, pier : pier + 10] = [70, 72, 78]
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    water = rows > 156
    run = np.sin(columns / 23 - number * 2 * np.pi / FPS) + np.sin(rows / 4 + columns / 60 + number * 2 * np.pi / 24)
    shade = np.clip(np.array([86, 74, 54]) + (7 * run).astype(np.int16)[..., None], 0, 255).astype(np.uint8)
    picture[water] = shade[water]
    wall = (rows > 150) & (columns < 150 - (rows - 150) * 0.2)
    picture[wall] = (picture[wall] * 0.25 + np.array([66, 66, 64])).astype(np.uint8)
    _gauge(picture, 236)
    return picture


def square(number: int) -> Pixels:
    """Frame of a paved square before a hall, with umbrellas that cross it."""
    picture = _sky_and_rain(number)
    picture[70:170, 90:560] = (picture[70:170, 90:560] * 0.3 + 40).astype(np.uint8)
    picture[90:160:24, 110:540:22] = [160, 146, 100]
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    tiles = (rows > 170) & (((columns + (rows - 170) // 2) // 46 + (rows - 170) // 26) % 2 == 0)
    picture[rows > 170] = [62, 64, 68]
    picture[tiles] = [70, 72, 76]
    for one in range(14):
        along = (one * 97 + number * (3 if one % 2 else -2)) % (WIDTH + 40) - 20
        top = 190 + (one * 53) % 140
        left, right = max(0, along - 9), max(0, min(WIDTH, along + 9))
        picture[top : top + 7, left:right] = [(90, 40, 44), (44, 66, 92), (96, 92, 60)][one % 3]
        picture[top + 7 : top + 24, max(0, min(WIDTH - 3, along - 2)) : max(0, along + 2)] = [24, 24, 28]
    return picture


def _sky_and_rain(number: int) -> Pixels:
    rows = np.linspace(58, 30, HEIGHT)[:, None, None]
    picture = np.broadcast_to(rows * np.array([0.8, 0.9, 1.05]), (HEIGHT, WIDTH, 3)).astype(np.uint8).copy()
    drops = np.random.default_rng(number).integers(0, [WIDTH - 4, HEIGHT - 16], size=(260, 2))
    for x, y in drops:
        length = 8 + (x * 7 + y) % 8
        for step in range(length):
            picture[y + step, x + step // 4] = [112, 122, 134]
    return picture


def _car(picture: Pixels, left: int, top: int, colour: tuple[int, int, int]) -> None:
    begin, end = max(0, left), min(WIDTH, left + 76)
    if begin >= end:
        return
    picture[max(0, top + 10) : top + 28, begin:end] = colour
    picture[max(0, top) : top + 12, max(begin, left + 14) : min(end, left + 58)] = [c // 2 + 20 for c in colour]
    picture[top + 14 : top + 20, min(end - 1, max(begin, left + 70)) : end] = [240, 226, 160]


def _gauge(picture: Pixels, level: int) -> None:
    """A staff gauge with a mark every ten centimetres."""
    picture[150:262, 182:196] = [214, 214, 206]
    for mark in range(150, 262, 11):
        picture[mark : mark + 2, 182:190] = [20, 20, 24]
    picture[level:262, 182:196] = picture[level:262, 182:196] // 2


if __name__ == "__main__":
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for draw in (underpass, street, river, square):
        write_clip(out / f"{draw.__name__}.mp4", map(draw, range(FPS * SECONDS)), FPS)
