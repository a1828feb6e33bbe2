"""A desk put on top of a running station: the application, its window, and what to do when something of ours fails."""

import logging
import os
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QSize, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from workstation.app.assembly import City, ground
from workstation.app.seat import Line, Person, StationSeat
from workstation.domain.errors import Refused
from workstation.station import Station, keyholder
from workstation.views.asking import ask_secret
from workstation.views.theme import dress, undressed
from workstation.views.window import MainWindow
from workstation.words import t, use

log = logging.getLogger(__name__)
SIZE = QSize(1600, 900)
"""Of a window that does not fill the screen, where there is room for it."""


class Desk:
    """One person's window on a station. Close it before the station is stopped."""

    def __init__(self, station: Station, town: City, person: Person, link: Line | None = None) -> None:
        self.seat = StationSeat(station, town, person, link)
        below = ground(town.folder.name)
        with undressed():
            self.window = MainWindow(self.seat, below)

    def show(self, maximised: bool) -> None:
        self.window.resize(SIZE.boundedTo(self.window.screen().availableSize()))
        if maximised:
            self.window.showMaximized()
        else:
            self.window.show()

    def close(self) -> None:
        self.window.close()
        self.seat.close()


def application(language: str) -> QApplication:
    """The process's one application, dressed; an error of ours goes to the log whole and does not end the desk."""
    use(language)
    running = QApplication.instance()
    made = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    made.setApplicationName("workstation")
    dress(made)
    sys.excepthook = _note
    qInstallMessageHandler(_note_qt)
    return made


def open_keys(folder: Path) -> None:
    """Have the keys of a space opened by whoever starts its desk, asked in a window and again after a wrong passphrase.

    Refused `keyholder.locked` where nobody gives one.
    """
    said = ["keyholder.ask"]
    keyholder.ask_by(lambda space: ask_secret("keyholder.title", t(said[-1], folder=space.name)))
    while keyholder.where(folder) != keyholder.FILES:
        try:
            keyholder.fetch(folder, keyholder.KEYS[0])
        except Refused as refused:
            if refused.rule != "keyholder.wrong" or os.environ.get(keyholder.PHRASE_FILE):
                raise
            said.append("keyholder.again")
        else:
            return


def _note_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Qt's own remarks; what a platform without a window manager cannot do is no news."""
    grave = kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
    log.log(logging.WARNING if grave else logging.DEBUG, "Qt: %s", text)


def _note(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.error("%s", "".join(traceback.format_exception(kind, error, trace)))
