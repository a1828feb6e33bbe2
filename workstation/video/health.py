"""How a stream is doing, told by the age of its last picture alone.

An old picture that looks live is worse than none: so the state comes from what was really seen, not from whether a
connection is said to be open.
"""

from dataclasses import dataclass
from enum import StrEnum

STALLED_AFTER_S = 2.0
KEY_FRAMES_STALLED_AFTER_S = 12.0
"""Cameras send a key frame every one to ten seconds; a stream of them alone is not stalled in between."""
LOST_AFTER_S = 30.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0


class State(StrEnum):
    """`simulated` is a clip that plays; a clip that does not is stalled or lost like any other stream."""

    CONNECTING = "connecting"
    LIVE = "live"
    SIMULATED = "simulated"
    STALLED = "stalled"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Health:
    """A stream at one moment. `age` is seconds since the last picture came, None before the first.

    `fault` says in the decoder's words why the last connection ended, without the address, which may hold a password.
    It is empty while pictures come.
    """

    state: State
    age: float | None
    fault: str

    @property
    def is_fresh(self) -> bool:
        """Whether the last picture may be taken for the present."""
        return self.state in (State.LIVE, State.SIMULATED)


def state_of(age: float | None, *, failed: bool, stalled_after: float, simulated: bool) -> State:
    """The state of a stream whose last picture is `age` seconds old; `failed`: the last try to connect ended badly."""
    if age is None:
        return State.LOST if failed else State.CONNECTING
    if age > LOST_AFTER_S:
        return State.LOST
    if age > stalled_after:
        return State.STALLED
    return State.SIMULATED if simulated else State.LIVE


def pause_after(failures: int) -> float:
    """Seconds to wait before the next try: half a second, doubled each time, at most `LONGEST_PAUSE_S`."""
    return float(min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(failures - 1, 10)))
