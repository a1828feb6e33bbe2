"""Decoding films from a file: colours, sizes, key frames and the seam of a loop."""

import wave
from itertools import islice

import numpy as np
import pytest

from tests.video import clips
from workstation.video.decoding import MAX_PIXELS, opened
from workstation.video.encoding import write_clip
from workstation.video.source import SMALL_WIDTH, Size, Source, StreamFault

LARGE, SMALL = Size(1920, 1080), Size(SMALL_WIDTH - 1, 180)


def shots(path, count, size=LARGE):
    with opened(Source(str(path), looped=True), lambda: size) as coming:
        return list(islice(coming, count))


def coloured(path, width, height, colour=(200, 40, 30)):
    write_clip(path, [np.full((height, width, 3), colour, np.uint8)] * 3, 12)
    return path


def test_red_stays_red(tmp_path):
    (shot,) = shots(coloured(tmp_path / "red.mp4", 64, 48), 1)
    assert np.abs(shot.pixels.mean(axis=(0, 1)) - (200, 40, 30)).max() < 8


@pytest.mark.parametrize(
    ("wanted", "shape"),
    [
        (Size(333, 333), (187, 333, 3)),
        (Size(1000, 99), (99, 176, 3)),
        (Size(1920, 1080), (360, 640, 3)),
        (Size(0, 0), (2, 2, 3)),
    ],
)
def test_a_picture_fits_the_room_with_its_proportions_and_is_never_enlarged(tmp_path, wanted, shape):
    (shot,) = shots(coloured(tmp_path / "one.mp4", 640, 360), 1, wanted)
    assert shot.pixels.shape == shape


@pytest.mark.parametrize("width", [331, 332, 333, 334])
def test_rows_of_odd_widths_lie_one_behind_the_other(tmp_path, width):
    (shot,) = shots(coloured(tmp_path / "one.mp4", 640, 360), 1, Size(width, 1000))
    assert shot.pixels.strides == (width * 3, 3, 1)
    assert shot.pixels.flags.c_contiguous


def test_a_clip_begins_again_without_a_gap_and_its_moments_run_on(tmp_path):
    film = clips.write(tmp_path / "film.mp4", 6)
    seen = shots(film, 15)
    assert [clips.number_of(shot.pixels) for shot in seen] == [*range(6), *range(6), *range(3)]
    assert [shot.due for shot in seen] == pytest.approx([number / clips.RATE for number in range(15)])


@pytest.mark.parametrize("order", [{"bf": "0"}, {"bf": "3"}], ids=["in order", "reordered"])
def test_a_small_picture_is_drawn_from_key_frames_alone_and_none_is_held_back(tmp_path, order):
    film = clips.write(tmp_path / "film.mp4", 30, **order)
    seen = shots(film, 4, SMALL)
    assert [clips.number_of(shot.pixels) for shot in seen] == [0, 12, 24, 0]
    assert [shot.due for shot in seen[:3]] == pytest.approx([0.0, 1.0, 2.0])


def test_a_picture_that_becomes_large_moves_again_from_the_next_key_frame(tmp_path):
    film = clips.write(tmp_path / "film.mp4", 30, bf="3")
    size = SMALL
    with opened(Source(str(film), looped=True), lambda: size) as coming:
        numbers = [clips.number_of(next(coming).pixels)]
        size = LARGE
        numbers += [clips.number_of(shot.pixels) for shot in islice(coming, 5)]
    assert numbers == [0, 12, 13, 14, 15, 16]


def test_a_picture_too_large_for_memory_is_refused(tmp_path):
    film = clips.write(tmp_path / "wall.mp4", 1, (MAX_PIXELS // 2304 + 16, 2304), preset="ultrafast")
    with pytest.raises(StreamFault, match="picture of 4112 x 2304 is too large"):
        shots(film, 1)


def test_a_stream_of_sound_alone_says_so(tmp_path):
    with wave.open(str(tmp_path / "siren.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 800, "NONE", ""))
        sound.writeframes(bytes(1600))
    with pytest.raises(StreamFault, match="no picture in the stream"):
        shots(tmp_path / "siren.wav", 1)


def test_what_is_no_film_is_a_fault_without_its_address(tmp_path):
    (tmp_path / "geheim.mp4").write_bytes(b"<html>" * 500)
    with pytest.raises(StreamFault, match="Invalid data") as fault:
        shots(tmp_path / "geheim.mp4", 1)
    assert "geheim" not in str(fault.value)
