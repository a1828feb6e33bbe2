"""Facilities: hospitals, schools, shelters, stations of all services, pumps, underpasses, hydrants."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from workstation.demo.city.chance import between, shuffled, whole
from workstation.demo.city.lattice import RIVER, Spot
from workstation.demo.city.names import Name, stem
from workstation.demo.city.plan import Cell, built, cells, use
from workstation.demo.city.roads import COLUMN_LINES, railway_v
from workstation.demo.city.streets import CITY, DISTRICTS, Street, street_at, streets
from workstation.demo.city.water import canal, covers, half_width


@dataclass(frozen=True, slots=True)
class Place:
    """A thing with a name at a place of the plan. `capacity` counts people, beds or m3/h; None where it has none."""

    id: str
    category: str
    name: Name
    spot: Spot
    capacity: int | None = None

    @property
    def street(self) -> Street:
        return street_at(self.spot)


def dry(cell: Cell, *key: str | int) -> Spot:
    """A place by the roadside of a cell, on land."""
    for attempt in range(20):
        spot = cell[0] + between(0.08, 0.92, *key, attempt, "u"), cell[1] + between(0.08, 0.92, *key, attempt, "v")
        if not covers(*spot, 0.04):
            return spot
    raise ValueError(f"no land in cell {cell}")


def chosen(wanted: Callable[[Cell], bool], count: int, key: str) -> list[Cell]:
    """So many of the cells that are wanted, spread by chance."""
    return shuffled([cell for cell in cells() if wanted(cell)], key)[:count]


def in_street(street: Street, kinds: Iterable[str], key: str) -> list[Cell]:
    """The cells of a street with one of the uses, in an order of their own."""
    allowed = set(kinds)
    return shuffled([cell for cell in street.cells if use(cell) in allowed], key, street.code)


def _number(zh: str, en: str, number: int) -> tuple[str, str]:
    return f"第{'一二三四五六七八九十'[number - 1]}{zh}", f"No.{number} {en}"


def _hospitals() -> Iterator[Place]:
    names = [CITY.plus(*_number("人民医院", "People's Hospital", 1)), CITY.plus("中医院", "Chinese Medicine Hospital")]
    names += [CITY.plus("儿童医院", "Children's Hospital"), CITY.plus("急救中心", "Emergency Medical Centre")]
    names += [name.plus("人民医院", "People's Hospital") for name in DISTRICTS.values()]
    names += [stem(zh).plus("医院", "Hospital") for zh in ("仁和", "慈安")]
    home = [streets()[k] for k in (2, 0, 4, 5, 1, 6, 8, 3, 11)]
    for number, (name, street) in enumerate(zip(names, home, strict=True), start=1):
        cell = in_street(street, ("residential", "commercial"), "hospital")[0]
        beds = 80 * whole(3, 16, "beds", number)
        yield Place(f"HOS-{number:02d}", "hospital", name, dry(cell, "hospital", number), beds)


def _schools() -> Iterator[Place]:
    number = 0
    for street in streets():
        campus = in_street(street, ("school",), "school") + in_street(street, ("residential",), "school")
        kinds = (("小学", "Primary School"), ("中学", "Middle School"), ("幼儿园", "Kindergarten"))
        for (zh, en), cell in zip(kinds, campus, strict=False):
            number += 1
            pupils = 60 * whole(4, 30, "pupils", number)
            yield Place(f"SCH-{number:02d}", "school", street.stem.plus(zh, en), dry(cell, "school", number), pupils)


def _shelters() -> Iterator[Place]:
    number = 0
    for street in streets():
        open_air = in_street(street, ("park",), "shelter") + in_street(street, ("residential",), "shelter")
        kinds = (("应急避难场所", "Emergency Shelter"), ("体育馆避难点", "Gymnasium Shelter"))
        for (zh, en), cell in zip(kinds, open_air, strict=False):
            number += 1
            places = 100 * whole(4, 50, "places", number)
            yield Place(f"SHE-{number:02d}", "shelter", street.stem.plus(zh, en), dry(cell, "shelter", number), places)


def _services() -> Iterator[Place]:
    """Fire stations, police stations and street offices; one or two a street."""
    for number, street in enumerate(streets(), start=1):
        town = in_street(street, ("residential", "commercial"), "service") + in_street(street, ("industrial",), "yard")
        police = street.stem.plus("派出所", "Police Station")
        yield Place(f"PST-{number:02d}", "police", police, dry(town[0], "police", number))
        office = street.name.plus("办事处", "Office")
        yield Place(f"GOV-{number:02d}", "government", office, dry(town[1], "office", number))
        if number % 2 or number == 12:
            fire = street.stem.plus("消防救援站", "Fire Station")
            yield Place(f"FIR-{number:02d}", "fire_station", fire, dry(town[2], "fire", number))
        if number % 3 != 2:
            power = street.stem.plus("变电站", "Substation")
            yield Place(f"SUB-{number:02d}", "substation", power, dry(town[3], "power", number))


def _government() -> Iterator[Place]:
    names = [CITY.plus("人民政府", "City Government"), CITY.plus("应急指挥中心", "Emergency Command Centre")]
    names += [name.plus("人民政府", "Government") for name in DISTRICTS.values()]
    spots = [(11.4, 9.3), (12.3, 9.6), (4.6, 9.4), (23.3, 10.3), (11.5, 5.3)]
    for number, (name, spot) in enumerate(zip(names, spots, strict=True), start=13):
        yield Place(f"GOV-{number:02d}", "government", name, spot)


_RIVER_PUMPS = (1.4, 6.6, 10.4, 13.6, 17.5, 22.6, 26.5)


def _pumps() -> Iterator[Place]:
    for number, u in enumerate(_RIVER_PUMPS, start=1):
        side = 1 if number % 2 else -1
        spot = u, RIVER + side * (half_width(u) + 0.06)
        yield Place(
            f"PUM-{number:02d}", "pump_station", _pump_name(number, spot), spot, 3600 * whole(2, 12, "pump", number)
        )
    for number, v in enumerate((9.6, 12.6, 16.5), start=len(_RIVER_PUMPS) + 1):
        spot = canal(v) + 0.12, v
        yield Place(
            f"PUM-{number:02d}", "pump_station", _pump_name(number, spot), spot, 3600 * whole(2, 8, "pump", number)
        )


def _pump_name(number: int, spot: Spot) -> Name:
    bank, english = ("南岸", "South Bank") if spot[1] < RIVER else ("北岸", "North Bank")
    column = min(COLUMN_LINES, key=lambda u: abs(u - spot[0]))
    if spot[1] > RIVER + 1:
        canal_number = number - len(_RIVER_PUMPS)
        return stem("运河").plus(f"{canal_number}号排涝泵站", f"Drainage Pump Station No.{canal_number}")
    road = COLUMN_LINES[column][1]
    return road.plus(f"{bank}泵站", f"{english} Pump Station")


@cache
def underpasses() -> tuple[Place, ...]:
    """Where roads of rank go under the railway, numbered from the east: 人民路下穿 is the seventh."""
    found = []
    for number, u in enumerate(sorted(COLUMN_LINES, reverse=True), start=1):
        name = COLUMN_LINES[u][1].plus("下穿", "Underpass")
        found.append(Place(f"UND-{number:02d}", "underpass", name, (u + 0.02, railway_v(u))))
    return tuple(found)


_METRO = "西园 湖滨 文昌路 市政府 中心广场 建安路 运河桥 东湾路 金湾 东郊 南园 学府 溪口 江滨 火车站 云岭 北塔"
SUBWAY_ROW = tuple((u, 10.03) for u in (3.3, 6.5, 8.5, 11.04, 13.5, 16.06, 18.1, 21.06, 23.6, 26.2))
SUBWAY_COLUMN = tuple((11.04, v) for v in (2.5, 4.3, 5.6, 8.3, 13.2, 15.2, 17.4))


def _subway() -> Iterator[Place]:
    """Two lines, along 中兴大道 and 人民路, crossing in the centre."""
    for number, (zh, spot) in enumerate(zip(_METRO.split(), SUBWAY_ROW + SUBWAY_COLUMN, strict=True), start=1):
        yield Place(f"MET-{number:02d}", "subway", stem(zh).plus("地铁站", "Metro Station"), spot)


def _hydrants() -> Iterator[Place]:
    for number, cell in enumerate(chosen(built, 300, "hydrant"), start=1):
        spot = dry(cell, "hydrant", number)
        name = street_at(spot).stem.plus(f"消火栓{number:03d}", f"Hydrant {number:03d}")
        yield Place(f"HYD-{number:03d}", "hydrant", name, spot)


@cache
def facilities() -> tuple[Place, ...]:
    """All facilities, hydrants last."""
    groups = (_hospitals(), _schools(), _shelters(), _services(), _government(), _pumps(), underpasses(), _subway())
    return (*(place for group in groups for place in group), *_hydrants())


def of(category: str) -> list[Place]:
    return [place for place in facilities() if place.category == category]
