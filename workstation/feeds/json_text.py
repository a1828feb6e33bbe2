"""JSON from outside: UTF-8, UTF-16 or GB18030; a key given twice keeps its first real value, noted as such.

NaN, infinities and numbers beyond all measure are read as what they are, so that the one field that holds them is told
and not the whole document. Text is mended where it holds half a pair, which neither the journal nor a screen takes.
"""

import json
from math import isnan
from typing import Any

from workstation.feeds.encodings import decode, mended
from workstation.feeds.parsed import flaw

ABSENT = ("", "null", "none", "nan", "n/a", "undefined")
DUPLICATES = "\0duplicates"
MAX_DIGITS = 300


def absent(value: object) -> bool:
    """Whether a value says nothing: None, empty, no number, or the word null in one of its dresses."""
    if isinstance(value, float):
        return isnan(value)
    return value is None or (isinstance(value, str) and value.strip().lower() in ABSENT)


def read_json(raw: bytes) -> Any:
    """The document. Raises FeedError naming what is wrong and where. Objects with a key given twice carry the names
    of those keys, blanks around them removed, under DUPLICATES."""
    try:
        text = decode(raw)
        document = json.loads(text, object_pairs_hook=_object, parse_int=_whole)
        return _mended(document) if "\\ud" in text.lower() else document
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


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= MAX_DIGITS else float(digits)


def _mended(value: Any) -> Any:
    """The document with every text mended. Raises RecursionError, as reading it does."""
    if isinstance(value, dict):
        return {mended(name): _mended(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_mended(inner) for inner in value]
    return mended(value) if isinstance(value, str) else value


def raw_json(value: object) -> bytes:
    """One record as canonical bytes: for quarantine and digests."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def tidy(value: object) -> str | None:
    """A value as text with single blanks; None where it says nothing."""
    if absent(value) or isinstance(value, dict | list | bool):
        return None
    return " ".join(str(value).split()) or None
