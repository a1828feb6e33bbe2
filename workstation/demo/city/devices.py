"""Cameras and sensors: what watches the city, placed where such things stand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from workstation.demo.city.chance import whole
from workstation.demo.city.lattice import RIVER, Spot
from workstation.demo.city.names import Name, stem
from workstation.demo.city.places import Place, chosen, dry, of, underpasses
from workstation.demo.city.plan import Cell, built, use
from workstation.demo.city.roads import COLUMN_LINES, RIVER_COLUMNS, ROW_LINES, railway_v
from workstation.demo.city.streets import Street, street_at
from workstation.demo.city.water import LAKES, canal, covers, half_width


@dataclass(frozen=True, slots=True)
class Camera:
    id: str
    name: Name
    spot: Spot
    heading: int
    clip: str

    @property
    def street(self) -> Street:
        return street_at(self.spot)


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of sensor; `type` is an indicator of the threshold table where it has one."""

    prefix: str
    type: str
    label: Name
    unit: str
    period_s: int
    owner: str


@dataclass(frozen=True, slots=True)
class Sensor:
    id: str
    kind: Kind
    name: Name
    spot: Spot
    warn: float | None = None
    guarantee: float | None = None

    @property
    def street(self) -> Street:
        return street_at(self.spot)


UNDERPASS = Kind("RM", "underpass_ponding", Name("积水计", "Ponding Gauge"), "cm", 10, "water")
LEVEL = Kind("SW", "river_level", Name("水位站", "Level Gauge"), "m", 60, "water")
FLOW = Kind("LL", "flow", Name("流量站", "Flow Gauge"), "m3/s", 60, "water")
PRESSURE = Kind("XS", "hydrant_pressure", Name("消火栓压力计", "Hydrant Pressure Gauge"), "MPa", 60, "fire")

_SPREAD: tuple[tuple[Kind, int, tuple[str, ...]], ...] = (
    (Kind("JS", "road_ponding", Name("道路积水计", "Road Ponding Gauge"), "cm", 10, "water"), 30, ("r", "c")),
    (Kind("YL", "rain_1h", Name("雨量站", "Rain Gauge"), "mm", 60, "weather"), 24, ("r", "p", "f", "i", "s")),
    (Kind("RQ", "gas_lel", Name("可燃气体探测器", "Gas Detector"), "%LEL", 10, "gas"), 14, ("r", "c", "i")),
    (Kind("HS", "h2s", Name("硫化氢探测器", "H2S Detector"), "mg/m3", 10, "environment"), 4, ("i",)),
    (Kind("CO", "co", Name("一氧化碳探测器", "CO Detector"), "mg/m3", 10, "environment"), 4, ("i", "c")),
    (Kind("CL", "cl2", Name("氯气探测器", "Chlorine Detector"), "mg/m3", 10, "environment"), 2, ("i",)),
    (Kind("NH", "nh3", Name("氨气探测器", "Ammonia Detector"), "mg/m3", 10, "environment"), 2, ("i",)),
    (Kind("YG", "smoke", Name("烟感", "Smoke Detector"), "bool", 10, "fire"), 14, ("r", "c", "i", "s")),
    (Kind("WG", "heat", Name("温感", "Heat Detector"), "degC", 10, "fire"), 6, ("c", "i")),
    (Kind("QW", "temperature", Name("气温计", "Air Thermometer"), "degC", 60, "weather"), 6, ("r", "p", "f")),
    (Kind("SD", "humidity", Name("湿度计", "Hygrometer"), "%", 60, "weather"), 4, ("r", "p", "f")),
    (Kind("PM", "pm25_24h", Name("空气质量站", "PM2.5 Monitor"), "ug/m3", 300, "environment"), 8, ("r", "c", "i")),
    (Kind("RL", "crowd_density", Name("人流密度仪", "Crowd Counter"), "p/m2", 10, "police"), 8, ("c",)),
    (Kind("JG", "manhole", Name("井盖传感器", "Manhole Sensor"), "bool", 60, "water"), 12, ("r", "c")),
    (Kind("QX", "tilt", Name("倾斜仪", "Tilt Sensor"), "permil", 300, "housing"), 6, ("r", "c")),
    (Kind("CJ", "subsidence", Name("沉降监测点", "Subsidence Monitor"), "mm/d", 300, "housing"), 6, ("r", "c")),
    (Kind("FS", "wind_gust", Name("风速站", "Wind Station"), "m/s", 60, "weather"), 6, ("p", "f", "i")),
    (Kind("DT", "lift_entrapment", Name("电梯困人报警", "Lift Alarm"), "bool", 30, "housing"), 3, ("r", "c")),
    (Kind("DL", "power_outage", Name("断电监测点", "Outage Monitor"), "bool", 30, "power"), 3, ("r", "i")),
)
_REACHES = {"上游": "Upper Reach", "下游": "Lower Reach", "中心": "City Centre", "运河口": "Canal Mouth"}
_LETTERS = {
    "r": "residential",
    "c": "commercial",
    "i": "industrial",
    "p": "park",
    "f": "farmland",
    "s": "school",
}


def _id(kind: Kind, number: int) -> str:
    return f"{kind.prefix}-{number:02d}"


def _ponding() -> Iterator[Sensor]:
    for number, place in enumerate(underpasses(), start=1):
        name = place.name.plus(UNDERPASS.label.zh, UNDERPASS.label.en)
        yield Sensor(_id(UNDERPASS, number), UNDERPASS, name, (place.spot[0] + 0.01, place.spot[1] - 0.02))


def _water_spots() -> list[tuple[Name, Spot]]:
    """Where levels are measured: at the river's bridges and bends, along the canal, at the lakes."""
    river = stem("澜").plus("江", "River")
    found = []
    for u, zh in ((1.2, "上游"), (3.6, "沙洲"), (6.4, "文昌"), (9.7, "江滨"), (12.6, "中心"), (16.3, "运河口")):
        found.append((river.plus(zh, _REACHES.get(zh) or stem(zh).en), (u, RIVER + half_width(u) - 0.04)))
    for u, zh in ((19.5, "东湾"), (22.5, "金湾"), (25.4, "新港"), (28.6, "下游")):
        found.append((river.plus(zh, _REACHES.get(zh) or stem(zh).en), (u, RIVER - half_width(u) + 0.04)))
    for v, zh in ((10.7, "桥头"), (15.6, "石桥")):
        found.append((stem("运河").plus(zh, stem(zh).en), (canal(v), v)))
    for lake in LAKES[:2]:
        found.append((lake.name, (lake.centre[0] + lake.axes[0] * 0.7, lake.centre[1])))
    return found


def _levels() -> Iterator[Sensor]:
    """Warning and guarantee levels fall downstream; a metre lies between them."""
    for number, (place, spot) in enumerate(_water_spots(), start=1):
        warn = round(6.4 - 0.055 * spot[0], 2)
        name = place.plus(LEVEL.label.zh, LEVEL.label.en)
        yield Sensor(_id(LEVEL, number), LEVEL, name, spot, warn, round(warn + 1.0, 2))
    for number, (place, spot) in enumerate(_water_spots()[0:12:2], start=1):
        yield Sensor(_id(FLOW, number), FLOW, place.plus(FLOW.label.zh, FLOW.label.en), (spot[0] + 0.03, spot[1]))


def _hydrants() -> Iterator[Sensor]:
    for number, place in enumerate(of("hydrant")[:8], start=1):
        label = PRESSURE.label
        yield Sensor(_id(PRESSURE, number), PRESSURE, place.street.stem.plus(label.zh, label.en), place.spot)


def _uses(letters: tuple[str, ...]) -> Callable[[Cell], bool]:
    wanted = {_LETTERS[letter] for letter in letters}
    return lambda cell: use(cell) in wanted


def _spread() -> Iterator[Sensor]:
    for kind, count, letters in _SPREAD:
        for number, cell in enumerate(chosen(_uses(letters), count, kind.type), start=1):
            spot = dry(cell, kind.type, number)
            name = street_at(spot).stem.plus(f"{kind.label.zh}{number:02d}", f"{kind.label.en} {number:02d}")
            yield Sensor(_id(kind, number), kind, name, spot)


@cache
def sensors() -> tuple[Sensor, ...]:
    return (*_ponding(), *_levels(), *_hydrants(), *_spread())


def _watched() -> Iterator[tuple[Name, Spot, int, str]]:
    for place in underpasses():
        yield place.name, (place.spot[0] + 0.01, place.spot[1] - 0.12), 0, "underpass"
    for u, zh in RIVER_COLUMNS.items():
        yield stem(zh).plus("大桥", "Bridge"), (u + 0.04, RIVER + half_width(u) + 0.05), 180, "river"
    for place in of("subway")[2:12]:
        yield place.name, (place.spot[0] + 0.03, place.spot[1] + 0.03), _heading(place), "square"
    for place in of("pump_station")[:5]:
        yield place.name, place.spot, _heading(place), "river"
    yield from _junctions()


def _heading(place: Place) -> int:
    return 15 * whole(0, 23, "heading", place.id)


def _junctions() -> Iterator[tuple[Name, Spot, int, str]]:
    for u, (_, column) in COLUMN_LINES.items():
        for v, (_, row) in ROW_LINES.items():
            spot = u + 0.04, v + 0.04
            crowded = covers(*spot, 0.05) or abs(v - railway_v(u)) < 0.3
            if built((u, v)) and not crowded:
                name = Name(f"{column.zh}{row.zh}路口", f"{column.en} and {row.en} Junction")
                yield name, spot, 15 * whole(0, 23, "heading", u, v), "street"


@cache
def cameras() -> tuple[Camera, ...]:
    """Sixty cameras: underpasses, bridges, squares, pumps, then junctions."""
    chosen_ones = list(_watched())[:60]
    return tuple(
        Camera(f"CAM-{number:02d}", name.plus("摄像机", "Camera"), spot, heading, f"clip:{clip}")
        for number, (name, spot, heading, clip) in enumerate(chosen_ones, start=1)
    )
