"""Region codes, and which holds which: province, city, district, street, community, grid cell.

A code is 6 digits (GB/T 2260), 9 with the street, 12 with the community, 15 with the unit grid cell (layout 6+3+3+3).
In six digits a closing `00` stands for all of it: 990100 is the city that holds district 990101. The empty text is the
root above all codes: the whole house, where nothing narrower was said.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

ROOT = ""
_DIGITS = (2, 4, 6, 9, 12, 15)
"""How many digits of a code name a province, a city, a district, a street, a community, a grid cell."""
_CODE = re.compile(r"\d{6}(?:\d{3}){0,3}", re.ASCII)


def is_region(code: str) -> bool:
    """Whether this is a code, or the root."""
    return code == ROOT or _CODE.fullmatch(code) is not None


@lru_cache(8192)
def contains(region: str, code: str) -> bool:
    """Whether `code` lies inside `region` or is it; false where either is no code: a typing error holds nothing."""
    return is_region(region) and is_region(code) and _stem(code).startswith(_stem(region))


def joined(codes: Sequence[str]) -> str:
    """The least region that holds all of these; the root for none, or where one of them is no code."""
    if not codes or not all(map(is_region, codes)):
        return ROOT
    one = _stem(codes[0])
    holding = (one[:many] for many in _DIGITS if all(_stem(code).startswith(one[:many]) for code in codes))
    stem = max(holding, key=len, default="")
    return stem.ljust(6, "0") if stem else ROOT


def is_wide(region: str) -> bool:
    """Whether a region is a city or more: an authority over it is given by two."""
    return len(_stem(region)) <= 4


def _stem(code: str) -> str:
    """The digits that all codes inside share."""
    while len(code) <= 6 and code.endswith("00"):
        code = code[:-2]
    return code
