"""What the hub does with a request, apart from HTTP: enrol, take a push, answer a pull."""

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from workstation.domain.draft import Draft
from workstation.domain.encoding import set_fields
from workstation.domain.errors import KnownError
from workstation.hub.gate import Turned
from workstation.hub.invitations import Invitation, Invitations
from workstation.journal import DEFERRED, Batch, BatchRefused, Heads, Journal, Ranges, Want, everything
from workstation.journal.database import DatabaseFault
from workstation.security.enrolment import seal_answer
from workstation.station import Station
from workstation.sync.parcel import Parcel, ParcelError, pack, told, told_ranges, unpack
from workstation.sync.sight import StationSight

MAX_PAGE = 20_000


class Hub:
    """The hub's side of the exchange, over its own station."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.invitations = Invitations(station.space.folder / "keys" / "invitations.json")

    def enrol(self, code: str, public: bytes, proof: str) -> str:
        """Let a station in; its answer is sealed under the invitation's code. Raises Turned (403)."""
        now = self.station.clock.now()

        def redeemed(journal: Journal) -> Invitation | None:
            with journal.store.transaction():  # hubs side by side take turns, so that a code is used once
                return self.invitations.redeem(code, public, proof, now)

        invitation = self.station.ask(redeemed).result()
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

    def push(self, sender: str, body: bytes) -> tuple[list[Any], list[Any]]:
        """Take what a station brings, its own entries or others'; their authors' signatures vouch for them.

        Answers with how far those streams reach here, and the contents that are to follow. Raises Turned.
        """
        try:
            parcel = unpack(body)
        except (ParcelError, ValueError) as error:
            raise Turned(400, "malformed") from error
        try:
            for merged in [self.station.merge(_to_follow(batch)) for batch in parcel.batches]:
                merged.result()
            for filling in parcel.fillings:
                self.station.fill(filling).result()
        except BatchRefused as refusal:
            raise Turned(409, refusal.reason, refusal.have) from refusal
        except DatabaseFault:
            raise
        except KnownError as error:
            raise Turned(409, str(error)) from error
        names = {(one.station, one.incarnation) for one in parcel.batches}

        def answer(journal: Journal) -> tuple[list[Any], list[Any]]:
            heads = {name: seq for name, seq in journal.exchange.heads().items() if name in names}
            journal.exchange.receipt(sender, heads)
            return told(heads), told_ranges(_wanted(journal, {sender, *(station for station, _ in names)}))

        return self.station.ask(answer).result()

    def heads(self) -> list[Any]:
        """The summary of what is here."""
        return told(self.station.ask(lambda journal: journal.exchange.heads()).result())

    def pull(self, sender: str, theirs: Heads, limit: int, express: bool = False) -> bytes:
        """A packed page of what is here and not there. `express`: of contents for now those that must come first."""

        def page(journal: Journal) -> Parcel:
            exchange = journal.exchange
            exchange.summarised(sender, theirs)
            first, sight = exchange.first(theirs) if express else everything, StationSight(journal, sender)
            batches = exchange.missing(theirs, Want(min(limit, MAX_PAGE), sight, first))
            reached = {**theirs, **{(one.station, one.incarnation): one.last for one in batches}}
            more = exchange.backlog(reached) > 0
            summary = (exchange.heads(), _wanted(journal, {sender}))
            return Parcel(tuple(batches), (), *summary, more, sight=sight.told())

        return pack(self.station.ask(page).result())

    def contents(self, sender: str, wanted: Ranges, limit: int) -> bytes:
        """Packed contents whose headers went out before."""

        def page(journal: Journal) -> Parcel:
            want = Want(min(limit, MAX_PAGE), StationSight(journal, sender))
            fillings = tuple(journal.exchange.contents(wanted, want))
            return Parcel((), fillings, awaited=journal.exchange.awaited(wanted))

        return pack(self.station.ask(page).result())


def _wanted(journal: Journal, stations: Collection[str]) -> Ranges:
    """The contents that the hub waits for, those first that whoever asks is likely to have: nobody's headers keep the
    contents of others from being asked for."""
    return journal.exchange.wanted(of=stations) or journal.exchange.wanted()


def _to_follow(batch: Batch) -> Batch:
    """The batch, with what it lacks to follow: the hub may read all, so whoever carries an entry without its content
    leaves it to be asked for."""
    if all(one.content or one.lacks == DEFERRED for one in batch.entries):
        return batch
    return replace(batch, entries=tuple(one if one.content else one._replace(lacks=DEFERRED) for one in batch.entries))
