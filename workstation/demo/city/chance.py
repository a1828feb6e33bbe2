"""Chance drawn from names: every choice is a digest of what it is about.

A running generator would move everything behind the one camera that was added; here each thing keeps its own luck, on
every machine and in every version of Python.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
Key = str | int
_SEED = b"linjiang"


def chance(*key: Key) -> float:
    """A number in [0, 1) that belongs to the key."""
    digest = blake2b("|".join(map(str, key)).encode(), digest_size=8, key=_SEED).digest()
    return int.from_bytes(digest, "big") / 2**64


def between(low: float, high: float, *key: Key) -> float:
    return low + (high - low) * chance(*key)


def whole(low: int, high: int, *key: Key) -> int:
    """A whole number from low to high, both included."""
    return low + int(chance(*key) * (high - low + 1))


def pick(options: Sequence[T], *key: Key) -> T:
    return options[int(chance(*key) * len(options))]


def shuffled(options: Sequence[T], *key: Key) -> list[T]:
    """The options in an order that belongs to the key."""
    order = sorted(range(len(options)), key=lambda index: chance(*key, index))
    return [options[index] for index in order]
