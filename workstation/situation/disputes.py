"""What stations said apart about one field, and what all of them had seen before they were apart.

The inbox itself is folded with the entries, so it is the same on every station; what is said here beside it (who, when,
why, from which value they set out) is read from the entries it names.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workstation.domain.draft import Value
from workstation.situation.readable import Readable
from workstation.situation.timeline import ENTRY, MEMBERS, TimelineLine, line_of


@dataclass(frozen=True, slots=True)
class Claim:
    """One value of a disputed field: who said it where, when and why. `raw_at` is the station's own clock, uncorrected.
    The author is empty where content is withheld."""

    value: Value
    ref: str
    station: str
    at: datetime
    author: str
    reason: str = ""
    raw_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field on which entries made apart disagree: open (guarded), rule (settled by rule) or decided.

    `decided` is the reference of the entry that settled it, `decision` what that entry says.
    """

    kind: str
    id: str
    field: str
    guarded: bool
    state: str
    heads: tuple[Claim, ...]
    decided: str
    decision: Claim | None = None

    @property
    def since(self) -> datetime | None:
        """When the second of the values was said: from then on they disagreed."""
        moments = sorted(claim.at for claim in self.heads)
        return moments[min(1, len(moments) - 1)] if moments else None


@dataclass(frozen=True, slots=True)
class Base:
    """The newest value that all who disagree had seen. Known and without a claim: nothing had been said before.
    Not known: it, or what it rests on, has not arrived here."""

    claim: Claim | None
    is_known: bool


@dataclass(frozen=True, slots=True)
class _Said:
    """A claim and the entries whose value it replaced."""

    claim: Claim
    base: tuple[str, ...]


def conflicts_of(db: Readable, state: str | None) -> list[Conflict]:
    sql = "select * from conflict where state = coalesce(?, state) order by kind, id, field, decided"
    return [_conflict(db, row) for row in list(db.query(sql, [state]))]


def conflicts_about(db: Readable, incident_id: str) -> list[Conflict]:
    members = " union all ".join(
        f"select c.* from conflict c join \"{kind}\" r on r.id = c.id where c.kind = '{kind}' and r.incident = ?"
        for kind in MEMBERS
    )
    sql = f"select * from conflict where kind = 'incident' and id = ? union all {members}"
    found = [_conflict(db, row) for row in list(db.query(sql, [incident_id] * (len(MEMBERS) + 1)))]
    return sorted(found, key=lambda one: (one.kind, one.id, one.field, one.decided))


def disputed_fields(db: Readable, kind: str, record_id: str) -> list[str]:
    sql = "select field from conflict where kind = ? and id = ? and state = 'open' order by field"
    return [str(row["field"]) for row in db.query(sql, [kind, record_id])]


def count_open(db: Readable) -> int:
    return int(next(db.query("select count(*) as n from conflict where state = 'open'", []))["n"])


def base_of(db: Readable, conflict: Conflict) -> Base:
    """Fold the history of the field up to where those who disagree set out."""
    said = _history(db, conflict)
    seen = [_seen(said, claim.ref) for claim in conflict.heads]
    common = set.intersection(*seen) if seen else set()
    is_whole = all(ref in said for ref in set().union(*seen))
    newest = common.difference(*(_seen(said, ref) for ref in common)) & set(said)
    claims = sorted((said[ref].claim for ref in newest), key=lambda claim: (claim.at, claim.ref))
    if claims:
        return Base(claims[-1], True)
    return Base(None, is_whole and not common)


def _seen(said: Mapping[str, _Said], ref: str) -> set[str]:
    """Everything a claim rests on, however far back; what has not arrived is named too."""
    seen: set[str] = set()
    waiting = list(said[ref].base) if ref in said else []
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += said[one].base if one in said else ()
    return seen


def _history(db: Readable, conflict: Conflict) -> dict[str, _Said]:
    sql = f"{ENTRY} where e.number in (select entry from history where kind = ? and id = ?)"
    lines = [line_of(row) for row in db.query(sql, [conflict.kind, conflict.id])]
    key = (conflict.kind, conflict.id, conflict.field)
    return {
        line.ref: _Said(_claim(line, change.value), tuple(change.base or ()))
        for line in lines
        for change in line.changes
        if change.key == key
    }


def _conflict(db: Readable, row: Mapping[str, Any]) -> Conflict:
    key = (row["kind"], row["id"], row["field"])
    heads = (head if isinstance(head, str) else head[0] for head in json.loads(row["heads"]))
    claims = tuple(claim for ref in heads for claim in _claims(db, key, ref))
    decision = next(_claims(db, key, row["decided"]), None) if row["decided"] else None
    return Conflict(*key, bool(row["guarded"]), row["state"], claims, row["decided"], decision)


def _claims(db: Readable, key: tuple[str, str, str], ref: str) -> Iterator[Claim]:
    """What an entry says of a field; nothing for an entry that is not here."""
    station, incarnation, seq = ref.split("/")
    sql = f"{ENTRY} where s.station = ? and s.incarnation = ? and e.seq = ?"
    for row in list(db.query(sql, [station, incarnation, int(seq)])):
        line = line_of(row)
        said = [change.value for change in line.changes if change.key == key]
        yield _claim(line, said[0] if said else _UNSAID.get(key[2]))


_UNSAID: dict[str, Value] = {"deleted": False}
"""Who went on working on a record without a word of deleting it claims that it is there."""


def _claim(line: TimelineLine, value: Value) -> Claim:
    return Claim(value, line.ref, line.station, line.at, line.author, line.reason, line.raw_at)
