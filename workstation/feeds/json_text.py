"""JSON from outside: UTF-8 or GB18030, no NaN, and a key given twice keeps its first real value, noted as such."""

import json
from typing import Any

from workstation.feeds.parsed import flaw

ABSENT = ("", "null", "none", "nan", "n/a", "undefined")
DUPLICATES = "\0duplicates"


def absent(value: object) -> bool:
    """Whether a value says nothing: None, empty, or the word null in one of its dresses."""
    return value is None or (isinstance(value, str) and value.strip().lower() in ABSENT)


def decode(raw: bytes) -> str:
    """Text by its byte-order mark, else UTF-8, else GB18030, all strictly. Raises UnicodeDecodeError."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def read_json(raw: bytes) -> Any:
    """The document. Raises FeedError naming what is wrong and where. Objects with a key given twice carry the names
    of those keys, blanks around them removed, under DUPLICATES."""
    try:
        return json.loads(decode(raw), object_pairs_hook=_object, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise flaw("encoding", "feeds.json.malformed", detail=error.reason) from error
    except RecursionError as error:
        raise flaw("json", "feeds.json.malformed", detail="too deep") from error
    except ValueError as error:
        raise flaw("json", "feeds.json.malformed", detail=error) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    twice: list[str] = []
    for key, value in pairs:
        name = key.strip()
        if name in found:
            twice.append(name)
        if name not in found or (absent(found[name]) and not absent(value)):
            found[name] = value
    if twice:
        found[DUPLICATES] = sorted(set(twice))
    return found


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def raw_json(value: object) -> bytes:
    """One record as canonical bytes: for quarantine and digests."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def tidy(value: object) -> str | None:
    """A value as text with single blanks; None where it says nothing."""
    if absent(value) or isinstance(value, dict | list | bool):
        return None
    return " ".join(str(value).split()) or None
