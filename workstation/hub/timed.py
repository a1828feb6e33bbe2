"""Every answer of the hub tells the hub's time, so that a station learns how far its own clock is from it.

It also is the hub's mark: an answer without it came from something on the way.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workstation.domain.clock import Clock, millis
from workstation.sync.signing import HUB_TIME


class Timed:
    """Wraps an application; leaves bodies and streams as they are."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def timed(message: Message) -> None:
            if message["type"] == "http.response.start":
                moment = str(millis(self._clock.now())).encode()
                message["headers"] = [*message.get("headers", ()), (HUB_TIME.encode(), moment)]
            await send(message)

        await self._app(scope, receive, timed)
