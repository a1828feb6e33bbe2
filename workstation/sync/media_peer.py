"""The hub's media as a station uses them: which chunks it lacks, one chunk there, one chunk back."""

import orjson

from workstation.attachments import ChunkRefused, Manifest
from workstation.sync.outage import FOREIGN
from workstation.sync.peer import Peer
from workstation.wire import WireError


class MediaPeer:
    """Media over one thread's connection. Each call may be repeated, and raise WireError or HubRefused."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def close(self) -> None:
        self._peer.close()

    def announce(self, manifest: Manifest) -> list[int]:
        """Say that a file comes; the chunks the hub lacks, none where it holds the file."""
        answer = self._peer.send("PUT", f"/v1/media/{manifest.sha256}", manifest.encode())
        try:
            return [int(one) for one in orjson.loads(answer.body)["missing"]]
        except (ValueError, KeyError, TypeError) as error:
            raise WireError(FOREIGN, self._peer.address.url, f"not a list of chunks: {error}") from error

    def manifest(self, sha256: str, root: str) -> Manifest:
        """The manifest of a file the hub holds, checked against the root of its signed entry."""
        answer = self._peer.send("GET", f"/v1/media/{sha256}")
        manifest = Manifest.decode(answer.body, sha256)
        if manifest.root != root:
            raise ChunkRefused(sha256, "manifest", "the hub's manifest is not the one its entry was signed over")
        return manifest

    def send(self, sha256: str, index: int, body: bytes) -> None:
        self._peer.send("PUT", f"/v1/media/{sha256}/{index}", body)

    def fetch(self, sha256: str, index: int) -> bytes:
        """One chunk, not yet checked: the shelf does that as it takes it."""
        return self._peer.send("GET", f"/v1/media/{sha256}/{index}").body
