"""Who saw this, of one record and of one person, over half a year of accesses, with a connection just opened.

Run: python tests/benchmarks/accesses.py [ACCESSES] [--quick]
"""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from tests.benchmarks.rig import print_result, size
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.records import Access
from workstation.journal import Journal
from workstation.security.keys import Identity
from workstation.security.sealing import Sealer
from workstation.situation import AccessFilter, Situation

DAYS = 180
START = datetime(2026, 6, 1, tzinfo=UTC)
PEOPLE, RECORDS, PAGE, MOST = 60, 5000, 2000, 500
REASON = "回拨核实被困人数"


def access(number: int, count: int) -> Draft:
    row = Access(
        id=f"access:{number}",
        at=START + timedelta(days=DAYS) * number / count,
        user=f"user{number % PEOPLE}",
        act="unmask",
        object=f"report:{number % RECORDS}",
        field="reporter_phone",
        reason=REASON,
        purpose="duty",
        station="ZX",
    )
    return Draft("user", "access.unmask", changes_of(row), REASON)


def asked(path: Path, wanted: AccessFilter) -> tuple[float, int]:
    """Milliseconds of processor time from opening the journal to the last row, and how many rows came."""
    began = process_time()
    situation = Situation.open(path)
    rows = situation.accesses(wanted, MOST)
    situation.close()
    return round(1000 * (process_time() - began), 1), len(rows)


def main() -> None:
    count = size(200_000, 4000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite"
        journal = Journal.open(path, Identity.create("ZX"), ManualClock(START), Sealer.create())
        for first in range(0, count, PAGE):
            journal.append([access(number, count) for number in range(first, min(first + PAGE, count))])
        journal.close()
        record, of_record = asked(path, AccessFilter(objects=("report:7", "incident:7")))
        person, of_person = asked(path, AccessFilter(user="user7"))
        newest, _ = asked(path, AccessFilter())
        nobody, none = asked(path, AccessFilter(objects=("report:never",)))
    figures = {"record_ms": record, "person_ms": person, "newest_ms": newest, "nobody_ms": nobody}
    rows = {"record_rows": of_record, "person_rows": of_person, "nobody_rows": none}
    print_result("accesses", {"accesses": count, "days": DAYS, **figures, **rows})


if __name__ == "__main__":
    main()
