"""A station's first meeting with its hub: a one-time code for a place in the space."""

import orjson

from workstation.security.enrolment import open_answer, proof_of
from workstation.security.keys import Identity
from workstation.sync.hub_address import HubAddress
from workstation.sync.peer import refusal
from workstation.wire import Wire, WireError


def enrol(url: str, code: str, identity: Identity) -> tuple[HubAddress, bytes]:
    """The hub's address with its key, and the key of the space. Raises WireError, or HubRefused for a code that is
    wrong, used or expired."""
    address = url.rstrip("/")
    body = orjson.dumps(
        {
            "station": identity.station,
            "public": identity.public.hex(),
            "proof": proof_of(code, identity.station, identity.public),
        }
    )
    with Wire() as wire:
        answer = wire.send("POST", f"{address}/v1/enrol", body, {"Content-Type": "application/json"})
    if not answer.is_good:
        raise refusal(answer, address)
    try:
        clear = orjson.loads(open_answer(code, identity.station, orjson.loads(answer.body)["answer"]))
        return HubAddress(address, bytes.fromhex(clear["hub"])), bytes.fromhex(clear["space"])
    except (ValueError, KeyError, TypeError) as error:
        raise WireError("broken", address, f"not a hub's answer: {error}") from error
