"""Files kept by what they hold: found by SHA-256, moved in chunks checked one by one, sealed where personal."""

from workstation.attachments.limits import Limits
from workstation.attachments.manifest import CHUNK, Manifest
from workstation.attachments.shelf import Shelf
from workstation.attachments.trouble import ChunkRefused, Damaged, MediaError, NoRoom

__all__ = ["CHUNK", "ChunkRefused", "Damaged", "Limits", "Manifest", "MediaError", "NoRoom", "Shelf"]
