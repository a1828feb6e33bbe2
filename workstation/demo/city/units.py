"""The thirty units of the city and where they are based."""

from dataclasses import dataclass
from functools import cache

from workstation.demo.city.chance import whole
from workstation.demo.city.lattice import Spot
from workstation.demo.city.names import Name
from workstation.demo.city.places import Place, of
from workstation.demo.city.streets import Street, street_at


@dataclass(frozen=True, slots=True)
class Unit:
    id: str
    category: str
    name: Name
    base: Place
    crew: int

    @property
    def spot(self) -> Spot:
        """A few metres from the sign of its base, so that both can be seen."""
        return self.base.spot[0] + 0.02, self.base.spot[1] + 0.02

    @property
    def street(self) -> Street:
        return street_at(self.spot)


_FLEETS = (
    ("fire", "FIRE", 6, "fire_station", Name("消防车", "Fire Engine"), (5, 8)),
    ("ambulance", "AMB", 5, "hospital", Name("救护车", "Ambulance"), (3, 4)),
    ("police", "POL", 6, "police", Name("巡逻车", "Patrol Car"), (2, 4)),
    ("pump_truck", "PUMP", 4, "pump_station", Name("排涝泵车", "Pump Truck"), (3, 5)),
    ("water", "WAT", 2, "pump_station", Name("水务抢修队", "Water Repair Team"), (4, 6)),
    ("grid", "GRID", 3, "government", Name("网格巡查队", "Grid Patrol"), (3, 6)),
    ("rescue", "RES", 2, "fire_station", Name("综合救援队", "Rescue Team"), (8, 12)),
    ("power", "POW", 2, "substation", Name("电力抢修队", "Power Repair Team"), (4, 6)),
)


@cache
def units() -> tuple[Unit, ...]:
    found: list[Unit] = []
    for category, prefix, count, home, label, crew in _FLEETS:
        homes = of(home)
        taken = sum(unit.base.category == home for unit in found)
        for number in range(1, count + 1):
            name = label.plus(f"{number:02d}", f"{number:02d}")
            base = homes[(taken + number - 1) % len(homes)]
            found.append(Unit(f"{prefix}-{number:02d}", category, name, base, whole(*crew, "crew", prefix, number)))
    return tuple(found)
