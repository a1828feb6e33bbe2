"""The journal: signed, hash-chained entries, the merge rule that folds them into tables, and the proof of both.

What an entry's bytes are, so that another implementation can read and write them, stands in `journal.codec`; a file of
test vectors lies at `resources/journal/vectors.json`.
"""

from workstation.journal.batch import DEFERRED, WITHHELD, Batch, BatchRefused, Filling, SentEntry, SubjectKey
from workstation.journal.bench import Bench, Benches, NotAllowed
from workstation.journal.codec import Stamp
from workstation.journal.fault import Fault
from workstation.journal.journal import Journal
from workstation.journal.opening import Opening
from workstation.journal.taking import Accepted
from workstation.journal.want import Heads, Ranges, Sight, StreamName, Want, everything, urgent

__all__ = [
    "DEFERRED",
    "WITHHELD",
    "Accepted",
    "Batch",
    "BatchRefused",
    "Bench",
    "Benches",
    "Fault",
    "Filling",
    "Heads",
    "Journal",
    "NotAllowed",
    "Opening",
    "Ranges",
    "SentEntry",
    "Sight",
    "Stamp",
    "StreamName",
    "SubjectKey",
    "Want",
    "everything",
    "urgent",
]
