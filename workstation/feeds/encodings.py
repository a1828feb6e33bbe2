"""Bytes from outside to text: by their own mark, else UTF-8, else GB18030, all strictly.

Offices save Chinese text as GB18030 and say nothing, or say UTF-8. Both readings are strict, and a text that turns into
rare characters as GB18030 was none: a guess is right often and silently wrong sometimes. In a table single lines may be
spoiled; those keep marks (lone surrogates) where bytes could not be read, and are told by them.
"""

import re

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LONE = re.compile("[\ud800-\udfff]")
_CHINESE_MARKS = "　、。《》【】“”‘’—…·（），：；！？"
_FIRST_LEVEL = (b"\xb0\xa1", b"\xd7\xf9")
_ENOUGH = 2000


def decode(raw: bytes) -> str:
    """The text. Raises UnicodeDecodeError where it is neither what its mark says, nor UTF-8, nor Chinese GB18030."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw.decode(name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
        if is_chinese(text):
            return text
        raise


def is_chinese(text: str) -> bool:
    """Whether most characters beyond ASCII are common Chinese ones: the first level of GB 2312, or its punctuation."""
    foreign = re.findall("[^\0-\x7f]", text)[:_ENOUGH]
    common: int = sum(
        one in _CHINESE_MARKS or _FIRST_LEVEL[0] <= one.encode("gb2312", "ignore") <= _FIRST_LEVEL[1] for one in foreign
    )
    return common * 2 > len(foreign)


def decode_lines(raw: bytes) -> str | None:
    """A text of which single lines are in another encoding or in none; None where more than half would be spoiled."""
    lines = [_line(line) for line in raw.removeprefix(_MARKS[0][0]).split(b"\n")]
    telling = sum(not line.isascii() for line in lines)
    return "\n".join(lines) if 2 * sum(map(is_spoiled, lines)) <= telling else None


def _line(raw: bytes) -> str:
    try:
        return decode(raw)
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape")


def is_spoiled(text: str) -> bool:
    """Whether bytes could not be read here."""
    return not text.isascii() and _LONE.search(text) is not None


def mended(text: str) -> str:
    """The text with a replacement character for each half of a pair, which no other program would take."""
    return text if text.isascii() else _LONE.sub("\ufffd", text)
