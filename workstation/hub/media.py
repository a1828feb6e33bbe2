"""Media at the hub: a manifest, then its chunks, each signed like every other request and bounded in size.

The hub takes a file only when it knows an attachment of that digest, with that root and size: entries go first, and
nobody fills its disk with what no entry speaks of. What was removed is dropped here too. It gives a file only to a
station whose sight covers an entry that names it; to others it is as unknown as what is not there.
"""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from workstation.attachments import CHUNK, ChunkRefused, Manifest, MediaError, NoRoom, Shelf
from workstation.attachments.upkeep import drop_removed
from workstation.domain.records import Attachment
from workstation.hub.entrance import Entrance
from workstation.hub.gate import Turned
from workstation.hub.messages import SIGNED
from workstation.journal import Journal
from workstation.station import Station
from workstation.sync.sight import StationSight

LONGEST_MANIFEST = 1024 * 1024
PATH = "/v1/media/{sha256}"
Asked = tuple[str, str, bool]
"""The station that asks, the file, and whether it brings it."""


class MediaStore:
    """The hub's shelf, as stations may use it. Every method raises Turned."""

    def __init__(self, hub: Station, shelf: Shelf) -> None:
        self._hub = hub
        self.shelf = shelf
        self._stale = True
        self._judged_at, self._judged = -1, dict[Asked, bool]()
        hub.subscribe(self._changed)

    def manifest(self, sender: str, sha256: str) -> Manifest:
        """The manifest of a file that is whole here (404 `absent`)."""
        self._attachment(sender, sha256)
        manifest = self.shelf.manifest(sha256)
        if manifest is None or not self.shelf.holds(sha256):
            raise Turned(404, "absent")
        return manifest

    def begin(self, sender: str, sha256: str, body: bytes) -> dict[str, list[int]]:
        """Announce a file; the chunks the hub lacks."""
        told = self._attachment(sender, sha256, brings=True)
        try:
            manifest = Manifest.decode(body, sha256)
            if (manifest.root, manifest.size) != (told.root, told.stored_size):
                raise Turned(422, "manifest")
            return {"missing": list(self.shelf.begin(manifest))}
        except MediaError as error:
            raise _turned(error) from error

    def take(self, sender: str, sha256: str, index: int, body: bytes) -> dict[str, int]:
        """Take one chunk; how many are still missing."""
        self._attachment(sender, sha256, brings=True)
        try:
            return {"missing": self.shelf.put_chunk(sha256, index, body)}
        except MediaError as error:
            raise _turned(error) from error

    def chunk(self, sender: str, sha256: str, index: int) -> bytes:
        """One chunk of a whole file. A file found damaged is dropped, to be sent again by who has it."""
        self._attachment(sender, sha256)
        try:
            return self.shelf.chunk(sha256, index)
        except MediaError as error:
            if error.reason == "damaged":
                self.shelf.drop(sha256)
            raise _turned(error) from error

    def _attachment(self, sender: str, sha256: str, brings: bool = False) -> Attachment:
        """The attachment a request is about (404 `unknown`: no entry here that the sender may read speaks of it, or it
        was removed)."""
        if self._stale:
            self._stale = False
            self._hub.ask(lambda journal: drop_removed(journal.situation, self.shelf)).result()

        def known(journal: Journal) -> list[Attachment]:
            found = journal.situation.find(Attachment, digest=sha256, limit=1)
            return found if found and self._covers(journal, (sender, sha256, brings)) else []

        found = self._hub.ask(known).result()
        if not found:
            raise Turned(404, "unknown")
        return found[0]

    def _covers(self, journal: Journal, asked: Asked) -> bool:
        """Whether the sender's sight covers the file, judged again once anything has arrived."""
        end = journal.exchange.end()
        if self._judged_at != end:
            self._judged_at, self._judged = end, {}
        if asked not in self._judged:
            sender, sha256, brings = asked
            self._judged[asked] = StationSight(journal, sender).covers(sha256, brings)
        return self._judged[asked]

    def _changed(self, kinds: frozenset[str]) -> None:
        self._stale = self._stale or "attachment" in kinds


def media_router(hub: Station, entrance: Entrance) -> APIRouter:
    """The routes of media over a hub's own shelf."""
    store, router = MediaStore(hub, Shelf(hub.space.attachments)), APIRouter()

    @router.head(PATH, include_in_schema=False)
    @router.get(PATH, openapi_extra=SIGNED, response_class=Response)
    async def manifest(request: Request, sha256: str) -> Response:
        sender, _ = await entrance.signed(request, 0)
        found = await run_in_threadpool(store.manifest, sender, sha256)
        return Response(found.encode(), media_type="application/json")

    @router.put(PATH, openapi_extra=SIGNED)
    async def begin(request: Request, sha256: str) -> dict[str, list[int]]:
        sender, body = await entrance.signed(request, LONGEST_MANIFEST)
        return await run_in_threadpool(store.begin, sender, sha256, body)

    @router.get(PATH + "/{index}", openapi_extra=SIGNED, response_class=Response)
    async def chunk(request: Request, sha256: str, index: int) -> Response:
        sender, _ = await entrance.signed(request, 0)
        body = await run_in_threadpool(store.chunk, sender, sha256, index)
        return Response(body, media_type="application/octet-stream")

    @router.put(PATH + "/{index}", openapi_extra=SIGNED)
    async def take(request: Request, sha256: str, index: int) -> dict[str, int]:
        sender, body = await entrance.signed(request, CHUNK)
        return await run_in_threadpool(store.take, sender, sha256, index, body)

    return router


def _turned(error: MediaError) -> Turned:
    """The HTTP status a trouble is told with: 507 disk nearly full, 422 not what was announced, 404 not here."""
    statuses = ((NoRoom, 507), (ChunkRefused, 422))
    return Turned(next((status for kind, status in statuses if isinstance(error, kind)), 404), error.reason)
