"""What an act may change: its remit, told in `resources/remits.yaml` beside the matrix.

The matrix grants acts by their names, and whoever writes an entry names its act himself. So what an entry changes is
held against the remit of the act it bears: who may write a line in the log sets no response level with it. What this
program does not know, a newer one's kinds and fields, is folded by nobody here and judged by nobody.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never

from workstation.domain.draft import Change, Value
from workstation.domain.entry import Entry
from workstation.domain.errors import ContentError
from workstation.domain.record import DELETED, WHOLE
from workstation.domain.records import KINDS, ROOT_KINDS, fields_of

FILE = "remits.yaml"
BEYOND = "authority.beyond"
BUT, WITH, EVERY = "but", "with", "*"
_AUTHOR, _OWN = ("@author",), ("@own",)
_WORDS: dict[str, Value] = {"null": None, "true": True, "false": False}


class Manner(StrEnum):
    """How an act may change a field; see the head of the file."""

    ROOT = "root"
    FIRST = "first"
    NAMES = "names"
    DECIDES = "decides"
    SETS = "sets"


@dataclass(frozen=True, slots=True)
class Claim:
    """How, and to which `values` (None: to any), an act may change a field. `by` names other acts that may, one of
    which its author must be allowed: of a decision those that set the field, else those that are done with it."""

    manner: Manner
    values: tuple[Value, ...] | None = None
    by: tuple[str, ...] | None = None

    def covers(self, change: Change, entry: Entry) -> bool:
        """Whether an entry changes a field to what, and as, this claim says."""
        match self.manner:
            case Manner.SETS:
                is_so = True
            case Manner.FIRST:
                is_so = not change.base
            case Manner.NAMES:
                is_so = not change.base and is_own(change.id, own_name(entry))
            case Manner.DECIDES:
                is_so = len(set(change.base or ())) > 1
            case Manner.ROOT:
                is_so = False
            case _:
                assert_never(self.manner)
        return is_so and self.takes(change.value, entry)

    def takes(self, value: Value, entry: Entry) -> bool:
        """Whether an entry may change the field to this value."""
        if self.values == _AUTHOR:
            return value == entry.author
        if self.values == _OWN:
            return isinstance(value, str) and is_own(value, own_name(entry))
        return self.values is None or value in self.values


Place = tuple[str, str]
"""A kind, and a field of it."""
Remit = Mapping[Place, Claim | None]
"""What an act may change; None: as it likes."""
Remits = Mapping[str, Remit]
ANY, FIRST, NAMED = Claim(Manner.SETS), Claim(Manner.FIRST), Claim(Manner.NAMES)
_NONE = Claim(Manner.ROOT)
"""Of what a remit does not name."""
_SAME = {claim: claim for claim in (FIRST, NAMED)}


def overstep(entry: Entry, remits: Remits, may: Callable[[str], str]) -> str:
    """Why an entry's act may not change all that the entry changes, as a message key; empty where it may.

    `may` answers for another act why the entry's author may not do it, or with nothing.
    """
    remit, own = remits.get(entry.act, {}), own_name(entry)
    for change in entry.changes:
        kind, record, field, _, base = change
        claim = remit.get((kind, field), _NONE)
        if claim is None or (not base and (claim is FIRST or (claim is NAMED and is_own(record, own)))):
            continue  # by far the most: this is asked of every change that comes in
        if reason := _reason(claim, change, entry, (remits, may)):
            return reason
    return ""


def own_name(entry: Entry) -> str:
    """How a name begins that an entry's station gives."""
    return f"{entry.station}-{entry.incarnation}-"


def is_own(record: str, own: str) -> bool:
    """Whether a record is named so, or after one that is: its name is in parts, with colons between them."""
    return own in record and (record.startswith(own) or f":{own}" in record)


def is_named_by(record: str, own: str) -> bool:
    """Whether a station itself named a record: not one that follows from such a one, as a step from its run."""
    kind, _, rest = record.partition(":")
    return record.startswith(own) or (kind in KINDS and rest.startswith(own))


def _reason(claim: Claim, change: Change, entry: Entry, others: tuple[Remits, Callable[[str], str]]) -> str:
    if claim is _NONE:
        return BEYOND if _is_known(change.kind, change.field) else ""
    if not claim.covers(change, entry):
        return BEYOND
    if claim.by is None:
        return ""
    remits, may = others
    place = change.kind, change.field
    reasons = [may(act) for act in claim.by if (remits[act][place] or ANY).takes(change.value, entry)]
    return "" if "" in reasons else next(iter(reasons), BEYOND)


def _is_known(kind: str, field: str) -> bool:
    return kind in KINDS and (field == WHOLE or field in _NAMES[kind])


def _open(kind: str) -> Iterator[str]:
    """The fields of a kind that `.*` stands for."""
    return (one.name for one in fields_of(kind) if one.name != DELETED and "rank" not in one.metadata)


_NAMES = {kind: frozenset(one.name for one in fields_of(kind)) for kind in KINDS}


def read_remits(document: Any, acts: Collection[str]) -> Remits:
    """The remits of these acts from the parsed file. Raises ContentError naming the act and what is wrong in it."""
    if not isinstance(document, dict) or set(document) != set(acts):
        strange = sorted(set(document) ^ set(acts)) if isinstance(document, dict) else ["not a mapping of acts"]
        raise ContentError(FILE, "", f"acts without a remit, or remits without an act: {', '.join(strange)}")
    remits = {act: _remit(act, told) for act, told in document.items()}
    setting = _setting(remits)
    lent = {act: _lent(act, told.get(WITH, ()), remits) for act, told in document.items()}
    return {act: _whole(lent[act] | remit, setting) for act, remit in remits.items()}


def _remit(act: str, told: Any) -> dict[Place, Claim]:
    is_told = isinstance(told, dict) and all(isinstance(tokens, list) for tokens in told.values())
    if not is_told or not set(told) <= {BUT, WITH, *Manner}:
        raise ContentError(FILE, act, f"a remit says {', '.join(Manner)} or {BUT} of listed fields, or {WITH} of acts")
    claims: dict[Place, Claim] = {}
    listed = [(Manner(name), token) for name, tokens in told.items() if name in list(Manner) for token in tokens]
    for manner, token in sorted(listed, key=lambda one: not one[1].endswith(EVERY)):
        for place, values in _places(act, token):
            claim = Claim(manner, values)
            claims[place] = _SAME.get(claim, claim)
    for token in told.get(BUT, ()):
        for place, _ in _places(act, token):
            claims.pop(place, None)
    return claims


def _lent(act: str, others: Iterable[Any], remits: Mapping[str, Mapping[Place, Claim]]) -> dict[Place, Claim]:
    """What an act may change because other acts are done with it."""
    by: dict[Place, tuple[str, ...]] = {}
    for other in others:
        if other not in remits:
            raise ContentError(FILE, act, f"no act {other}")
        for place, claim in remits[other].items():
            if claim.manner is not Manner.SETS:
                raise ContentError(FILE, act, f"{other} does not set {'.'.join(place)}")
            by[place] = (*by.get(place, ()), other)
    return {place: Claim(Manner.SETS, by=acts) for place, acts in by.items()}


def _places(act: str, token: Any) -> Iterator[tuple[Place, tuple[Value, ...] | None]]:
    """The fields a token names, and the values it allows."""
    named, equals, values = str(token).partition("=")
    kind, _, field = named.partition(".")
    if kind not in KINDS or (field != EVERY and field not in _NAMES[kind]):
        raise ContentError(FILE, act, f"no field {token}")
    allowed = tuple(_WORDS.get(value, value) for value in values.split("|")) if equals else None
    return (((kind, name), allowed) for name in (_open(kind) if field == EVERY else (field,)))


def _setting(remits: Mapping[str, Mapping[Place, Claim]]) -> dict[Place, tuple[str, ...]]:
    """The acts that set each field."""
    setting: dict[Place, tuple[str, ...]] = {}
    for act, remit in remits.items():
        for place, claim in remit.items():
            if claim.manner is Manner.SETS:
                setting[place] = (*setting.get(place, ()), act)
    return setting


def _whole(remit: Mapping[Place, Claim], setting: Mapping[Place, tuple[str, ...]]) -> Remit:
    """A remit with what goes without saying: what an author had seen of a record goes with what he says of it, and who
    decides may decide whatever he may set."""
    claims: dict[Place, Claim | None] = {}
    if any(claim.manner is Manner.DECIDES for claim in remit.values()):
        claims |= {place: Claim(Manner.DECIDES, by=acts) for place, acts in setting.items()}
    claims |= {place: None if claim == ANY else claim for place, claim in remit.items()}
    kinds = {kind for kind, _ in claims} - ROOT_KINDS
    return claims | {(kind, WHOLE): None for kind in kinds}
