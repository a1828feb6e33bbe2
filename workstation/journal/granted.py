"""The bench of a space in which authority was granted: entries are judged by the matrix and by what the root had given
their author when they were written.

Authority begins with the root's first account. Until its author has heard of that, an entry counts, for as long as a
station may work without a word of the root (`ALONE`); later nobody writes by what he last heard long ago. What a node
writes by its own rules (`rule:...`) is judged by the station's region and the role STATION. Whatever an entry calls
itself, it changes no more than that act's remit, and what it does under broken glass stands behind that glass's own
declaration. A field that a named person answers for asks for his own signature.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from workstation.domain.draft import Change, Value
from workstation.domain.encoding import column_types, load, to_column
from workstation.domain.entry import Entry
from workstation.domain.people import Account, Grant
from workstation.domain.region import ROOT, contains, is_region, joined
from workstation.journal.codec import vouched_words
from workstation.journal.emergency import is_claimed, is_open
from workstation.journal.fold import ROOT_STATION
from workstation.journal.past import Past
from workstation.journal.vouched import asks_signature, lets_in
from workstation.security.authority import EMERGENCY, Matrix, Request, decide, standing
from workstation.security.keys import is_signed
from workstation.security.remit import Remits, overstep

ALONE = timedelta(hours=72)
RULE, CONTENT = "rule:", "content"
"""Whose words a node writes by itself: its rules', and the city's content."""
DUTY = "duty"
LAW_KINDS = ("account", "grant", "station")
"""Of what the root says, that by which all else is judged."""
ALONE_CLOCK = int(ALONE.total_seconds() * 1000) << 16
_EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
_EPOCH, _MILLISECOND = datetime.fromtimestamp(0, UTC), timedelta(milliseconds=1)
_LAST_CLOCK = 1 << 63
_MOST_RULINGS = 10_000
Said = tuple[int, str, Value]
Asked = tuple[str, str, str, int, str, int, bool]
"""What a ruling rests on beside the time: act, station, author, what he had seen, region, data class, emergency."""


_is_signed = lru_cache(20_000)(is_signed)
"""What one exchange brings is looked at ahead, and then not checked twice."""


class Ruling(NamedTuple):
    """Why an act is not allowed, if so, for everything alike that is written at `since` and before `until` (clocks):
    in between no grant begins or ends."""

    since: int
    until: int
    reason: str


class GrantBench:
    """Learns accounts, grants and stations from the root, and judges as of what an entry's author had seen."""

    def __init__(self, matrix: Callable[[], Matrix], remits: Callable[[], Remits]) -> None:
        self._matrix = matrix
        self._remits = remits
        self._said: dict[str, dict[str, list[Said]]] = {kind: defaultdict(list) for kind in LAW_KINDS}
        self._of: dict[str, set[str]] = defaultdict(set)
        self._keys: dict[str, str] = {}
        self._begin = 0
        self._enrolled: dict[str, int] = {}
        self._struck: dict[str, str] = {}
        self._placed, self._moved = set[str](), set[str]()
        self._holding = lru_cache(4096)(self._held)
        self._working = lru_cache(4096)(self._works)
        self._rulings: dict[Asked, Ruling] = {}

    def learn(self, entry: Entry) -> None:
        """Take in what the root wrote."""
        for change in entry.changes:
            if (change.kind, change.field) == ("verdict", "reason"):
                self._struck[change.id] = str(change.value or "")
            if change.kind in LAW_KINDS:
                self._said[change.kind][change.id].append((entry.clock, change.field, change.value))
                self._take_in(change, entry.clock)
                for known in (self._holding, self._working):
                    known.cache_clear()
                self._rulings.clear()

    def _take_in(self, change: Change, clock: int) -> None:
        """Note beside it what is often asked of the law."""
        kind, record, field, value, _ = change
        if kind == "station":
            self._enrolled[record] = min(self._enrolled.get(record, clock), clock)
        if kind == "account":
            self._begin = min(self._begin or clock, clock)
        if (kind, field) == ("station", "region"):
            self._moved |= {record} & self._placed
            self._placed.add(record)
        if (kind, field) == ("grant", "account"):
            self._of[str(value)].add(record)
        if (kind, field) == ("account", "public_key"):
            self._keys[record] = str(value or "")

    def look_ahead(self, entry: Entry) -> None:
        """Check the author's own signature, by the key he has by now; `verdict` then knows the answer."""
        if entry.voucher and (key := self._keys.get(entry.author)):
            _is_vouched(key, entry)

    def verdict(self, entry: Entry, past: Past) -> str:
        """Why an entry does not count, as a message key; empty where it does."""
        if self._struck and (reason := self._struck.get(entry.ref)):
            return reason
        if not self._begin or self._has_not_heard(entry):
            return ""
        if is_claimed(entry) and not is_open(entry, past, lambda one: not self.verdict(one, past)):
            return "authority.glass"
        if _is_node(entry):
            return self._judged(entry) or ("authority.signature" if lets_in(entry.changes) else "")
        account, _ = self._holding(entry.author, entry.seen)
        if account is None:
            return "authority.account"
        if entry.clock > entry.seen + ALONE_CLOCK:
            return "authority.alone"
        return self._judged(entry) or _unsigned(entry, account)

    def region(self, entry: Entry) -> str:
        if not self._begin or self._has_not_heard(entry):
            return ROOT
        return self._working(entry.station, max(entry.seen, self._enrolled.get(entry.station, 0)))

    def unheard(self, entry: Entry) -> int:
        if entry.station == ROOT_STATION or not self._begin:
            return 0
        if self._has_not_heard(entry):
            return self._begin
        return self._narrowed(entry) if entry.station in self._moved and _is_node(entry) else 0

    def _narrowed(self, entry: Entry) -> int:
        """The clock at which a station was given the region it has now, where an entry lies outside of it."""
        said = sorted(one for one in self._said["station"][entry.station] if one[1] == "region")
        clock, _, region = said[-1]
        return clock if entry.seen < clock and not contains(str(region or ROOT), entry.scope) else 0

    def _has_not_heard(self, entry: Entry) -> bool:
        """Whether who wrote this may not have heard yet that authority began: a station that was enrolled later has."""
        is_early = entry.seen < self._begin and entry.clock <= self._begin + ALONE_CLOCK
        return is_early and self._enrolled.get(entry.station, 0) < self._begin

    def _judged(self, entry: Entry) -> str:
        """Why the act is not granted, or may not change what the entry changes."""
        reason = self._allowed(entry, entry.act)
        return reason or overstep(entry, self._remits(), lambda act: self._allowed(entry, act))

    def _allowed(self, entry: Entry, act: str) -> str:
        """Why an act is not granted; asked anew only of what was not asked yet, or at another time."""
        is_emergency = is_claimed(entry)
        asked = act, entry.station, entry.author, entry.seen, entry.scope, entry.data_class, is_emergency
        ruling = self._rulings.get(asked)
        if ruling is None or not ruling.since <= entry.clock < ruling.until:
            if len(self._rulings) >= _MOST_RULINGS:
                self._rulings.clear()
            ruling = self._rulings[asked] = self._ruled(entry, act)
        return ruling.reason

    def _ruled(self, entry: Entry, act: str) -> Ruling:
        grants = (self._node(entry),) if _is_node(entry) else self._holding(entry.author, entry.seen)[1]
        edges = {_clock_from(at) for one in grants for at in (one.valid_from, one.valid_to, one.revoked_at) if at}
        ends = sorted({*edges, self._last_word(entry.station)})
        since = max((one for one in ends if one <= entry.clock), default=0)
        until = min((one for one in ends if one > entry.clock), default=_LAST_CLOCK)
        return Ruling(since, until, self._reason(entry, act, grants))

    def _reason(self, entry: Entry, act: str, grants: tuple[Grant, ...]) -> str:
        station = self._station(entry)
        if station.get("revoked_at") is not None or entry.clock >= self._last_word(entry.station):
            return "authority.revoked"
        is_own = contains(str(station.get("region") or ""), entry.scope)
        is_emergency = is_claimed(entry)
        request = Request(
            act=act,
            region=entry.scope,
            data_class=entry.data_class,
            at=entry.at,
            purpose=EMERGENCY if is_emergency else DUTY if entry.data_class >= 3 else "",
            membership=is_own,
            own=is_own,
            glass_broken=is_emergency,
        )
        decision = decide(request, grants, self._matrix())
        return "" if decision.is_allowed else next(iter(decision.missing), "authority.approval")

    def _station(self, entry: Entry) -> dict[str, Value]:
        """An entry's station as the root had told of it when the entry was written; before it heard, as it was
        enrolled."""
        seen = max(entry.seen, self._enrolled.get(entry.station, 0))
        return self._as_of("station", entry.station, seen)

    def _last_word(self, station: str) -> int:
        """The first clock at which a station was revoked so long before that it cannot have been alone all the
        while."""
        said = self._said["station"].get(station, ())
        revoked = (clock for clock, name, value in said if name == "revoked_at" and value is not None)
        return min(revoked, default=_LAST_CLOCK) + ALONE_CLOCK + 1

    def _node(self, entry: Entry) -> Grant:
        """What a station may by itself: all that its own rules write, in its region."""
        region = str(self._station(entry).get("region") or "")
        purposes: list[Value] = [DUTY]
        first, last = _EVER
        terms = Grant(id=entry.station, role="STATION", region=region, level=4, purposes=purposes)
        return replace(terms, valid_from=first, valid_to=last)

    def _works(self, station: str, seen: int) -> str:
        """A station's region; where it holds those of all others, the whole house."""
        region = str(self._as_of("station", station, seen).get("region") or ROOT)
        all_said = (
            str(value) for said in self._said["station"].values() for _, name, value in said if name == "region"
        )
        return ROOT if contains(region, joined([one for one in all_said if is_region(one)])) else region

    def _held(self, login: str, seen: int) -> tuple[Account | None, tuple[Grant, ...]]:
        told = self._as_of("account", login, seen)
        account = load(Account, {"id": login, **_columns("account", told)}) if told else None
        given = ((name, self._as_of("grant", name, seen)) for name in sorted(self._of[login]))
        grants = [load(Grant, {"id": name, **_columns("grant", fields)}) for name, fields in given if fields]
        return account, standing(account, grants)

    def _as_of(self, kind: str, record: str, seen: int) -> dict[str, Value]:
        """A record's fields as the root had last set them up to `seen`."""
        return {name: value for clock, name, value in sorted(self._until(kind, record, seen), key=lambda one: one[0])}

    def _until(self, kind: str, record: str, seen: int) -> Iterable[Said]:
        return (said for said in self._said[kind].get(record, ()) if said[0] <= seen)


def _is_node(entry: Entry) -> bool:
    """Whether a station wrote this by itself."""
    return entry.author.startswith(RULE) or entry.author == CONTENT


def _clock_from(moment: datetime) -> int:
    """The first clock that is not before a moment."""
    return -((_EPOCH - moment) // _MILLISECOND) << 16


def _columns(kind: str, fields: dict[str, Value]) -> dict[str, object]:
    """Fields as their table's row has them; those no kind knows are passed over."""
    known = column_types(kind)
    return {name: to_column(kind, name, value) for name, value in fields.items() if name in known}


def _unsigned(entry: Entry, account: Account) -> str:
    """Whether the author's own signature is missing from an act that asks for it."""
    if not account.public_key or not asks_signature(entry.act, entry.changes):
        return ""
    return "" if _is_vouched(account.public_key, entry) else "authority.signature"


def _is_vouched(key: str, entry: Entry) -> bool:
    """Whether an entry bears the signature made with that key (hex)."""
    try:
        return _is_signed(bytes.fromhex(key), vouched_words(entry), bytes.fromhex(entry.voucher))
    except ValueError:
        return False
