"""Text from outside as it may be shown: its letters, without what would turn, hide or push aside the text around it."""

import re

LONGEST = 1000
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that set the direction of writing for what follows them."""


def plain(text: str) -> str:
    """Lines stay lines; what is longer than anybody reads on a screen ends in an ellipsis."""
    seen = _UNSEEN.sub("", text)
    return seen if len(seen) <= LONGEST else f"{seen[:LONGEST]}…"


def one_line(text: str) -> str:
    """The same on one line."""
    return plain(" ".join(text.split()))
