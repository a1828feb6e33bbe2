"""Numbers of areas sorted into the steps of a colour ramp, with limits a person can read.

Limits are quantiles rounded to two digits, so that each step holds about as many cells; an area whose number is unknown
is in no step and is not coloured, which a reader must not take for zero.
"""

from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from workstation.domain.geometry import Floats

STEPS = 6
NO_STEP = 255
FEW = (1.0, 2.0, 3.0, 5.0, 8.0, 13.0)


def readable(value: float) -> float:
    """Rounded to two significant digits."""
    if value <= 0:
        return 0.0
    size = 10.0 ** (floor(log10(value)) - 1)
    return round(value / size) * size


def quantile_limits(values: Floats) -> tuple[float, ...]:
    """The lower limit of each of up to `STEPS` steps; empty when no value is known."""
    known = values[np.isfinite(values)]
    if not len(known):
        return ()
    return tuple(sorted({readable(float(value)) for value in np.quantile(known, np.arange(STEPS) / STEPS)}))


def steps_of(values: Floats, limits: tuple[float, ...]) -> NDArray[np.uint8]:
    """The step of each value; NO_STEP below the first limit and where the value is unknown."""
    step = np.searchsorted(np.array(limits), values, side="right") - 1
    unknown = ~np.isfinite(values) | (step < 0)
    return np.where(unknown, NO_STEP, np.minimum(step, STEPS - 1)).astype(np.uint8)
