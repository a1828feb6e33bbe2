"""The routes by which stations and the hub keep equal: summaries, entries both ways, and contents that follow."""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ValidationError

from workstation.hub.entrance import Entrance
from workstation.hub.exchange import Hub
from workstation.hub.gate import Turned
from workstation.hub.measures import Measures
from workstation.hub.messages import PARCEL, SIGNED, Contents, Pull, Receipt, Summary, body_of
from workstation.journal.room import is_full
from workstation.sync.parcel import heads_of, ranges_of

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


class ExchangeRoutes:
    """The exchange over one hub."""

    def __init__(self, hub: Hub, entrance: Entrance, measures: Measures) -> None:
        self._hub = hub
        self._entrance = entrance
        self._measures = measures

    def router(self) -> APIRouter:
        routes = APIRouter()
        zstd: dict[int | str, dict[str, Any]] = {200: {"content": PARCEL, "description": "A parcel"}}
        sent = SIGNED | {"requestBody": {"required": True, "content": PARCEL}}
        parcel: dict[str, Any] = {"methods": ["POST"], "responses": zstd, "response_class": Response}
        routes.add_api_route("/v1/heads", self.heads, openapi_extra=SIGNED)
        routes.add_api_route("/v1/push", self.push, methods=["POST"], openapi_extra=sent)
        routes.add_api_route("/v1/pull", self.pull, openapi_extra=SIGNED | body_of(Pull), **parcel)
        routes.add_api_route("/v1/contents", self.contents, openapi_extra=SIGNED | body_of(Contents), **parcel)
        return routes

    async def heads(self, request: Request) -> Summary:
        """The summary of what the hub holds."""
        await self._entrance.signed(request)
        return Summary(heads=await run_in_threadpool(self._hub.heads))

    async def push(self, request: Request) -> Receipt:
        """Take entries, and contents that follow; whoever brings them, their authors' signatures vouch for them."""
        sender, body = await self._entrance.signed(request)
        heads, wants = await self._done("push", lambda: self._taken(sender, body))
        self._measures.pushes.inc()
        return Receipt(heads=heads, wants=wants)

    async def pull(self, request: Request) -> Response:
        """What the hub has and the sender, by its summary, has not."""
        sender, body = await self._entrance.signed(request)
        asked = _asked(Pull, body)
        theirs = heads_of(asked.heads)
        page = await self._done("pull", lambda: self._hub.pull(sender, theirs, asked.limit, asked.express))
        return Response(page, media_type="application/zstd")

    async def contents(self, request: Request) -> Response:
        """Contents whose headers went out before."""
        sender, body = await self._entrance.signed(request)
        asked = _asked(Contents, body)
        wanted = ranges_of(asked.ranges)
        page = await self._done("contents", lambda: self._hub.contents(sender, wanted, asked.limit))
        return Response(page, media_type="application/zstd")

    async def _done(self, what: str, work: Callable[[], T]) -> T:
        with self._measures.exchange.labels(what).time():
            return await run_in_threadpool(work)

    def _taken(self, sender: str, body: bytes) -> tuple[Any, Any]:
        try:
            return self._hub.push(sender, body)
        except Exception as error:
            if is_full(error):
                raise Turned(507, "disk_full") from error
            raise


def _asked(model: type[M], body: bytes) -> M:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise Turned(400, "malformed") from error
