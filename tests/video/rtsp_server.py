"""An RTSP server of drawn cameras, for the system's own Python, which alone has GStreamer's bindings.

Run: /usr/bin/python3 rtsp_server.py PORT CAMERA... It says "ready" when it listens. Each camera has a mount of its own,
because several clients that open one shared mount at once abort the server.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

WIDTH, HEIGHT, RATE = 320, 180, 15
ENCODERS = {
    "x264enc": f"x264enc tune=zerolatency speed-preset=ultrafast bitrate=300 key-int-max={RATE}",
    "openh264enc": f"openh264enc bitrate=300000 gop-size={RATE}",
}


def pipeline() -> str:
    encoder = next(line for name, line in ENCODERS.items() if Gst.ElementFactory.find(name))
    drawn = f"videotestsrc is-live=true pattern=ball ! video/x-raw,width={WIDTH},height={HEIGHT},framerate={RATE}/1"
    return f"( {drawn} ! videoconvert ! {encoder} ! rtph264pay name=pay0 pt=96 config-interval=1 )"


def serve(port: str, cameras: list[str]) -> None:
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    for camera in cameras:
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(pipeline())
        server.get_mount_points().add_factory(f"/{camera}", factory)
    if not server.attach(None):
        sys.exit(f"port {port} is taken")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    GLib.MainLoop().run()


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2:])
