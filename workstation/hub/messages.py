"""The bodies of the hub's API as types: what comes in is checked by them, what goes out is described by them."""

from typing import Annotated, Any, Literal

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


Seq = Annotated[int, Field(ge=0, lt=2**63)]
Name = Annotated[str, Field(max_length=64)]
Limit = Annotated[int, Field(ge=1, le=2**53)]
MOST_RANGES = 100_000


class Summary(BaseModel):
    """What is held: station, incarnation and last entry of every stream."""

    heads: list[tuple[Name, Name, Seq]] = Field(max_length=MOST_RANGES)


class Pull(Summary):
    """What a station asks for: its summary, about how many entries, and whether first what it must have."""

    limit: Limit = 5000
    express: bool = False


class Contents(BaseModel):
    """The headers whose contents a station waits for: station, incarnation, first and last entry."""

    ranges: list[tuple[Name, Name, Seq, Seq]] = Field(max_length=MOST_RANGES)
    limit: Limit = 5000


class Receipt(Summary):
    """How far the hub now holds the streams that were brought, and the contents it waits for."""

    wants: list[tuple[Name, Name, Seq, Seq]]


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


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """The description of a signed JSON body, which is checked after its signature."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": model.model_json_schema()}}}}
