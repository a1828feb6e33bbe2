"""Real servers for tests: Mosquitto on a free port, PostgreSQL on a socket, and a web server of given answers."""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

import pytest

PORTS = count(10_000 + os.getpid() % 500 * 40)


def free_port() -> int:
    """A port nobody listens on and no other test is given.

    It lies below those the system gives to whoever asks for any, so nothing takes it while a test has its server down.
    """
    for port in PORTS:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("there are ports without an end")


@contextmanager
def mosquitto(folder: Path, port: int = 0) -> Iterator[str]:
    """A Mosquitto broker; its mqtt:// address. Skips the test where it is not installed, fails it in CI."""
    program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs Mosquitto: apt-get install mosquitto")
    port = port or free_port()
    settings = folder / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    command = [program, "-c", str(settings)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as broker:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        try:
            yield f"mqtt://127.0.0.1:{port}"
        finally:
            broker.terminate()
            broker.wait(60)


def postgres_programs() -> Path:
    """The folder of the newest PostgreSQL server's programs. Skips the test where there is none, fails it in CI."""
    found = [one.parent for one in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs PostgreSQL: apt-get install postgresql")
    return max(found, key=lambda one: float(one.parent.name))


@contextmanager
def postgresql(*settings: str) -> Iterator[str]:
    """A PostgreSQL server on a socket in a folder of its own; the URL of its first database, which its owner may make
    others beside. `settings` are name=value. Skips the test where it is not installed, fails it in CI."""
    programs = postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    owner = {}
    if os.geteuid() == 0:  # which PostgreSQL will not be run by
        owner = {"user": "nobody"}
        shutil.chown(folder, "nobody")
    rules = " ".join(f"-c {one}" for one in ("listen_addresses=''", f"unix_socket_directories={folder}", *settings))

    def run(program: str, *arguments: str) -> None:
        command = [programs / program, "-D", folder / "data", *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={"LC_ALL": "C.UTF-8"}, **owner)
        assert done.returncode == 0, done.stdout + done.stderr

    try:
        run("initdb", "--auth=trust", "--username=hub", "--encoding=UTF8", "--no-locale", "--no-sync")
        run("pg_ctl", "start", "-w", "-s", "-l", str(folder / "log"), "-o", rules)
        try:
            yield f"postgresql://hub@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "-m", "immediate", "-s")
    finally:
        shutil.rmtree(folder)


@contextmanager
def web(answer: Callable[[str], tuple[int, bytes]]) -> Iterator[str]:
    """A web server that answers each path as told; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *values):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
