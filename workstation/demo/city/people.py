"""Who lives where: population and ages per unit grid cell, and the officer of the cell. All invented."""

from dataclasses import dataclass

from workstation.demo.city.chance import between
from workstation.demo.city.names import person
from workstation.demo.city.plan import Cell, use

_PER_KM2 = {"residential": 15_500, "commercial": 6_500, "industrial": 900, "school": 4_200, "farmland": 260}


@dataclass(frozen=True, slots=True)
class People:
    population: int
    pop_65: int
    pop_0_6: int
    officer: str


def people(cell: Cell, area_km2: float) -> People:
    """Residents of a cell by its use and area; parks, water and forest have none."""
    density = _PER_KM2.get(use(cell), 0) * between(0.65, 1.35, "density", *cell)
    population = round(density * area_km2)
    old = between(0.13, 0.24, "old", *cell) if use(cell) != "school" else 0.02
    young = between(0.045, 0.075, "young", *cell)
    return People(population, round(population * old), round(population * young), person("officer", *cell))
