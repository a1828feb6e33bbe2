"""A station's first meeting with its hub: a one-time code for a place in the space.

Nothing of the meeting has to be secret on the way: the code is never sent, and the answer is sealed under it. So the
hub's certificate is taken as it is shown, and kept only if the hub's own key, known from the sealed answer, vouches for
it. A hub that vouches for none must show one of the system's authorities from then on.
"""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import orjson

from workstation.domain.errors import KnownError
from workstation.security.certificates import fingerprint
from workstation.security.enrolment import open_answer, proof_of
from workstation.security.keys import Identity, is_signed
from workstation.sync.hub_address import HubAddress
from workstation.sync.peer import refusal
from workstation.wire import PATIENT, Answer, Trust, Wire, WireError, certificate_of
from workstation.wire.faults import UNTRUSTED


class Insecure(KnownError):
    """HTTP without TLS to another machine, which nobody has said may be."""


def enrol(url: str, code: str, identity: Identity, *, insecure: bool = False) -> tuple[HubAddress, bytes]:
    """The hub's address with its key and certificate, and the key of the space.

    Raises WireError, HubRefused for a code that is wrong, used or expired, or Insecure.
    """
    address = url.rstrip("/")
    if not (insecure or is_private(address)):
        raise Insecure(f"{address}: not over TLS; say --insecure if the network is one nobody else hears")
    body = {
        "station": identity.station,
        "public": identity.public.hex(),
        "proof": proof_of(code, identity.station, identity.public),
    }
    shown = _shown(address)
    answer = _sent(f"{address}/v1/enrol", orjson.dumps(body), shown)
    try:
        told = orjson.loads(answer.body)
        clear = orjson.loads(open_answer(code, identity.station, told["answer"]))
        public, space = bytes.fromhex(clear["hub"]), bytes.fromhex(clear["space"])
    except (ValueError, KeyError, TypeError) as error:
        raise WireError("foreign", address, f"not a hub's answer: {error}") from error
    return HubAddress(address, public, _vouched(shown, identity.station, told, public)), space


def is_private(url: str) -> bool:
    """Whether what is said there stays between the two: TLS, or a connection within this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def certificate_words(station: str, certificate: str) -> bytes:
    """What the hub signs to vouch for its certificate towards a station."""
    return f"hub certificate {station} {fingerprint(certificate)}".encode() if certificate else b""


def _shown(url: str) -> str:
    """The certificate shown at an address, believed or not; empty where it is not TLS."""
    parts = urlsplit(url)
    return certificate_of(parts.hostname or "", parts.port or 443) if parts.scheme == "https" else ""


def _sent(url: str, body: bytes, certificate: str) -> Answer:
    with Wire(PATIENT, Trust(certificate), follows=False) as wire:
        answer = wire.send("POST", url, body, {"Content-Type": "application/json"})
    if not answer.is_good:
        raise refusal(answer, url)
    return answer


def _vouched(shown: str, station: str, told: dict[str, Any], public: bytes) -> str:
    """The certificate to believe from now on: the one shown, if the hub's key vouches for it. A hub that vouches for
    none leaves that to the system's authorities. Raises WireError."""
    vouched, signature = str(told.get("certificate", "")), str(told.get("signature", ""))
    if not (shown and vouched):
        return ""
    words = certificate_words(station, vouched)
    if fingerprint(shown) == fingerprint(vouched) and is_signed(public, words, bytes.fromhex(signature)):
        return shown
    raise WireError(UNTRUSTED, station, "the certificate shown is not the one the hub vouches for")
