"""The audit trail in words: the columns of its list, one entry whole, and what a proof found."""

from collections.abc import Sequence
from dataclasses import dataclass

from workstation.domain.draft import Value
from workstation.domain.records import Access
from workstation.intake.values import value_in
from workstation.security.authority import BREAKS as BREAKING_GLASS
from workstation.security.authority import GLASS
from workstation.situation import AuditEntry
from workstation.station.proving import Proof
from workstation.views.ages import full_time
from workstation.views.columns import NameOf, author_text, word
from workstation.views.row_table import Column, Shown
from workstation.views.seen_dialog import access_text
from workstation.words import language, t

FAULTS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Detail:
    """One entry, what its fields held before, and who saw the record it is about."""

    entry: AuditEntry
    before: dict[tuple[str, str, str], list[Value]]
    seen_by: tuple[Access, ...]


def entry_columns() -> list[Column[AuditEntry]]:
    return [
        Column("desk.col.time", lambda one: Shown(full_time(one.at), "text2"), 168),
        Column("desk.col.station", lambda one: Shown(one.station, "text2"), 54, 380),
        Column("desk.col.who", lambda one: Shown(author_text(one.author), "text2"), 96),
        Column("desk.col.what", lambda one: Shown(_what(one), "red_i" if one.refused or is_emergency(one) else "text")),
    ]


def entry_key(entry: AuditEntry) -> str:
    return entry.ref


def is_emergency(entry: AuditEntry) -> bool:
    """Whether it was written with broken glass, or breaks it."""
    return entry.cause.startswith(GLASS) or entry.act == BREAKING_GLASS


def _what(entry: AuditEntry) -> str:
    late = f"[{t('document.late')}] " if entry.late else ""
    return late + " — ".join(filter(None, (word("act", entry.act), entry.reason)))


def detail_text(detail: Detail, name_of: NameOf) -> list[str]:
    """Who, where, when by both clocks, why, in answer to what; each field from what to what; the hash; who saw it."""
    one = detail.entry
    lines = [
        t("audit.who", author=author_text(one.author), act=f"{word('act', one.act)} ({one.act})", ref=one.ref),
        t("audit.when", at=full_time(one.at), raw=full_time(one.raw_at), utc=f"{one.at:%Y-%m-%dT%H:%M:%SZ}"),
        t("audit.veiled")
        if one.veiled
        else t("audit.why", reason=one.reason or t("inbox.no_reason"), cause=one.cause or "—"),
        t("audit.scope", scope=one.scope or "—", data_class=one.data_class),
    ]
    if one.refused:
        lines.append(t("audit.refused", reason=word("authority", one.refused.removeprefix("authority."))))
    for change in one.changes:
        place = (change.kind, change.field)
        old = detail.before[change.kind, change.id, change.field]
        before = " / ".join(value_in(language(), name_of, place, value) for value in old) or t("audit.nothing")
        after = value_in(language(), name_of, place, change.value)
        named = f"{word('desk.kind', change.kind)} {change.id} · {word('desk.field', change.field)}"
        lines.append(t("audit.change", field=named, before=before, after=after))
    lines.append(t("audit.hash", hash=one.hash))
    if not one.veiled:
        lines += [_seen(access) for access in detail.seen_by] or [t("audit.seen_by_nobody")]
    return lines


def _seen(access: Access) -> str:
    return t("audit.seen_by", seen=access_text(access))


def proof_text(proof: Proof) -> str:
    """What a proof found: how much was proved and when, then every fault by its place."""
    if proof.failure:
        return t("audit.unproved", reason=proof.failure)
    held = t(
        "audit.extent",
        entries=proof.entries,
        stations=proof.stations,
        first=full_time(proof.first),
        last=full_time(proof.last),
        at=full_time(proof.at),
    )
    if not proof.faults:
        return f"{t('audit.unaltered')}\n{held}"
    return "\n".join([t("audit.altered", count=len(proof.faults)), held, *_faults(proof)])


def _faults(proof: Proof) -> Sequence[str]:
    listed = [f"{fault.where}: {fault.reason}" for fault in proof.faults[:FAULTS_SHOWN]]
    more = len(proof.faults) - len(listed)
    return [*listed, t("desk.sync_more", count=more)] if more else listed
