"""A refusal in words: the rule's message with its values."""

from workstation.domain.errors import KnownError, Refused
from workstation.words import catalogue, t


def refusal_text(error: KnownError) -> str:
    """What to tell a person, in the current language; other known errors say it themselves."""
    if isinstance(error, Refused):
        key = f"refused.{error.rule}" if f"refused.{error.rule}" in catalogue() else error.rule
        return t(key, **error.details) if key in catalogue() else error.rule
    return str(error)
