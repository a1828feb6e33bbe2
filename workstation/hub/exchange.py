"""What the hub does with a request, apart from HTTP: enrol, take a push, answer a pull."""

import json

from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import KnownError
from workstation.hub.gate import Turned
from workstation.hub.invitations import Invitations
from workstation.journal import BatchRefused, Journal
from workstation.security.enrolment import seal_answer
from workstation.station import Station
from workstation.sync.parcel import Parcel, ParcelError, pack, unpack

MAX_PAGE = 20_000


class Hub:
    """The hub's side of the exchange, over its own station."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.invitations = Invitations(station.space.folder / "keys" / "invitations.json")

    def enrol(self, code: str, public: bytes, proof: str) -> str:
        """Let a station in; its answer is sealed under the invitation's code. Raises Turned (403)."""
        now = self.station.clock.now()
        invitation = self.invitations.redeem(code, public, proof, now)
        if invitation is None:
            raise Turned(403, "invitation")
        fields = set_fields(
            "station", code, public_key=public.hex(), role="station", region=invitation.scope, enrolled_at=now
        )
        self.station.write([Draft("HUB", "station.enrol", fields)]).result()
        answer = {
            "space": self.station.space.sealer().space_key.hex(),
            "hub": self.station.space.identity().public.hex(),
        }
        return seal_answer(invitation.code, code, json.dumps(answer).encode())

    def push(self, sender: str, body: bytes) -> int:
        """Take a station's own entries; the last one now held. Raises Turned."""
        try:
            (batch,) = unpack(body).batches
        except (ParcelError, ValueError) as error:
            raise Turned(400, "malformed") from error
        if batch.station != sender:
            raise Turned(403, "not_your_own")
        try:
            self.station.merge(batch).result()
        except BatchRefused as refusal:
            raise Turned(409, refusal.reason, refusal.have) from refusal
        except KnownError as error:
            raise Turned(409, str(error)) from error
        return batch.last

    def pull(self, after: int, limit: int, *, without: str = "") -> bytes:
        """A packed page of what arrived behind `after`, other than from the station `without`."""

        def page(journal: Journal) -> Parcel:
            end = journal.exchange.end()
            batches = tuple(journal.exchange.after(after, without=without, limit=min(limit, MAX_PAGE)))
            last = batches[-1].number if batches else end
            more = bool(batches) and bool(journal.exchange.after(last, without=without, limit=1))
            return Parcel(batches, last if more else end, more)

        return pack(self.station.ask(page).result())
