"""What speaks for a playbook, in words: its state, the level its rules suggest, and the values they rest on."""

from workstation.domain.records import Run
from workstation.playbooks.indicators import Indicator, indicators
from workstation.views.ages import short_time
from workstation.views.columns import word
from workstation.words import language, t


def suggestion_text(run: Run) -> str:
    """A playbook with the level its rules speak for, and the values they rest on."""
    if run.suggested is None:
        return f"{run.playbook} {t(f'run.state.{run.state}')}"
    known = {name: indicators()[name] for name in run.inputs or {} if name in indicators()}
    told = [f"{one.label} {_value((run.inputs or {})[name])} {_unit(one)}".rstrip() for name, one in known.items()]
    at = short_time(run.judged_at)
    level = t("desk.suggested_because", level=t(f"severity.{run.suggested}"), at=at, inputs=" · ".join(told))
    return f"{run.playbook} {t(f'run.state.{run.state}')} · {level}"


def _unit(one: Indicator) -> str:
    """Units of measurement are the same in both languages; counting words are Chinese only."""
    return one.unit if language() == "zh" or one.unit.isascii() else ""


def _value(value: object) -> str:
    """A number to four figures; a warning's colour letter as a word."""
    if isinstance(value, float):
        return f"{value:.4g}"
    return word("colour", str(value))
