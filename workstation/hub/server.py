"""The hub's HTTP face: enrol, push, pull, events, health. Everything but enrolment and health must be signed."""

import asyncio
import threading
from collections.abc import AsyncIterator

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from workstation.domain.errors import KnownError
from workstation.hub.exchange import Hub
from workstation.hub.gate import Gate, Turned
from workstation.hub.media import media_router
from workstation.hub.timed import Timed
from workstation.journal import Journal
from workstation.journal.room import is_full
from workstation.sync.peer import HEARTBEAT_SECONDS

MAX_BODY = 64 * 1024 * 1024


class Enrolment(BaseModel):
    """What a station sends with its one-time code's proof."""

    station: str = Field(pattern=r"^[A-Z][A-Z0-9]{1,11}$")
    public: str = Field(pattern=r"^[0-9a-f]{64}$")
    proof: str = Field(pattern=r"^[0-9a-f]{64}$")


class Doorbell:
    """Wakes everybody who listens for news. Rung from the station's thread."""

    def __init__(self) -> None:
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = threading.Lock()
        self.closing = False

    def ring(self, kinds: frozenset[str] = frozenset()) -> None:
        with self._lock:
            waiting = list(self._waiting)
        for loop, event in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    async def rings(self) -> AsyncIterator[bool]:
        """True each time something changed, False as a sign of life, until the hub closes."""
        place = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiting.add(place)
        try:
            while not self.closing:
                try:
                    await asyncio.wait_for(place[1].wait(), HEARTBEAT_SECONDS)
                    place[1].clear()
                    yield True
                except TimeoutError:
                    yield False
        finally:
            with self._lock:
                self._waiting.discard(place)


def make_app(hub: Hub, doorbell: Doorbell) -> FastAPI:
    """The application over a hub."""
    app = FastAPI(title="workstation hub", docs_url=None, redoc_url=None, openapi_url=None)
    gate = Gate(hub.station)
    hub.station.subscribe(doorbell.ring)
    app.include_router(media_router(hub.station, gate))

    async def signed(request: Request) -> tuple[str, bytes]:
        body = await _bounded(request)
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return await run_in_threadpool(gate.sender, (request.method, path), request.headers, body), body

    @app.exception_handler(Turned)
    async def turned(request: Request, error: Turned) -> JSONResponse:
        return JSONResponse({"reason": error.reason, "have": error.have}, status_code=error.status)

    @app.post("/v1/enrol")
    def enrol(wanted: Enrolment) -> dict[str, str]:
        return {"answer": hub.enrol(wanted.station, bytes.fromhex(wanted.public), wanted.proof)}

    @app.post("/v1/push")
    async def push(request: Request) -> dict[str, int]:
        sender, body = await signed(request)
        return {"have": await run_in_threadpool(_taken, hub, sender, body)}

    @app.get("/v1/pull")
    async def pull(request: Request, after: int = 0, limit: int = 5000) -> Response:
        sender, _ = await signed(request)
        body = await run_in_threadpool(hub.pull, sender, max(0, after), max(1, limit))
        return Response(body, media_type="application/zstd")

    @app.get("/v1/events")
    async def events(request: Request) -> StreamingResponse:
        await signed(request)
        return StreamingResponse(_events(hub, doorbell), media_type="text/event-stream")

    @app.get("/v1/health")
    def health() -> dict[str, object]:
        return {"station": hub.station.name, "entries": hub.station.ask(_entries).result()}

    return app


async def _events(hub: Hub, doorbell: Doorbell) -> AsyncIterator[str]:
    async for changed in doorbell.rings():
        if changed:
            end = await run_in_threadpool(hub.station.ask(lambda journal: journal.exchange.end()).result)
            yield f"data:{end}\n\n"
        else:
            yield ":\n\n"


def _taken(hub: Hub, sender: str, body: bytes) -> int:
    try:
        return hub.push(sender, body)
    except Exception as error:
        if is_full(error):
            raise Turned(507, "disk_full") from error
        raise


def _entries(journal: Journal) -> int:
    return sum(journal.exchange.heads().values())


async def _bounded(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY:
            raise Turned(413, "too_large")
    return bytes(body)


class HubServer:
    """A hub answering on an address, in a thread of its own."""

    def __init__(self, hub: Hub, host: str, port: int) -> None:
        self._doorbell = Doorbell()
        config = uvicorn.Config(
            Timed(make_app(hub, self._doorbell), hub.station.clock),
            host=host,
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=2,
            lifespan="off",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="hub", daemon=True)
        self._host = host

    def start(self) -> str:
        """Begin to answer; the URL. Raises KnownError when the address cannot be had."""
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise KnownError(f"the hub cannot listen on {self._host}:{self._server.config.port}")
            self._thread.join(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://{self._host}:{port}"

    def wait(self) -> None:
        """Until the server ends: Ctrl+C, or `stop` from another thread."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def stop(self) -> None:
        self._doorbell.closing = True
        self._doorbell.ring()
        self._server.should_exit = True
        self._thread.join()
