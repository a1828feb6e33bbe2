"""How a signed request comes in: not too often, its sender known before its body is read, the body bounded."""

import asyncio
from collections.abc import Callable

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from workstation.hub.gate import Gate, Turned
from workstation.hub.limits import Buckets, Limits
from workstation.station import Station


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


class Entrance:
    """One for a hub; every route that is signed asks it first. `now` gives monotonic seconds."""

    def __init__(self, hub: Station, limits: Limits, now: Callable[[], float]) -> None:
        self._gate = Gate(hub)
        self._limits = limits
        self._stations = Buckets(limits.station, now)
        self._addresses = Buckets(limits.address, now)

    async def signed(self, request: Request, longest: int | None = None) -> tuple[str, bytes]:
        """The station that signed a request, and its body; a stranger's is read no further than it takes to say no.

        Raises Turned.
        """
        self._addresses.take(address_of(request))
        try:
            claim = await run_in_threadpool(self._gate.claim, request.headers)
        except Turned:
            await self._body(request, self._limits.stranger_body)
            raise
        body = await self._body(request, self._limits.body if longest is None else longest)
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        sender = await run_in_threadpool(claim.check, (request.method, path), body)
        self._stations.take(sender)
        return sender, body

    async def unsigned(self, request: Request) -> bytes:
        """The body of a request that nobody signs, no longer than a stranger's. Raises Turned."""
        return await self._body(request, self._limits.stranger_body)

    async def _body(self, request: Request, most: int) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                async for piece in request.stream():
                    body += piece
                    if len(body) > most:
                        raise Turned(413, "too_large")
        except TimeoutError as error:
            raise Turned(408, "slow") from error
        except ClientDisconnect as error:
            raise Turned(400, "cut_off") from error  # told to nobody, but counted
        return bytes(body)
