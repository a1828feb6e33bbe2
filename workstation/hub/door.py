"""The hub's side of a connection, with an end to patience: for a request's head, and for how many lines there are."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from workstation.hub.limits import Limits


class Door(H11Protocol):
    """Lets go of who opens a line and does not come to the end of asking, and of lines beyond the limit."""

    limits = Limits()
    _patience: asyncio.TimerHandle | None = None
    _let_in = False

    def connection_made(self, transport: Any) -> None:
        if len(self.connections) >= self.limits.connections:
            transport.abort()
            return
        self._let_in = True
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        if self._let_in:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._let_in:
            super().data_received(data)
            self._watch()

    def _is_asking(self) -> bool:
        """Whether a request's head is not yet whole."""
        cycle = getattr(self, "cycle", None)
        return cycle is None or bool(cycle.response_complete)

    def _watch(self) -> None:
        if not self._is_asking():
            self._rest()
        elif self._patience is None:
            self._patience = self.loop.call_later(self.limits.header_seconds, self._give_up)

    def _rest(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        if self._is_asking() and not self.transport.is_closing():
            self.transport.abort()


def door(limits: Limits) -> type[asyncio.Protocol]:
    """The protocol for uvicorn under these limits."""
    return type("Door", (Door,), {"limits": limits})
