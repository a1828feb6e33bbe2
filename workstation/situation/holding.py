"""Where an entry is, as far as this station was told: here alone, at the centre, at which other stations.

Read from the receipts that the link, the hub and the sticks keep. Who wrote an entry holds it; of everybody else it is
said only once they have confirmed it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workstation.situation.readable import Readable
from workstation.situation.sending import CENTRE

Stream = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Whether the centre has an entry, and which stations beside it and this one."""

    at_centre: bool
    stations: tuple[str, ...]

    @property
    def is_only_here(self) -> bool:
        return not self.at_centre and not self.stations


@dataclass(frozen=True, slots=True)
class Holding:
    """`confirmed` holds, of each stream, who confirmed it up to which entry."""

    here: str = ""
    confirmed: Mapping[Stream, Sequence[tuple[str, int]]] = field(default_factory=dict)

    def of(self, ref: str) -> Whereabouts:
        """Where the entry of that reference is."""
        station, incarnation, seq = ref.split("/")
        holders = {peer for peer, last in self.confirmed.get((station, incarnation), ()) if last >= int(seq)}
        holders |= {station, self.here}
        return Whereabouts(CENTRE in holders, tuple(sorted(holders - {CENTRE, self.here})))


def holding_of(db: Readable, here: str) -> Holding:
    """All receipts kept at the station `here`: a few a peer and stream."""
    confirmed: dict[Stream, list[tuple[str, int]]] = defaultdict(list)
    for row in db.query("select peer, station, incarnation, seq from receipt", []):
        confirmed[row["station"], row["incarnation"]].append((row["peer"], row["seq"]))
    return Holding(here, confirmed)
