"""What can befall a request on its way between station and hub."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Clear:
    """Passes everything."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Resets the connection before a byte was read."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Takes the request and never answers: half open, until the line is cut or clears."""


@dataclass(frozen=True, slots=True)
class CutRequest:
    """Passes part of the request, then resets. `after`: so many bytes (int), or that share of the whole (float)."""

    after: float


@dataclass(frozen=True, slots=True)
class CutAnswer:
    """Has the request answered, passes part of the answer, then resets. `after` as in CutRequest."""

    after: float


@dataclass(frozen=True, slots=True)
class Slow:
    """Waits `seconds` before the answer, then lets it drip, `drip` bytes at a time (0: at once)."""

    seconds: float
    drip: int = 0


@dataclass(frozen=True, slots=True)
class Twice:
    """Delivers the whole request two times; the sender hears the second answer."""


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Holds the request back, resets the sender, and delivers it right behind the next one: the two are swapped."""


@dataclass(frozen=True, slots=True)
class Portal:
    """Answers in the hub's place with a page that asks to accept terms. `status` 200, 302, 403, 511..."""

    status: int = 200


Fault = Clear | Refuse | Silent | CutRequest | CutAnswer | Slow | Twice | Overtaken | Portal


def flaps(seed: int, count: int) -> list[Fault]:
    """Cuts at any byte of requests and answers, the very first and last included."""
    chance = Random(seed)
    return [
        chance.choice((CutRequest, CutAnswer))(chance.choice((0.0, 1.0, *(chance.random(),) * 6))) for _ in range(count)
    ]
