"""MQTT messages to observations, by a mapping that a person writes. Pure; the connection is `feeds.mqtt`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workstation.content import folder, read_yaml
from workstation.domain.errors import ContentError, FeedError
from workstation.domain.observation import Observation, Quality
from workstation.feeds.json_text import read_json
from workstation.feeds.parsed import Reject, clip, flaw
from workstation.feeds.times import loose_time

MAX_MESSAGE = 64 * 1024
WILDCARD = "{sensor}"


@dataclass(frozen=True, slots=True)
class TopicMapping:
    """One family of topics: where sensor, value, time and quality stand."""

    name: str
    topic: str
    value: str
    time: str = ""
    quality: str = ""
    qualities: Mapping[str, str] = field(default_factory=dict)

    @property
    def filter(self) -> str:
        """The subscription that brings these topics."""
        return self.topic.replace(WILDCARD, "+")

    def sensor(self, topic: str) -> str | None:
        """The sensor a topic names; None for a topic of another family."""
        wanted, given = self.topic.split("/"), topic.split("/")
        if len(wanted) != len(given):
            return None
        if any(mine not in (WILDCARD, theirs) for mine, theirs in zip(wanted, given, strict=True)):
            return None
        return given[wanted.index(WILDCARD)] or None


def topic_mappings() -> tuple[TopicMapping, ...]:
    """All mappings. Raises ContentError naming the one that cannot be used."""
    path = folder("resources") / "mappings" / "mqtt.yaml"
    found = []
    for number, row in enumerate(read_yaml(path)):
        try:
            mapping = TopicMapping(**row)
        except TypeError as error:
            raise ContentError(path.name, f"mapping {number}", str(error)) from error
        if mapping.topic.split("/").count(WILDCARD) != 1:
            raise ContentError(path.name, mapping.name, f"the topic needs exactly one {WILDCARD}")
        found.append(mapping)
    return tuple(found)


def read_message(
    topic: str, payload: bytes, mappings: tuple[TopicMapping, ...], received: datetime
) -> Observation | Reject:
    """The observation in a message. A message without a time is as old as its arrival."""
    try:
        return _read(topic, payload, mappings, received)
    except FeedError as error:
        return Reject.of("mqtt", clip(topic), error, payload[:MAX_MESSAGE])


def _read(topic: str, payload: bytes, mappings: tuple[TopicMapping, ...], received: datetime) -> Observation:
    named = ((mapping, mapping.sensor(topic)) for mapping in mappings)
    mapping, sensor = next(((one, name) for one, name in named if name), (None, None))
    if mapping is None or sensor is None:
        raise flaw("topic", "feeds.mqtt.no_sensor", topic=topic)
    if len(payload) > MAX_MESSAGE:
        raise flaw("payload", "feeds.mqtt.too_large", limit=MAX_MESSAGE)
    document = read_json(payload)
    value = _at(document, mapping.value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise flaw(mapping.value, "feeds.number", value=value)
    at = loose_time(str(_at(document, mapping.time)), mapping.time, None) if mapping.time else received
    return Observation(sensor, at, float(value), _quality(document, mapping), received)


def _quality(document: Any, mapping: TopicMapping) -> Quality:
    if not mapping.quality:
        return Quality.GOOD
    said = str(_at(document, mapping.quality)).lower()
    return Quality(mapping.qualities.get(said, "suspect"))


def _at(document: Any, pointer: str) -> Any:
    """What stands at a JSON pointer. Raises FeedError where nothing does."""
    found = document
    for part in pointer.split("/")[1:]:
        if isinstance(found, dict) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        else:
            raise flaw(pointer, "feeds.mqtt.pointer", pointer=pointer)
    return found
