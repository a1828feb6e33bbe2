"""The point files: facilities, cameras, sensors, units."""

from collections.abc import Iterator

from workstation.demo.city import devices
from workstation.demo.city.features import Feature, named, point
from workstation.demo.city.places import facilities as all_facilities
from workstation.demo.city.units import units as all_units


def facilities() -> Iterator[Feature]:
    for place in all_facilities():
        about = {"id": place.id, "category": place.category, **named(place.name)}
        yield point(place.spot, {**about, "capacity": place.capacity, "street": place.street.code})


def cameras() -> Iterator[Feature]:
    for camera in devices.cameras():
        about = {"id": camera.id, **named(camera.name), "heading": camera.heading}
        yield point(camera.spot, {**about, "street": camera.street.code, "url": camera.clip})


def sensors() -> Iterator[Feature]:
    for sensor in devices.sensors():
        about = {
            "id": sensor.id,
            "type": sensor.kind.type,
            **named(sensor.name),
            "unit": sensor.kind.unit,
            "period_s": sensor.kind.period_s,
            "warn": sensor.warn,
            "guarantee": sensor.guarantee,
            "street": sensor.street.code,
            "owner": sensor.kind.owner,
        }
        yield point(sensor.spot, about)


def units() -> Iterator[Feature]:
    for unit in all_units():
        about = {"id": unit.id, **named(unit.name), "category": unit.category, "crew": unit.crew}
        yield point(unit.spot, {**about, "base": unit.base.id, "street": unit.street.code})
