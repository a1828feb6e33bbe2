"""The outside world of the demo: the hotline's file, the 311 service, the weather office and the quake list over HTTP.

Each answers with what it has said so far on the scenario's clock, as real services do, so that most of what is fetched
was fetched before.
"""

import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from workstation.demo.calls import Evening
from workstation.demo.feed_bytes import cap_index

Minutes = Callable[[], float]
SOURCES = ("calls", "open311", "cap", "usgs")


class FeedServer:
    """Serves `/calls`, `/open311`, `/cap` and `/usgs` on loopback. `minutes()` is how far the evening is."""

    def __init__(self, evening: Evening, minutes: Minutes) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(evening, minutes))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="feeds", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(evening: Evening, minutes: Minutes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = [raw for source, raw in evening.scheduled(-1, minutes()) if f"/{source}" == self.path]
            known = self.path.removeprefix("/") in SOURCES
            self.send_response(HTTPStatus.OK if said else HTTPStatus.NO_CONTENT if known else HTTPStatus.NOT_FOUND)
            body = cap_index(said) if said and self.path == "/cap" else said[-1] if said else b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *values: object) -> None:
            """Every fetch is logged by the feed that made it."""

    return Handler
