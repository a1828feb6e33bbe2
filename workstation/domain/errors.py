"""Whose fault it is, and where.

    KnownError
    ├── Refused      the operator may not, with the rule that says so (a message key and its values)
    ├── FeedError    the world sent something unusable: source, record and field
    └── ContentError a content file (playbook, grid, threshold) is wrong: file, place and reason

Anything else that is raised is our own bug: it reaches the crash dialog and the log.
"""


class KnownError(Exception):
    """An error that can be shown to a person as it is."""


class Refused(KnownError):
    """A command that the rules forbid. `rule` is a message key under `refused.`; `details` fills its places."""

    def __init__(self, rule: str, **details: object) -> None:
        super().__init__(f"{rule} {details}" if details else rule)
        self.rule = rule
        self.details = details


Said = tuple[str, tuple[tuple[str, str], ...]]
"""A message by its key and its values, by name."""
NOTHING_SAID: Said = ("", ())


class FeedError(KnownError):
    """A record from outside that cannot be used. Names source, record and field.

    `said` is what `reason` says in one language, so that it can be said in another: the message's key and its values.
    """

    def __init__(self, source: str, record: str, field: str, reason: str, said: Said = NOTHING_SAID) -> None:
        super().__init__(f"{source}: record {record}: {field}: {reason}")
        self.source = source
        self.record = record
        self.field = field
        self.reason = reason
        self.said = said


class ContentError(KnownError):
    """A content file that cannot be loaded. Names file, place (step, row, key) and reason."""

    def __init__(self, file: str, place: str, reason: str) -> None:
        super().__init__(f"{file}: {place}: {reason}" if place else f"{file}: {reason}")
        self.file = file
        self.place = place
        self.reason = reason
