"""A long series as a plot needs it: of every slice of time the lowest and the highest value, at their own times.

A mean would hide the minute in which an underpass was flooded; extremes cannot.
"""

import numpy as np
from numpy.typing import NDArray

from workstation.domain.observation import Quality

QUALITIES = tuple(Quality)

Series = tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int8]]


def thinned(series: Series, points: int) -> Series:
    """At most `points` (>= 4) of the observations of a series in time order: the first, the last, and each slice's
    extremes. A shorter series comes back as it is."""
    times, values, _ = series
    if len(times) <= points:
        return series
    slices = max(points // 2 - 1, 1)
    span = int(times[-1] - times[0]) + 1
    slot = (times - times[0]) * slices // span
    order = np.lexsort((values, slot))
    ends = np.flatnonzero(np.diff(slot[order], append=slices))
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1))
    kept = np.unique(np.concatenate((order[starts], order[ends], np.array([0, len(times) - 1]))))
    return times[kept], values[kept], series[2][kept]
