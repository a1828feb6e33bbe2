"""Cameras that really stream: RTSP from GStreamer, JPEG after JPEG over HTTP, HLS, and a clip of the demo."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.hubs import until
from tests.servers import web
from tests.video import clips
from tests.video.rtsp import rtsp_server
from workstation.video.decoding import opened
from workstation.video.health import State
from workstation.video.source import Size, Source

USER = "admin:geheim@"


class Shifted:
    """The steady clock, which a test may put ahead instead of waiting."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


def frames(stream, count):
    """The next frames of a stream, each another one."""
    seen = []
    for _ in range(count):
        until(lambda: stream.frame is not None and stream.frame not in seen[-1:])
        seen.append(stream.frame)
    return seen


def test_a_street_camera_is_live_while_its_pictures_come(watch, steady_server):
    stream = watch("CAM-01", steady_server.address("bridge", USER))
    assert frames(stream, 5)[0].pixels.shape == (180, 320, 3)
    until(lambda: stream.health().state is State.LIVE)
    assert stream.health().fault == ""


def test_a_picture_is_made_as_large_as_its_tile(watch, steady_server):
    stream = watch("CAM-02", steady_server.address("pump"))
    stream.fit(Size(101, 400))
    assert frames(stream, 1)[0].pixels.shape == (57, 101, 3)


def test_several_cameras_of_one_recorder_are_watched_at_once(watch, steady_server):
    streams = [watch(camera, steady_server.address(camera)) for camera in ("market", "gate")]
    for stream in streams:
        frames(stream, 3)
    until(lambda: [stream.health().state for stream in streams] == [State.LIVE, State.LIVE])


def test_a_wrong_address_is_lost_with_a_reason_and_its_password_is_told_nowhere(watch, steady_server, caplog, capfd):
    stream = watch("CAM-09", steady_server.address("nowhere", USER))
    until(lambda: stream.health().state is State.LOST)
    assert "404" in stream.health().fault
    told = "".join([stream.health().fault, caplog.text, *capfd.readouterr()])
    assert "CAM-09" in told
    assert "geheim" not in told
    assert "127.0.0.1" not in told


def test_a_recorder_that_dies_leaves_its_last_picture_and_comes_back_by_itself(watch):
    steady = Shifted()
    with rtsp_server("bridge") as server:
        stream = watch("CAM-01", server.address("bridge"), steady=steady)
        frames(stream, 3)
        server.kill()
        until(lambda: stream.health().fault == "Connection refused")
        last, seen = stream.frame, []
        for later in (3.0, 30.0):
            steady.ahead += later
            seen.append(stream.health().state)
        assert seen == [State.STALLED, State.LOST]
        assert stream.frame is last
        server.start()
        until(lambda: stream.health().state is State.LIVE)
        assert stream.frame is not last


def test_a_camera_that_freezes_is_noticed_though_its_connection_stands(watch):
    with rtsp_server("bridge") as server:
        stream = watch("CAM-01", server.address("bridge"))
        frames(stream, 2)
        server.freeze()
        until(lambda: stream.health().fault == "no answer in time")
        assert not stream.health().is_fresh


def test_jpeg_after_jpeg_is_shown_as_it_comes(watch):
    pictures = [clips.jpeg(number) for number in range(12)]

    class Camera(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            for number in range(100):
                jpeg = pictures[min(number, 11)]
                self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg))
                self.wfile.write(jpeg + b"\r\n")
                time.sleep(0.05)

        def log_message(self, *values):
            """Quiet."""

        def handle(self):
            try:
                super().handle()
            except OSError:
                """Nobody watches any more."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Camera) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            stream = watch("CAM-03", f"http://{USER}127.0.0.1:{server.server_port}/mjpeg")
            until(lambda: stream.frame is not None and clips.number_of(stream.frame.pixels) == 11)
            until(lambda: stream.health().state is State.LIVE)
            stream.stop()
            assert stream.wait(60)
        finally:
            server.shutdown()
            thread.join()


def test_hls_is_paced_by_its_moments(watch, tmp_path):
    clips.write(tmp_path / "live.m3u8", 24)
    with web(lambda path: (200, (tmp_path / path.strip("/")).read_bytes())) as address:
        began = time.monotonic()
        stream = watch("CAM-04", f"{address}/live.m3u8")
        until(lambda: stream.frame is not None and clips.number_of(stream.frame.pixels) >= 12)
        assert time.monotonic() - began >= 0.9
        stream.stop()
        assert stream.wait(60)


@pytest.mark.parametrize("segment", ["file://{folder}/film.mp4", "{folder}/film.mp4"])
def test_a_list_from_outside_cannot_reach_a_local_film(watch, tmp_path, segment):
    film = clips.write(tmp_path / "film.mp4", 12)
    assert film.is_file()
    listed = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{segment.format(folder=tmp_path)}\n#EXT-X-ENDLIST\n"
    with web(lambda path: (200, listed.encode()) if path == "/live.m3u8" else (404, b"")) as address:
        stream = watch("CAM-05", f"{address}/live.m3u8")
        until(lambda: stream.health().state is State.LOST)
        assert stream.frame is None
        stream.stop()
        assert stream.wait(60)


def test_a_clip_is_simulated_and_fresh_also_where_it_begins_again(watch, tmp_path):
    short = Source(str(clips.write(tmp_path / "film.mp4", 5)), looped=True)
    stream = watch("CAM-06", "clip:street", opener=lambda source, size: opened(short, size))
    assert stream.is_simulated
    seen = frames(stream, 14)
    until(lambda: stream.health().state is State.SIMULATED)
    assert seen[-1].taken - seen[0].taken >= 12 / clips.RATE


def test_every_clip_of_the_demo_plays(watch):
    streams = [watch(f"CAM-{name}", f"clip:{name}") for name in ("underpass", "street", "river", "square")]
    for stream in streams:
        assert frames(stream, 2)[0].pixels.shape == (360, 640, 3)
