"""Media at the hub: a manifest, then its chunks, each signed like every other request and bounded in size.

The hub takes a file only when it knows an attachment of that digest, with that root and size: entries go first, and
nobody fills its disk with what no entry speaks of. What was removed is dropped here too.
"""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from workstation.attachments import CHUNK, ChunkRefused, Manifest, MediaError, NoRoom, Shelf
from workstation.attachments.upkeep import drop_removed
from workstation.domain.records import Attachment
from workstation.hub.entrance import Entrance
from workstation.hub.gate import Turned
from workstation.hub.messages import SIGNED
from workstation.station import Station

LONGEST_MANIFEST = 1024 * 1024
PATH = "/v1/media/{sha256}"


class MediaStore:
    """The hub's shelf, as stations may use it. Every method raises Turned."""

    def __init__(self, hub: Station, shelf: Shelf) -> None:
        self._hub = hub
        self.shelf = shelf
        self._stale = True
        hub.subscribe(self._changed)

    def manifest(self, sha256: str) -> Manifest:
        """The manifest of a file that is whole here (404 `absent`)."""
        self._attachment(sha256)
        manifest = self.shelf.manifest(sha256)
        if manifest is None or not self.shelf.holds(sha256):
            raise Turned(404, "absent")
        return manifest

    def begin(self, sha256: str, body: bytes) -> dict[str, list[int]]:
        """Announce a file; the chunks the hub lacks."""
        told = self._attachment(sha256)
        try:
            manifest = Manifest.decode(body, sha256)
            if (manifest.root, manifest.size) != (told.root, told.stored_size):
                raise Turned(422, "manifest")
            return {"missing": list(self.shelf.begin(manifest))}
        except MediaError as error:
            raise _turned(error) from error

    def take(self, sha256: str, index: int, body: bytes) -> dict[str, int]:
        """Take one chunk; how many are still missing."""
        self._attachment(sha256)
        try:
            return {"missing": self.shelf.put_chunk(sha256, index, body)}
        except MediaError as error:
            raise _turned(error) from error

    def chunk(self, sha256: str, index: int) -> bytes:
        """One chunk of a whole file. A file found damaged is dropped, to be sent again by who has it."""
        self._attachment(sha256)
        try:
            return self.shelf.chunk(sha256, index)
        except MediaError as error:
            if error.reason == "damaged":
                self.shelf.drop(sha256)
            raise _turned(error) from error

    def _attachment(self, sha256: str) -> Attachment:
        """The attachment a request is about (404 `unknown`: no entry here speaks of it, or it was removed)."""
        if self._stale:
            self._stale = False
            self._hub.ask(lambda journal: drop_removed(journal.situation, self.shelf)).result()
        known = self._hub.ask(lambda journal: journal.situation.find(Attachment, digest=sha256, limit=1)).result()
        if not known:
            raise Turned(404, "unknown")
        return known[0]

    def _changed(self, kinds: frozenset[str]) -> None:
        self._stale = self._stale or "attachment" in kinds


def media_router(hub: Station, entrance: Entrance) -> APIRouter:
    """The routes of media over a hub's own shelf."""
    store, router = MediaStore(hub, Shelf(hub.space.attachments)), APIRouter()

    @router.head(PATH, include_in_schema=False)
    @router.get(PATH, openapi_extra=SIGNED, response_class=Response)
    async def manifest(request: Request, sha256: str) -> Response:
        await entrance.signed(request, 0)
        found = await run_in_threadpool(store.manifest, sha256)
        return Response(found.encode(), media_type="application/json")

    @router.put(PATH, openapi_extra=SIGNED)
    async def begin(request: Request, sha256: str) -> dict[str, list[int]]:
        _, body = await entrance.signed(request, LONGEST_MANIFEST)
        return await run_in_threadpool(store.begin, sha256, body)

    @router.get(PATH + "/{index}", openapi_extra=SIGNED, response_class=Response)
    async def chunk(request: Request, sha256: str, index: int) -> Response:
        await entrance.signed(request, 0)
        body = await run_in_threadpool(store.chunk, sha256, index)
        return Response(body, media_type="application/octet-stream")

    @router.put(PATH + "/{index}", openapi_extra=SIGNED)
    async def take(request: Request, sha256: str, index: int) -> dict[str, int]:
        _, body = await entrance.signed(request, CHUNK)
        return await run_in_threadpool(store.take, sha256, index, body)

    return router


def _turned(error: MediaError) -> Turned:
    """The HTTP status a trouble is told with: 507 disk nearly full, 422 not what was announced, 404 not here."""
    statuses = ((NoRoom, 507), (ChunkRefused, 422))
    return Turned(next((status for kind, status in statuses if isinstance(error, kind)), 404), error.reason)
