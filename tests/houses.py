"""A house in which authority can be granted: its root, its centre and a street office, each a journal that judges."""

from datetime import timedelta
from pathlib import Path

from tests.journals import enrolled, opened
from workstation.domain.clock import ManualClock, iso
from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.journal import Journal, Want
from workstation.security.keys import Identity

KEYS = {login: Identity.create(login) for login in ("li", "wang", "zhao")}
CITY, STREET = "990100", "990101003"


class House:
    """Nobody is granted anything yet; both stations know what regions they have, the street's `region`."""

    def __init__(self, folder: Path, clock: ManualClock, region: str = STREET) -> None:
        self.clock, self.region = clock, region
        self.centre, self.street = enrolled(folder, clock, "ZX", "JD03")
        self.hub = opened(folder, "HUB", clock)
        for journal in (self.centre, self.street):
            journal.vouching = KEYS.get
        self.root("station", "JD03", region=region)
        self.root("station", "ZX", region=CITY)
        self.hear()

    def root(self, kind: str, name: str, **fields: object) -> None:
        self.clock.advance(1)
        self.hub.append([Draft("sec", f"{kind}.give", set_fields(kind, name, **fields))])

    def employ(self) -> None:
        """Li is a supervisor of the city, wang an operator, zhao an officer of the street; both stations hear of it."""
        for login, role, region in (("li", "SUP", CITY), ("wang", "OP", CITY), ("zhao", "ST", self.region)):
            self.account(login)
            self.grant(login, role, region)
        self.hear()

    def account(self, login: str) -> None:
        self.root("account", login, state="active", public_key=KEYS[login].public.hex())

    def grant(self, login: str, role: str, region: str = CITY, **fields: object) -> None:
        now = self.clock.now()
        terms = {
            "valid_from": iso(now),
            "valid_to": iso(now + timedelta(days=300)),
            "level": 3,
            "purposes": ["duty", "rescue"],
        }
        self.root("grant", f"g-{login}", account=login, role=role, region=region, **{**terms, **fields})

    def hear(self, *journals: Journal) -> None:
        for journal in journals or (self.centre, self.street):
            for batch in self.hub.exchange.missing(journal.exchange.heads(), Want()):
                journal.accept(batch)

    def tell(self, giver: Journal, taker: Journal):
        [batch] = giver.exchange.missing(taker.exchange.heads(), Want())
        return taker.accept(batch)

    def close(self) -> None:
        for journal in (self.hub, self.centre, self.street):
            journal.close()


def write(journal: Journal, author: str, act: str, cause: str = "", kind: str = "incident", **fields: object):
    changes = set_fields(kind, "flood", **fields)
    return journal.append([Draft(author, act, changes, scope=STREET, cause=cause)])


def hacked(journal: Journal) -> Journal:
    """A station whose program was altered so that it lets everything pass."""

    class Nodding:
        def learn(self, entry) -> None: ...

        def look_ahead(self, entry) -> None: ...

        def region(self, entry) -> str:
            return ""

        def unheard(self, entry) -> int:
            return 0

        def verdict(self, entry, past) -> str:
            return ""

    journal.judge_by(Nodding)
    return journal
