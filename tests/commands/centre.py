"""The centre's desk over a journal that knows of one caller, and may say who was granted what."""

from tests.commands.desk import Desk
from tests.journals import PHONE
from workstation.commands.access import Sight
from workstation.domain.clock import ManualClock
from workstation.domain.draft import Draft
from workstation.domain.encoding import changes_of
from workstation.domain.records import Access, Account, Grant, Incident, Report
from workstation.journal import Journal

STREET, CITY = "990101003", "990100"
SIGHT = Sight(report="r1", field="reporter_phone", reason="回拨核实被困人数", purpose="rescue")
REPORT = {
    "id": "r1",
    "incident": "i1",
    "street": STREET,
    "reporter_name": "张伟",
    "reporter_phone": PHONE,
    "plate": None,
}


class Centre(Desk):
    """A journal that may say who was granted what, and whoever sits at the centre's desk."""

    def __init__(self, journal: Journal, clock: ManualClock) -> None:
        super().__init__(journal, clock, "ZX", CITY)
        self.write(Incident(id="i1", street=STREET, owner="zhao"), Report(**REPORT))

    def write(self, *records: object) -> None:
        self.journal.append([Draft("content", "test", changes_of(one)) for one in records])

    def grant(self, login: str, role: str, **terms: object) -> None:
        now = self.clock.now()
        known = {"region": CITY, "level": 3, "purposes": ["rescue"], "valid_from": now, "account": login, "role": role}
        known |= {"valid_to": now.replace(year=now.year + 1)}
        self.write(Account(id=login, state="active"), Grant(id=f"g:{login}", **(known | terms)))

    def seen(self) -> list[Access]:
        return self.journal.situation.find(Access)
