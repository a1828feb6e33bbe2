"""The desk's keys in one table: what each does, and the help that lists them. Every part of the desk has one."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from workstation.words import t

KEYS = {
    "help": "F1",
    "new": "F2",
    "search": "F3",
    "map": "F4",
    "alarms": "F5",
    "queue": "F6",
    "tasks": "F7",
    "acknowledge": "F8",
    "playbook": "F9",
    "export": "F10",
    "full_screen": "F11",
    "log": "F12",
    "level": "Ctrl+L",
    "camera": "Ctrl+Shift+V",
    "language": "Ctrl+Shift+L",
    "unsent": "Ctrl+U",
    "conflicts": "Ctrl+D",
    "audit": "Ctrl+Shift+A",
    "administration": "Ctrl+Shift+M",
    "approvals": "Ctrl+Shift+Q",
    "summary": "Alt+1",
    "checklist": "Alt+2",
    "task_list": "Alt+3",
    "reports": "Alt+4",
    "timeline": "Alt+5",
    "files": "Alt+6",
    "attach": "Ctrl+Shift+F",
    "glass": "Ctrl+Shift+G",
    "lock": "Ctrl+Alt+L",
}


TAB_KEYS = {
    "summary": "summary",
    "checklist": "checklist",
    "task_list": "tasks",
    "reports": "reports",
    "timeline": "timeline",
    "files": "files",
}
"""The page of the incident that each of those keys turns to."""


def bind(window: QWidget, uses: Mapping[str, Callable[[], object]]) -> None:
    """Give the keys of these names their use. Raises KeyError for a name without a key."""
    for name, use in uses.items():
        QShortcut(QKeySequence(KEYS[name]), window, activated=use)  # type: ignore[call-overload]


def key_lines() -> list[tuple[str, str]]:
    """Each key with what it does."""
    return [(keys, t(f"desk.key.{name}")) for name, keys in KEYS.items()]
