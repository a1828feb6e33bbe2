"""Broken records are kept with their bytes and the reason, once: the next reading of the same file finds them there."""

import base64
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.records import Quarantine
from workstation.feeds.parsed import Reject
from workstation.security.masking import scrub
from workstation.situation import Situation


def quarantine_drafts(rejects: Sequence[Reject], situation: Situation, now: datetime, author: str) -> list[Draft]:
    """A draft for each reject not kept yet. Its bytes are sealed and its reason scrubbed: they may name people."""
    records = {record.id: record for record in (_kept(reject, now) for reject in rejects)}
    return [
        Draft(author, "quarantine.keep", changes_of(record))
        for record in records.values()
        if situation.get(Quarantine, record.id) is None
    ]


def _kept(reject: Reject, now: datetime) -> Quarantine:
    digest, (key, values) = sha256(reject.raw).hexdigest(), reject.said
    name = sha256("\0".join((reject.source, reject.record, reject.field, digest)).encode()).hexdigest()[:32]
    return Quarantine(
        id=f"quarantine:{name}",
        source=reject.source,
        record=scrub(reject.record),
        field=reject.field,
        reason=scrub(reject.reason),
        reason_key=key or None,
        reason_values={name: scrub(value) for name, value in values} if key else None,
        received_at=now,
        raw=base64.b64encode(reject.raw).decode(),
        raw_digest=digest,
        state="open",
    )
