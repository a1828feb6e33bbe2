"""A real RTSP server in a process of its own, which a test can freeze, kill and bring back on the same port."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.servers import free_port
from workstation.preflight import RTSP_PACKAGES

PYTHON = "/usr/bin/python3"
SCRIPT = Path(__file__).with_name("rtsp_server.py")
NEEDS = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"


class RtspServer:
    """The cameras of one port; `user` goes into their addresses as it would stand in a city's list."""

    def __init__(self, *cameras: str) -> None:
        self.port = free_port()
        self._cameras = cameras
        self._process: subprocess.Popen[str] | None = None

    def address(self, camera: str, user: str = "") -> str:
        return f"rtsp://{user}127.0.0.1:{self.port}/{camera}"

    def start(self) -> None:
        command = [PYTHON, str(SCRIPT), str(self.port), *self._cameras]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def freeze(self) -> None:
        """Let every connection stand open and say nothing more."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@contextmanager
def rtsp_server(*cameras: str) -> Iterator[RtspServer]:
    """A server of these cameras. Skips the test where GStreamer is not installed, fails it in CI."""
    if not _is_installed():
        packages = " ".join(RTSP_PACKAGES)
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs an RTSP server: apt-get install {packages}")
    server = RtspServer(*cameras)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@cache
def _is_installed() -> bool:
    try:
        return subprocess.run([PYTHON, "-c", NEEDS], capture_output=True, check=False).returncode == 0
    except OSError:
        return False
