"""Lanes between the blocks, joined to runs; those longer than one cell have a name."""

from collections.abc import Iterator
from functools import cache

from workstation.demo.city.blocks import lanes as gaps
from workstation.demo.city.names import lane_stems
from workstation.demo.city.roads import Road, runs

_STEPS = 12


@cache
def lanes() -> tuple[Road, ...]:
    return tuple(_runs())


def _runs() -> Iterator[Road]:
    names = lane_stems()
    along: dict[tuple[str, int], list[int]] = {}
    for axis, line, cell in gaps():
        along.setdefault((axis, line), []).append(cell)
    for (axis, line), numbers in sorted(along.items()):
        for low, high in runs(sorted(numbers)):
            ends = [low + (high - low) * k / ((high - low) * _STEPS) for k in range((high - low) * _STEPS + 1)]
            path = tuple((line + 0.5, t) if axis == "column" else (t, line + 0.5) for t in ends)
            name = next(names).plus("巷", "Lane") if high - low > 1 else None
            yield Road(name, "residential", path)
