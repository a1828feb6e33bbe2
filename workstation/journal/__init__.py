"""The journal: signed, hash-chained entries, the merge rule that folds them into tables, and the proof of both."""

from workstation.journal.batch import Batch, BatchRefused, SentEntry, SubjectKey
from workstation.journal.fault import Fault
from workstation.journal.journal import Accepted, Journal

__all__ = ["Accepted", "Batch", "BatchRefused", "Fault", "Journal", "SentEntry", "SubjectKey"]
