"""Every message the program says is in the catalogue, in both languages, and the catalogue holds no other."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from string import Formatter

import pytest

from tests.words import spoken
from tests.words.spoken import Spoken
from workstation.commands.incident import FINISHED, NEXT
from workstation.content import folder, read_yaml
from workstation.domain.levels import Severity
from workstation.domain.observation import Quality
from workstation.security.authority import Outcome, read_matrix
from workstation.security.permission import matrix
from workstation.security.remit import FILE as REMITS
from workstation.words import catalogue, reworded, tell, use

FIELD_WORDS = {
    "incident.state": {*NEXT, *FINISHED, *(state for states in NEXT.values() for state in states)},
    "act.incident.state": {state for states in NEXT.values() for state in states},
    "task.state": {"sent", "delivered", "acknowledged", "under_way", "on_scene", "done", "returned", "cancelled"},
    "act.task": {"under_way", "on_scene"},
    "step.state": {"waiting", "active", "first_confirmed", "done", "skipped", "not_applicable", "unknown"},
    "alarm.state": {"raised", "acknowledged", "returned", "cleared"},
    "run.state": {"suggested", "running", "stopped"},
    "unit.state": {"available", "reserved", "dispatched", "on_scene", "returning", "resting", "out_of_service"},
    "conflict.state": {"open", "guard", "rule", "awaiting", "decided"},
    "account.state": {"active", "suspended", "locked"},
    "permission": set(matrix().permissions),
    "purpose": set(matrix().purposes),
    "access": {
        *("unmask", "copy", "export", "sign_out"),
        *(f"{attempt}{end}" for attempt in ("sign_in", "unlock") for end in ("", "_refused", "_locked")),
    },
    "outcome": {one.value for one in Outcome} - {"refused"},
    "overrun": {"none", "yellow", "red", "escalated"},
    "severity": {one.value for one in Severity},
    "quality": {one.value for one in Quality},
}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def fits(pattern: str, key: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\{\}", r"[\w.]+"), key) is not None


def is_known(text: str) -> bool:
    """A key, or a pattern that at least one key fits."""
    return text in catalogue() or ("{}" in text and any(fits(text, key) for key in catalogue()))


def unknown(said: Iterable[Spoken], prefix: str = "") -> list[str]:
    wholly_open = re.compile(r"[{}.]+")
    return sorted(
        f"{one.where}: {prefix}{one.text}"
        for one in said
        if not wholly_open.fullmatch(prefix + one.text) and not is_known(prefix + one.text)
    )


def test_every_message_that_is_said_is_in_the_catalogue() -> None:
    assert not (missing := unknown(spoken.messages())), "\n".join(missing)


def test_every_text_that_looks_like_a_message_is_one() -> None:
    """In the table of remits it is a field, as that table is read."""
    topics = {key.partition(".")[0] for key in catalogue()}
    texts = [one for one in spoken.dotted_texts() if one.text.partition(".")[0] in topics and one.where != REMITS]
    starts = {key[: key.index(".", at)] for key in catalogue() for at in range(len(key)) if "." in key[at:]}
    missing = unknown(one for one in texts if one.text not in starts and not _is_act_or_refusal(one.text))
    assert not missing, "\n".join(missing)


def _is_act_or_refusal(text: str) -> bool:
    return any(is_known(f"{prefix}.{text}") for prefix in ("act", "refused"))


def test_every_word_for_a_code_has_a_catalogue_of_codes() -> None:
    missing = unknown(Spoken(f"{one.text}.{{}}", one.where) for one in spoken.prefixes())
    assert not missing, "\n".join(missing)


def test_every_refusal_says_why() -> None:
    assert not (missing := unknown(spoken.refusals(), "refused.")), "\n".join(missing)


def test_every_act_has_its_line_in_the_log() -> None:
    found = list(spoken.acts())
    assert {"incident.open", "alarm.ease", "task.phone", "step.overrun"} <= {one.text for one in found}
    assert not (missing := unknown(found, "act.")), "\n".join(missing)


def test_every_act_asks_for_a_permission_of_the_matrix() -> None:
    """An act that nobody mapped in `resources/authority.yaml` is refused to everybody."""
    said = {key.removeprefix("act.") for key in catalogue() if key.startswith("act.")}
    whole = {one.text for one in spoken.acts() if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", one.text)}
    assert said | whole == read_matrix(read_yaml(folder("resources") / "authority.yaml")).acts.keys()


@pytest.mark.parametrize("prefix", FIELD_WORDS)
def test_every_state_of_the_field_has_a_word(prefix: str) -> None:
    assert [value for value in sorted(FIELD_WORDS[prefix]) if f"{prefix}.{value}" not in catalogue()] == []


def test_the_catalogue_holds_no_message_that_nobody_says() -> None:
    ladders = {f"{prefix}.{value}" for prefix, values in FIELD_WORDS.items() for value in values}
    unsaid = [key for key in catalogue() if key not in ladders and not _is_said(key)]
    assert not unsaid, "\n".join(unsaid)


def _is_said(key: str) -> bool:
    """Named as a whole, or by a pattern whose open part is a word that code or content know."""
    topic, _, rest = key.partition(".")
    if topic == "act":
        return any(fits(one, rest) for one in _texts(spoken.acts))
    if topic == "refused":
        return rest in _texts(spoken.refusals)
    start, _, last = key.rpartition(".")
    whole = _texts(spoken.messages) | _texts(spoken.dotted_texts)
    starts = whole | _texts(spoken.prefixes) | {text.removesuffix(".{}") for text in whole}
    return key in whole or (start in starts and (last in spoken.vocabulary() or last.isdigit()))


@cache
def _texts(find: Callable[[], Iterator[Spoken]]) -> frozenset[str]:
    return frozenset(one.text for one in find())


def test_both_languages_leave_the_same_places() -> None:
    assert not [key for key, texts in catalogue().items() if places(texts["zh"]) != places(texts["en"])]


def test_every_message_is_given_what_it_leaves_open() -> None:
    given = [
        *((one, one.text) for one in spoken.messages()),
        *((one, f"refused.{one.text}") for one in spoken.refusals()),
    ]
    short = [
        f"{one.where}: {key} lacks {sorted(lacking)}"
        for one, key in given
        if one.places is not None and key in catalogue()
        if (lacking := places(catalogue()[key]["zh"]) - one.places)
    ]
    assert not short, "\n".join(short)


def test_no_message_is_empty() -> None:
    assert not [key for key, texts in catalogue().items() if not all(text.strip() for text in texts.values())]


def test_what_was_written_in_one_language_is_read_in_the_other() -> None:
    kept = tell("zh", "reason.merged", score="0.84")
    use("en")
    assert reworded(kept) == "Merged automatically, likeness 0.84"
    use("zh")
    assert reworded("Merged automatically, likeness 0.84") == kept
    assert reworded("现场已处置") == "现场已处置"
    said = {"by": "wang", "why": "水位上涨 · 每分钟五厘米", "words": "同意: 通知水务"}
    for key in ("reason.proposed", "reason.approved"):
        values = {name: value for name, value in said.items() if name != "words" or key == "reason.approved"}
        assert reworded(tell("zh", key, **values), "en") == tell("en", key, **values)
