"""The message catalogue, zh and en, without Qt.

Each topic is a YAML file in `resources/words/` of `key: {zh: ..., en: ...}`. Chinese is the default; a key is a dotted
name and a message's places are named: `t("incident.tasks", count=3)`. An unknown key is our bug and raises KeyError.
"""

import re
from collections.abc import Mapping
from functools import cache

from workstation.content import folder, read_yaml
from workstation.domain.errors import ContentError

LANGUAGES = ("zh", "en")
_current = "zh"


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All messages by key. Raises ContentError for a key defined twice or without one of the languages."""
    messages: dict[str, dict[str, str]] = {}
    for path in sorted((folder("resources") / "words").glob("*.yaml")):
        for key, texts in (read_yaml(path) or {}).items():
            if key in messages:
                raise ContentError(path.name, key, "defined twice")
            if not isinstance(texts, dict) or set(texts) != set(LANGUAGES):
                raise ContentError(path.name, key, "needs exactly zh and en")
            messages[key] = {language: str(text) for language, text in texts.items()}
    return messages


def use(language: str) -> None:
    """Switch the language of every text asked for from now on."""
    global _current
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language}")
    _current = language


def language() -> str:
    return _current


def t(key: str, /, **values: object) -> str:
    """The message in the current language with its places filled."""
    return tell(_current, key, **values)


def tell(language: str, key: str, /, **values: object) -> str:
    """The message in a given language, for what is written in both."""
    text = catalogue()[key][language]
    return text.format(**values) if values else text


def say_again(key: str, values: Mapping[str, object]) -> str:
    """A message that was kept by its key and values, of which some may be keys themselves; empty for no known key."""
    known = catalogue()
    if key not in known:
        return ""
    try:
        return t(key, **{name: t(str(value)) if str(value) in known else value for name, value in values.items()})
    except (KeyError, ValueError, IndexError):
        return ""


def reworded(reason: str, language: str = "") -> str:
    """A reason in a language, the current one if none is named, where a message gave it (`reason.…`): it was written in
    the language its station spoke then. Any other text as it stands."""
    for key, shape in _reasons():
        if found := shape.fullmatch(reason):
            return tell(language or _current, key, **found.groupdict())
    return reason


@cache
def _reasons() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What each reason that a message gives looks like in each language; what says more comes first."""
    texts = [(key, text) for key, one in catalogue().items() if key.startswith("reason.") for text in one.values()]
    texts.sort(key=lambda one: -one[1].count("{"))
    return tuple((key, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(text)))) for key, text in texts)


def pick(zh: str | None, en: str | None) -> str:
    """Of a name kept in both languages, the one to show now; the other where it is missing."""
    first, second = (zh, en) if _current == "zh" else (en, zh)
    return first or second or ""
