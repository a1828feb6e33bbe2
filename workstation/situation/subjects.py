"""What the lines of a timeline speak of, by name in both languages: the step, the task, the instrument, the file."""

from collections.abc import Iterable, Mapping, Sequence, Set

from workstation.domain.records import KINDS, Step
from workstation.situation.situation import Situation
from workstation.situation.timeline import TimelineLine

Name = tuple[str, str]
"""In Chinese and in English; what has one name bears it twice."""
_TITLED = {
    "step": ("title_zh", "title_en"),
    "task": ("title", "title"),
    "sensor": ("name_zh", "name_en"),
    "unit": ("name_zh", "name_en"),
    "run": ("playbook", "playbook"),
    "attachment": ("name", "name"),
    "document": ("name", "name"),
}
_LED = {"alarm": ("sensor", "sensor"), "assignment": ("unit", "unit"), "task": ("step", "step")}
"""By field, another record (of that kind) by whose name one is called: an alarm by its instrument's."""
_SPOKEN_OF = ("step", "task", "alarm", "assignment", "run", "attachment", "document")
"""A line about an incident needs no name for the incident, nor for reports, whose words are its reason."""


def subjects_of(situation: Situation, lines: Iterable[TimelineLine]) -> dict[str, Name]:
    """By a line's reference what it speaks of; of several of a kind the first, and how many more."""
    spoken = {line.ref: keys for line in lines if (keys := _keys(line))}
    names = {kind: _names(situation, kind, _of_kind(kind, spoken)) for kind in _SPOKEN_OF}
    told = {ref: [names[kind][one] for kind, one in keys if one in names[kind]] for ref, keys in spoken.items()}
    return {ref: _with_others(found) for ref, found in told.items() if found}


def _keys(line: TimelineLine) -> list[tuple[str, str]]:
    """The records a line speaks of, each once, as far as they are of one kind with the first."""
    keys = list(dict.fromkeys((one.kind, one.id) for one in line.changes if one.kind in _SPOKEN_OF))
    return [key for key in keys if key[0] == keys[0][0]]


def _of_kind(kind: str, spoken: Mapping[str, Sequence[tuple[str, str]]]) -> set[str]:
    return {record_id for keys in spoken.values() for one, record_id in keys if one == kind}


def _names(situation: Situation, kind: str, ids: Set[str]) -> dict[str, Name]:
    """The names of records of a kind, as far as they have any."""
    records = situation.these(KINDS[kind], ids) if ids else {}
    names = {}
    if kind in _TITLED:
        zh, en = _TITLED[kind]
        names = {one.id: _name(getattr(one, zh), getattr(one, en), _code(one)) for one in records.values()}
    if kind in _LED:
        field, other = _LED[kind]
        led = {one.id: str(getattr(one, field)) for one in records.values() if getattr(one, field)}
        theirs = _names(situation, other, {*led.values()})
        names |= {record_id: theirs[name] for record_id, name in led.items() if name in theirs}
    return {record_id: name for record_id, name in names.items() if name[0]}


def _name(zh: str | None, en: str | None, code: str) -> Name:
    told = zh or en, en or zh
    return (f"{code}{told[0]}", f"{code}{told[1]}") if told[0] else ("", "")


def _code(record: object) -> str:
    """What a checklist calls a step beside its title."""
    return f"{record.step} " if isinstance(record, Step) and record.step else ""


def _with_others(names: Sequence[Name]) -> Name:
    (zh, en), more = names[0], f" +{len(names) - 1}" if len(names) > 1 else ""
    return f"{zh}{more}", f"{en}{more}"
