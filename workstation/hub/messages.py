"""The bodies of the hub's API as types: what comes in is checked by them, what goes out is described by them."""

from typing import Any, Literal

from pydantic import BaseModel, Field

STATION_CODE = r"^[A-Z][A-Z0-9]{1,11}$"


class Enrolment(BaseModel):
    """What a station sends with its one-time code's proof."""

    station: str = Field(pattern=STATION_CODE)
    public: str = Field(pattern=r"^[0-9a-f]{64}$", description="Ed25519 public key, hex")
    proof: str = Field(pattern=r"^[0-9a-f]{64}$", description="HMAC-SHA256 under the invitation's code, hex")


class Enrolled(BaseModel):
    """The keys of the space, sealed under the code; the hub's certificate (PEM), with the signature by its key."""

    answer: str
    certificate: str = ""
    signature: str = ""


class Receipt(BaseModel):
    """The last entry of the sender's stream that the hub now holds."""

    have: int


class Refusal(BaseModel):
    """Why a request was turned away; `have` where the sender should go on from."""

    reason: str
    have: int | None = None


class Health(BaseModel):
    """Whether the hub can do its work; `entries` is null while the writer does not answer."""

    status: Literal["ready", "degraded"]
    reasons: list[Literal["disk", "writer"]]
    station: str
    entries: int | None


REFUSALS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": Refusal, "description": "Refused, with the reason"},
    "5XX": {"model": Refusal, "description": "The hub cannot, with the reason"},
}
SIGNED: dict[str, Any] = {"security": [{"station": [], "moment": [], "signature": []}]}
SCHEMES = {
    "station": {"type": "apiKey", "in": "header", "name": "x-station", "description": "Code of an enrolled station"},
    "moment": {"type": "apiKey", "in": "header", "name": "x-moment", "description": "Milliseconds since 1970, UTC"},
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "x-signature",
        "description": "Ed25519, hex, by the station's key over 'METHOD path?query moment sha256(body)'",
    },
}
PARCEL: dict[str, Any] = {"application/zstd": {"schema": {"type": "string", "format": "binary"}}}
STREAM: dict[str, Any] = {"text/event-stream": {"schema": {"type": "string"}}}
