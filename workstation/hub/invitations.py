"""One-time codes by which stations are let in, kept with the keys. A code dies by use, by age, or by wrong tries.

What a code was used with is remembered for as long as the code would have lived, so that the same request coming again
is known as a replay.
"""

import hmac
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from workstation.domain.clock import iso, parse_iso
from workstation.hub.gate import Turned
from workstation.security.enrolment import is_proof, new_code

LIFETIME = timedelta(hours=24)
TRIES = 5


@dataclass(slots=True)
class Invitation:
    """An open invitation of a station code to a scope (region code)."""

    station: str
    scope: str
    code: str
    expires: str
    wrong: int = 0
    used: str = ""
    """The proof it was redeemed with; empty while it is open."""


class Invitations:
    """The file of open invitations."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def invite(self, station: str, scope: str, now: datetime) -> str:
        """A fresh code for a station; an earlier one for it is void."""
        code = new_code()
        open_ones = [one for one in self._read() if one.station != station]
        self._write([*open_ones, Invitation(station, scope, code, iso(now + LIFETIME))])
        return code

    def redeem(self, station: str, public: bytes, proof: str, now: datetime) -> Invitation | None:
        """The invitation whose code the proof shows, now used up; None for any other proof.

        Raises Turned (409) for a request that was made before.
        """
        invitations = self._read()
        found = next((one for one in invitations if one.station == station and parse_iso(one.expires) > now), None)
        if found is None:
            return None
        if found.used:
            if hmac.compare_digest(found.used, proof):
                raise Turned(409, "replayed")
            return None
        if is_proof(proof, found.code, station, public):
            found.used = proof
            self._write([one for one in invitations if parse_iso(one.expires) > now])
            return found
        found.wrong += 1
        self._write([one for one in invitations if one.wrong < TRIES])
        return None

    def _read(self) -> list[Invitation]:
        if not self._file.is_file():
            return []
        return [Invitation(**one) for one in json.loads(self._file.read_text(encoding="utf-8"))]

    def _write(self, invitations: list[Invitation]) -> None:
        fresh = self._file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump([asdict(one) for one in invitations], file)
        fresh.replace(self._file)
