"""Addresses of cameras come from outside: what is no camera's address is refused by name."""

import pytest

from workstation.video.source import StreamFault, clip_path, source_of


@pytest.mark.parametrize("url", ["rtsp://10.0.3.7/1", "rtsps://cam/1", "http://cam/mjpg", "https://cam/live.m3u8"])
def test_a_camera_on_the_network_is_opened_as_it_is(url):
    source = source_of(url)
    assert (source.address, source.looped) == (url, False)


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("file:///etc/passwd", "'file'"),
        ("concat:a.mp4|b.mp4", "'concat'"),
        ("pipe:0", "'pipe'"),
        ("subfile,,start,0,end,9,,:/etc/passwd", "''"),
        ("/dev/video0", "''"),
        ("rtsp:/no/host", "'rtsp'"),
        ("", "''"),
    ],
)
def test_what_is_no_cameras_address_is_refused_by_its_scheme(url, named):
    with pytest.raises(StreamFault, match=named):
        source_of(url)


def test_a_broken_address_is_refused_without_its_password():
    with pytest.raises(StreamFault) as refused:
        source_of("rtsp://admin:geheim@[fe80::1/live")
    assert "geheim" not in str(refused.value)


def test_a_clip_is_played_round_and_round():
    source = source_of("clip:street")
    assert source.looped
    assert source.address.endswith("street.mp4")


@pytest.mark.parametrize("name", ["../words/desk", "street.mp4", "/etc/passwd", "", "Street", "nowhere"])
def test_a_clip_is_a_name_and_never_a_path(name):
    with pytest.raises(StreamFault, match="no such clip"):
        clip_path(name)
