"""A file somebody was given: what it is, by its content alone, and what it holds.

Names and extensions lie, so none is asked. Whatever a file is, the answer is records, rejects with reasons, or both;
never an exception.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from workstation.domain.errors import FeedError
from workstation.feeds.atom import read_index
from workstation.feeds.calls import parse_calls
from workstation.feeds.cap import parse_cap, read_cap
from workstation.feeds.json_text import read_json
from workstation.feeds.markup import local, read_xml
from workstation.feeds.open311 import looks_like_open311, read_open311_json, read_open311_xml
from workstation.feeds.parsed import Parsed, clip, flaw, not_records, refused
from workstation.feeds.quakeml import read_quakeml
from workstation.feeds.sheets import ZIP_MARK
from workstation.feeds.usgs import read_usgs

MAX_FILE = 64 * 1024 * 1024
_BLANK = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"
_WEB = re.compile(rb"\A\s*(<!doctype html|<html)", re.IGNORECASE)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_WIDE = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_INDEX = ("feed", "rss", "RDF")
_OPEN311 = ("service_requests", "errors", "services", "service_definition", "discovery")
_QUAKEML = ("quakeml", "eventParameters")


def read_file(path: Path) -> Parsed:
    """The records of a file. Raises OSError when it cannot be opened; everything else is an answer."""
    with path.open("rb") as file:
        raw = file.read(MAX_FILE + 1)
    if len(raw) > MAX_FILE:
        return refused("file", "", flaw("size", "feeds.too_large", limit=MAX_FILE), raw)
    return parse_any(raw)


def parse_any(raw: bytes, source: str = "") -> Parsed:
    """The records of a document whose format is not known.

    `source` names where the records come from and begins their ids; left out, it is the format's own name, so that
    the same records from another copy of the file are the same records.
    """
    if not raw.strip(_BLANK):
        return refused(source or "file", "", flaw("document", "feeds.empty_file"), raw)
    try:
        return _sniffed(raw, source)
    except FeedError as error:
        return refused(source or "file", "", error, raw)
    except RecursionError:
        return refused(source or "file", "", flaw("document", "feeds.unreadable", detail="too deep"), raw)


def _sniffed(raw: bytes, source: str) -> Parsed:
    head = _head(raw)
    if raw.startswith(ZIP_MARK):
        return parse_calls(raw, source)
    if _WEB.match(head):
        return not_records(source or "file", "html", "feeds.web_page", raw[:4096])
    if head.startswith(b"<"):
        return _xml(raw, source)
    if head.startswith((b"{", b"[")):
        return _json(raw, source)
    if _BINARY.search(head):
        raise flaw("document", "feeds.unknown_format", value="binary")
    return parse_calls(raw, source)


def _head(raw: bytes) -> bytes:
    """The beginning in UTF-8, without marks and blanks, also of a document in UTF-16 that says so or is XML."""
    head = raw[:4096]
    for mark, name in _WIDE:
        if head.startswith(mark):
            head = head.decode(name, "ignore").encode()
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")


def _xml(raw: bytes, source: str) -> Parsed:
    try:
        root = read_xml(raw)
    except FeedError as error:
        if b"<alert" in raw or b":alert" in raw:
            return parse_cap(raw, source or "cap")
        return refused(source or "xml", "xml", error, raw)
    return _rooted(root, raw, source)


def _rooted(root: Element, raw: bytes, source: str) -> Parsed:
    name = local(root)
    if name in _INDEX:
        return read_index(root, source or "cap")
    if name in _QUAKEML or any(local(one) == "eventParameters" for one in root):
        return read_quakeml(root, source or "quakeml")
    if name in _OPEN311:
        return read_open311_xml(root, source or "open311", raw)
    if name == "alert" or any(local(one) == "alert" for one in root.iter()):
        return read_cap(root, source or "cap")
    raise flaw("format", "feeds.unknown_format", value=clip(f"<{name}>"))


def _json(raw: bytes, source: str) -> Parsed:
    document = read_json(raw)
    for fits, read, name in _JSON:
        if fits(document):
            return read(document, source or name, raw)
    raise flaw("format", "feeds.unknown_format", value=clip(_keys(document)))


def _looks_like_quakes(document: Any) -> bool:
    return isinstance(document, dict) and document.get("type") in ("FeatureCollection", "Feature")


_JSON: tuple[tuple[Callable[[Any], bool], Callable[[Any, str, bytes], Parsed], str], ...] = (
    (_looks_like_quakes, read_usgs, "usgs"),
    (looks_like_open311, read_open311_json, "open311"),
)


def _keys(document: Any) -> str:
    if isinstance(document, dict):
        return "{" + ", ".join(list(document)[:6]) + "}"
    return f"[{type(document[0]).__name__}]" if isinstance(document, list) and document else "[]"
