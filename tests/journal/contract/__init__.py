"""What a journal promises in whatever database it lies, a module a promise. Each database's tests inherit them all."""

from tests.journal.contract.answering import Answered
from tests.journal.contract.confirming import Confirmed
from tests.journal.contract.following import Followed
from tests.journal.contract.merging import Merged
from tests.journal.contract.proving import Proven
from tests.journal.contract.writers import ManyWriters
from tests.journal.contract.writing import Written


class JournalContract(Written, Answered, Merged, Followed, Confirmed, Proven, ManyWriters):
    """Inherited by the tests of each database."""
