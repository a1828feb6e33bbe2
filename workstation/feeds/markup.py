"""XML from outside, read without trust: no document type, no entity, bounded depth and number of elements.

A document type is refused altogether: none of the formats read here needs one, and every known attack (external
entities, billions of laughs) begins with one. Names are matched without their namespace, except where a format's
version hangs on it.
"""

import re
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from workstation.domain.errors import FeedError
from workstation.feeds.encodings import decode
from workstation.feeds.parsed import flaw

MAX_DEPTH = 100
MAX_ELEMENTS = 2_000_000
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'][^>]{0,200}?\?>""")
_WIDE = {"gb2312", "gbk", "gb18030", "cp936", "big5", "big5-hkscs", "shift_jis", "euc-jp", "euc-kr", "iso-2022-jp"}
_PLAIN = {"", "utf-8", "utf8"}


class _Bounded(TreeBuilder):
    """Builds the tree and stops at a depth and a count no honest document reaches."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise flaw("xml", "feeds.xml.too_deep", depth=MAX_DEPTH, count=MAX_ELEMENTS)
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def read_xml(raw: bytes) -> Element:
    """The root element. Raises FeedError (field "xml" or "doctype") for what is malformed or not to be trusted."""
    parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(_utf8(raw))
        root = parser.close()
    except ParseError as error:
        line, column = error.position
        raise flaw("xml", "feeds.xml.malformed", line=line, column=column, detail=error) from error
    except DefusedXmlException as error:
        raise flaw("doctype", "feeds.xml.doctype", detail=type(error).__name__) from error
    except (ValueError, LookupError) as error:
        raise flaw("encoding", "feeds.xml.encoding", detail=error) from error
    if not isinstance(root, Element):
        raise flaw("xml", "feeds.xml.malformed", line=1, column=0, detail="")
    return root


def _utf8(raw: bytes) -> bytes:
    """The parser knows no multi-byte encodings but UTF: others are decoded here, strictly.

    A document that says UTF-8, or nothing, and is Chinese in GB18030 is read as that; one that says UTF-16 in single
    bytes was saved by a program that says so always.
    """
    trimmed = raw.lstrip(b" \t\r\n")
    found = _DECLARED.match(trimmed[:512])
    name = found.group(1).decode("ascii").lower() if found else ""
    body = trimmed[found.end() :] if found else trimmed
    if name in _WIDE:
        return body.decode("gb18030" if name.startswith(("gb", "cp")) else name).encode()
    if name == "utf-16":
        return body
    if name not in _PLAIN or _is_utf8(trimmed) or b"\0" in trimmed[:512]:
        return trimmed
    return _chinese(body) or trimmed


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _chinese(raw: bytes) -> bytes | None:
    try:
        return decode(raw).encode()
    except UnicodeDecodeError:
        return None


def local(element: Element) -> str:
    """The name without its namespace; comments and processing instructions have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def namespace(element: Element) -> str:
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def children(element: Element, name: str) -> list[Element]:
    return [child for child in element if local(child) == name]


def child(element: Element, name: str) -> Element | None:
    return next((item for item in element if local(item) == name), None)


def text(element: Element | None) -> str:
    """The text inside, white space at both ends removed; empty for an absent element."""
    return "".join(element.itertext()).strip() if element is not None else ""


def text_at(element: Element, *path: str) -> str:
    """The text of the first descendant on a path of local names; empty where the path ends early."""
    at: Element | None = element
    for name in path:
        at = child(at, name) if at is not None else None
    return text(at)


def raw_of(element: Element) -> bytes:
    """The element alone, as bytes: what goes into quarantine."""
    written: bytes = tostring(element, encoding="utf-8")
    return written


__all__ = ["Element", "FeedError", "child", "children", "local", "namespace", "raw_of", "read_xml", "text", "text_at"]
