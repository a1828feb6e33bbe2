"""Who is at this desk, watched: it locks when nobody touches it, ends with the day, and forgets what was copied.

While it is locked nothing of the desk is shown, no key of it works and no other window of it stays open; red alarms are
told by number and level. Without accounts (`duty` None) there is nobody to lock out, and only the clipboard is emptied.
"""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from workstation.security.session import Rights
from workstation.views.lock_screen import LockScreen
from workstation.views.snapshot import Snapshot
from workstation.views.workplace import Duty

CLIPBOARD_MS = 30_000
_TYPE = QEvent.Type
TOUCHES = frozenset({_TYPE.KeyPress, _TYPE.MouseButtonPress, _TYPE.MouseMove, _TYPE.Wheel, _TYPE.TouchBegin})


class Guard(QObject):
    """`ended`: the log-in is over, or somebody else wants to sign in; the desk is to be closed. `covered`: it locks."""

    ended = Signal()
    covered = Signal()

    def __init__(self, window: QMainWindow, duty: Duty | None) -> None:
        super().__init__(window)
        self._window, self.duty = window, duty
        self.is_over, self._is_closed = False, False
        self._focused: QWidget | None = None
        self.screen = LockScreen(duty.unlock, window) if duty is not None else None
        self._forget = QTimer(self, singleShot=True, interval=CLIPBOARD_MS)
        self._forget.timeout.connect(lambda: QGuiApplication.clipboard().clear())
        QGuiApplication.clipboard().dataChanged.connect(self._copied)
        if self.screen is not None:
            self.screen.hide()
            self.screen.opened.connect(self._uncover)
            self.screen.left.connect(self._end)
            _application().installEventFilter(self)

    @property
    def is_locked(self) -> bool:
        return self.screen is not None and self.screen.isVisibleTo(self._window)

    def lock(self) -> bool:
        """Lock the desk by hand; whether there is anybody who could unlock it."""
        if self.duty is None:
            return False
        self.duty.lock()
        self.tick()
        return True

    def tick(self) -> None:
        """Let time pass."""
        if self.duty is None or self.is_over:
            return
        rights = self.duty.rights()
        if rights is Rights.ENDED:
            self._end()
        elif rights is Rights.LOCKED and not self.is_locked:
            self._cover()
        if self.is_locked and self.screen is not None:
            self.screen.setGeometry(self._window.rect())

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if self.screen is not None:
            self.screen.show_alarms(snapshot)

    def close(self) -> None:
        """Watch no more. What was copied may be somebody's name: it goes with who copied it."""
        if self._is_closed:
            return
        self._is_closed = True
        self._empty_clipboard()
        QGuiApplication.clipboard().dataChanged.disconnect(self._copied)
        if self.screen is not None:
            _application().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in TOUCHES and self.duty is not None and not self.is_locked:
            self.duty.touch()
        return False

    def _cover(self) -> None:
        self._empty_clipboard()
        self.covered.emit()
        for one in QApplication.topLevelWidgets():
            if one is not self._window and one.isVisible():
                one.close()
        self._focused = self._window.focusWidget()
        self._show_desk(False)
        if self.screen is not None and self.duty is not None:
            self.screen.setGeometry(self._window.rect())
            self.screen.begin(self.duty.account)

    def _uncover(self) -> None:
        if self.screen is not None:
            self.screen.hide()
        self._show_desk(True)
        if self._focused is not None and self._focused.isVisible():
            self._focused.setFocus()

    def _show_desk(self, is_shown: bool) -> None:
        for part in (self._window.centralWidget(), self._window.statusBar()):
            if part is not None:
                part.setVisible(is_shown)
        for shortcut in self._window.findChildren(QShortcut):
            shortcut.setEnabled(is_shown)

    def _end(self) -> None:
        if not self.is_over:
            self.is_over = True
            self.ended.emit()

    def _copied(self) -> None:
        """What comes while one of our windows is active was copied here; what comes otherwise is another program's."""
        if QApplication.activeWindow() is not None and QGuiApplication.clipboard().text():
            self._forget.start()
        else:
            self._forget.stop()

    def _empty_clipboard(self) -> None:
        if self._forget.isActive():
            self._forget.stop()
            QGuiApplication.clipboard().clear()


def _application() -> QCoreApplication:
    running = QApplication.instance()
    if running is None:
        raise RuntimeError("a desk needs an application")
    return running
