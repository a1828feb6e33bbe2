"""The hub's HTTP face: enrol, push, pull, events, health, metrics. Everything but enrolment and health must be signed;
metrics are for the machine itself and the networks it is told of. Described at /openapi.json."""

import ipaddress
import logging
import shutil
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from workstation.hub.doorbell import Doorbell
from workstation.hub.entrance import Entrance, address_of
from workstation.hub.exchange import Hub
from workstation.hub.exchange_routes import ExchangeRoutes
from workstation.hub.gate import Turned
from workstation.hub.limits import Buckets, Limits
from workstation.hub.measures import Measures, entries_of
from workstation.hub.media import media_router
from workstation.hub.messages import REFUSALS, SCHEMES, SIGNED, STREAM, Enrolled, Enrolment, Health, body_of
from workstation.journal.database import DatabaseFault
from workstation.sync.enrolling import certificate_words

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LOOPBACK: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a hub is set up: its limits, the certificate it shows (PEM), who may read its metrics, monotonic seconds."""

    limits: Limits = field(default_factory=Limits)
    certificate: str = ""
    metrics_for: tuple[Network, ...] = LOOPBACK
    now: Callable[[], float] = time.monotonic


class Api:
    """The routes over one hub."""

    def __init__(self, hub: Hub, doorbell: Doorbell, setting: Setting) -> None:
        self._hub = hub
        self._doorbell = doorbell
        self._setting = setting
        self._limits = limits = setting.limits
        self._entrance = Entrance(hub.station, limits, setting.now)
        self._enrolments = Buckets(limits.enrolment, setting.now)
        self.measures = Measures(hub.station, doorbell, limits.writer_seconds)
        hub.station.subscribe(doorbell.ring)

    def app(self) -> FastAPI:
        """The application."""
        app = FastAPI(title="workstation hub", version="1", docs_url=None, redoc_url=None, responses=REFUSALS)
        news: dict[int | str, dict[str, Any]] = {200: {"content": STREAM, "description": "Cursors"}}
        app.add_api_route("/v1/enrol", self.enrol, methods=["POST"], openapi_extra=body_of(Enrolment))
        app.add_api_route("/v1/events", self.events, openapi_extra=SIGNED, responses=news, response_class=Response)
        app.add_api_route("/v1/health", self.health, responses={503: {"model": Health}})
        app.add_api_route("/metrics", self.metrics, response_class=Response, include_in_schema=False)
        app.include_router(ExchangeRoutes(self._hub, self._entrance, self.measures).router())
        app.include_router(media_router(self._hub.station, self._entrance))
        app.add_exception_handler(Turned, self._turned)
        app.add_exception_handler(DatabaseFault, self._cut)
        app.add_exception_handler(RequestValidationError, self._malformed)
        app.add_exception_handler(HTTPException, self._no_such)
        app.openapi()["components"]["securitySchemes"] = SCHEMES
        return app

    async def enrol(self, request: Request) -> Enrolled:
        """Let a station in by its one-time code."""
        self._enrolments.take(address_of(request))
        try:
            wanted = Enrolment.model_validate_json(await self._entrance.unsigned(request))
        except ValidationError as error:
            raise Turned(400, "malformed") from error
        public = bytes.fromhex(wanted.public)
        answer = await run_in_threadpool(self._hub.enrol, wanted.station, public, wanted.proof)
        certificate = self._setting.certificate
        words = certificate_words(wanted.station, certificate)
        return Enrolled(
            answer=answer,
            certificate=certificate,
            signature=self._hub.station.space.identity().sign(words).hex() if certificate else "",
        )

    async def events(self, request: Request) -> StreamingResponse:
        """The newest cursor each time something arrives, and a sign of life between."""
        await self._entrance.signed(request)
        return StreamingResponse(self._events(), media_type="text/event-stream")

    def health(self, response: Response) -> Health:
        """Whether the hub can do its work; 503 when it takes nothing."""
        station, limits = self._hub.station, self._limits
        reasons: list[str] = []
        entries = None
        if shutil.disk_usage(station.space.folder).free < limits.free_disk:
            reasons.append("disk")
        try:
            entries = station.ask(entries_of).result(limits.writer_seconds)
        except (TimeoutError, RuntimeError, DatabaseFault):  # it does not answer, or was stopped
            reasons.append("writer")
            response.status_code = 503
        status = "degraded" if reasons else "ready"
        return Health.model_validate(
            {"status": status, "reasons": reasons, "station": station.name, "entries": entries}
        )

    def metrics(self, request: Request) -> Response:
        """Prometheus' text, for this machine and the networks it is told of."""
        if not any(_is_in(address_of(request), network) for network in self._setting.metrics_for):
            raise Turned(403, "not_for_you")
        return Response(self.measures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def _events(self) -> AsyncIterator[str]:
        async for end in self._doorbell.rings():
            yield ":\n\n" if end is None else f"data:{end}\n\n"

    async def _turned(self, request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, Turned):
            raise error
        wait = {"Retry-After": str(max(1, round(error.wait + 0.5)))} if error.wait else {}
        return self._refusal(request, error.status, (error.reason, error.have), wait)

    async def _cut(self, request: Request, error: Exception) -> JSONResponse:
        return self._refusal(request, 503, ("database", None), {})

    async def _malformed(self, request: Request, error: Exception) -> JSONResponse:
        return self._refusal(request, 400, ("malformed", None), {})

    async def _no_such(self, request: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(getattr(error, "headers", None) or {})
        return self._refusal(request, status, ("malformed" if status == 400 else "no_such_route", None), headers)

    def _refusal(
        self, request: Request, status: int, why: tuple[str, int | None], headers: dict[str, str]
    ) -> JSONResponse:
        reason, have = why
        self.measures.refused(reason)
        told = {"reason": reason, "status": status, "address": address_of(request), "method": request.method}
        log.info("refused: %s", reason, extra={"told": told})
        return JSONResponse({"reason": reason, "have": have}, status_code=status, headers=headers)


def _is_in(address: str, network: Network) -> bool:
    try:
        return ipaddress.ip_address(address) in network
    except ValueError:
        return False
