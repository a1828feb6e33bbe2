"""What stands in the city: units, instruments, cameras, grid cells and facilities."""

from dataclasses import dataclass
from datetime import datetime

from workstation.domain.draft import Value
from workstation.domain.record import Located, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Located):
    name_zh: str | None = None
    name_en: str | None = None
    category: str | None = None
    state: str | None = None
    base: str | None = None
    crew: int | None = None
    capabilities: list[Value] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor(Located):
    """An instrument. `warn` and `guarantee` are the station's own water levels in metres, where it has any."""

    name_zh: str | None = None
    name_en: str | None = None
    type: str | None = None
    unit: str | None = None
    owner: str | None = None
    period_s: float | None = None
    warn: float | None = None
    guarantee: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera(Located):
    name_zh: str | None = None
    name_en: str | None = None
    url: str | None = None
    heading: float | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell(Record):
    """A unit grid cell; its id is the 15-digit code. Polygons stay in the map content."""

    name_zh: str | None = None
    name_en: str | None = None
    community: str | None = None
    street: str | None = None
    district: str | None = None
    population: int | None = None
    area_km2: float | None = None
    officer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility(Located):
    name_zh: str | None = None
    name_en: str | None = None
    category: str | None = None
    capacity: int | None = None
    occupied: int | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Station(Record):
    """One of our nodes as the hub enrolled it. Only the hub writes this kind. `public_key` is hex of 32 bytes; `level`
    the highest data class (1..4) it may read, 3 where nothing was said."""

    public_key: str | None = None
    role: str | None = None
    region: str | None = None
    level: int | None = None
    enrolled_at: datetime | None = None
    revoked_at: datetime | None = None
