"""Writing documents: names of our own making, whole or not at all, each with its SHA-256."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Written:
    """A document on disk."""

    path: Path
    sha256: str
    size: int


def safe_name(text: str) -> str:
    """A file name from an id or number; what could be a path is not kept."""
    return _UNSAFE.sub("-", text).strip(".-")[:80] or "document"


def write_document(folder: Path, name: str, content: bytes) -> Written:
    """Write a file, replacing one of the same name in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)
    return written(path)


def written(path: Path) -> Written:
    """A document that lies there already."""
    content = path.read_bytes()
    return Written(path, hashlib.sha256(content).hexdigest(), len(content))
