"""A station that was let in and has gone bad: it signs with its own key whatever it likes, in any order and number."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import orjson

from tests.hubs import enrolled_station, running_hub, take_turns
from workstation.domain.clock import ManualClock, iso, millis
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.hub.exchange import Hub
from workstation.journal import Batch, SentEntry, Stamp, SubjectKey
from workstation.journal.codec import GENESIS, Header, digest_of, signed_words
from workstation.security.keys import Identity
from workstation.station import Station
from workstation.sync.parcel import Parcel, pack
from workstation.sync.signing import signed_headers
from workstation.wire import Wire

CITY, OWN, OTHER = "990100", "990101003", "990101004"
REGIONS = {"ZX": CITY, "JD04": OTHER, "JD03": OWN}
PEOPLE = {"op": "OP", "sup": "SUP", "st": "ST"}
Change = tuple[str, str, str, object, Sequence[str]]


@dataclass
class Town:
    """A hub in which authority was granted, the centre, an honest street office, and the one that has gone bad."""

    hub: Hub
    url: str
    clock: ManualClock
    stations: dict[str, Station] = field(default_factory=dict)
    begun: int = 0
    """The clock of the root's newest word before authority began."""

    def ask(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of what the hub answers the bad one."""
        station = self.stations["JD03"]
        headers = signed_headers(station.space.identity(), ("POST", path), millis(self.clock.now()), body)
        with Wire() as wire:
            answer = wire.send("POST", self.url + path, body, headers)
        return answer.status, answer.body

    def verdicts(self, incarnation: str, at: str = "HUB") -> list[str]:
        """Why each of the bad one's entries does not count there; empty where it does."""
        sql = (
            "select e.refused from entry e join stream s on s.number = e.stream"
            " where s.station = 'JD03' and s.incarnation = ? order by e.seq"
        )
        station = self.hub.station if at == "HUB" else self.stations[at]
        rows = station.ask(lambda journal: journal.store.connection.execute(sql, [incarnation]).fetchall()).result()
        return [row[0] for row in rows]

    def begin(self) -> None:
        """Authority begins."""
        self.begun = self.known_law()
        found(self.hub.station, self.clock)

    def enrol(self, folder: Path) -> None:
        """All stations are let in, each with its region."""
        for name, region in REGIONS.items():
            self.stations[name] = enrolled_station(folder, name, self.hub, self.url, self.clock)
            told = set_fields("station", name, region=region, level=4)
            self.hub.station.write([Draft("sec", "station.enrol", told)]).result()

    def known_law(self) -> int:
        return int(self.hub.station.ask(lambda journal: journal.store.newest("HUB")).result())

    def turns(self, *names: str) -> None:
        take_turns(*(self.stations[name] for name in names))


@contextmanager
def town(folder: Path, clock: ManualClock, *, enrolled_first: bool = False) -> Iterator[Town]:
    with running_hub(folder, clock) as (hub, url):
        made = Town(hub, url, clock)
        steps = [made.begin, partial(made.enrol, folder)]
        for step in reversed(steps) if enrolled_first else steps:
            step()
            clock.advance(1)
        made.turns(*REGIONS)
        yield made
        for station in made.stations.values():
            station.stop()


def found(hub: Station, clock: ManualClock) -> None:
    """Three people with keys of their own, granted what their roles may in their regions for a year."""
    ends = clock.now().replace(year=clock.now().year + 1)
    terms = {"level": 4, "valid_from": iso(clock.now()), "valid_to": iso(ends), "purposes": ["duty", "rescue"]}
    drafts = []
    for login, role in PEOPLE.items():
        key = Identity.create(role).public.hex()
        drafts.append(Draft("sec", "account.create", set_fields("account", login, state="active", public_key=key)))
        given = set_fields("grant", f"g-{login}", account=login, role=role, region=CITY, **terms)
        drafts.append(Draft("sec", "grant.give", given))
    hub.write(drafts).result()


class Bad:
    """One incarnation of the bad one. What an entry does not say is as an honest one would have it."""

    def __init__(self, town: Town, incarnation: str, clock: int | None = None) -> None:
        self._town, self.incarnation = town, incarnation
        self._identity = town.stations["JD03"].space.identity()
        self._seq, self._hash = 0, GENESIS[2]
        self._clock = millis(town.clock.now()) << 16 if clock is None else clock
        self.seen = town.known_law()

    def entry(
        self, author: str, act: str, changes: Sequence[Change], cause: str = "", scope: str = OWN, **stamp: int
    ) -> SentEntry:
        self._clock += 1
        said = {"clock": self._clock, "raw": self._clock >> 16, "seen": self.seen, "precedence": 3, **stamp}
        told = [[kind, name, place, value, list(base)] for kind, name, place, value, base in changes]
        content = orjson.dumps([author, act, "", cause, told], option=orjson.OPT_SORT_KEYS)
        return SentEntry(Stamp(**said, scope=scope, data_class=1), content)

    def batch(self, *entries: SentEntry, keys: Sequence[SubjectKey] = ()) -> Batch:
        """Signed by its own key, behind what it signed before."""
        name, first = ("JD03", self.incarnation), self._seq + 1
        for one in entries:
            self._seq += 1
            digest = digest_of(one.content) if one.content else one.digest
            self._hash = Header(*name, self._seq, one.stamp, digest).hash(self._hash)
        signature = self._identity.sign(signed_words(*name, self._seq, self._hash))
        return Batch(*name, first, self._seq, self._hash, signature, entries, tuple(keys))

    def push(self, *entries: SentEntry, keys: Sequence[SubjectKey] = ()) -> int:
        """The status of the hub's answer."""
        return self._town.ask("/v1/push", pack(Parcel((self.batch(*entries, keys=keys),))))[0]
