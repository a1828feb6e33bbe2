"""The files of one incident: attached, looked at small, saved as a copy, never opened by the desk."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workstation.commands.attachment import remove
from workstation.commands.seat import Command
from workstation.domain.errors import KnownError
from workstation.domain.records import Attachment
from workstation.views.ages import full_time, short_time
from workstation.views.asking import ask_open, ask_save, ask_text
from workstation.views.columns import word
from workstation.views.labels import Action, Caption, Passage
from workstation.views.list_page import ListPage
from workstation.views.row_table import Column, RowTable, Shown
from workstation.views.thumbnails import HEIGHT, WIDTH
from workstation.views.workplace import FileNow, Files
from workstation.words import t
from workstation.words.refusals import refusal_text

COLOURS = {"hub": "text2", "here": "text", "fetching": "focus", "away": "muted"}
_UNITS = ("B", "KB", "MB", "GB")
_ROW = 24


Deliver = Callable[["Future[Any]", Callable[["Future[Any]"], None]], None]
"""Hands the result of a future over on the GUI thread."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file and where it is."""

    file: Attachment
    now: FileNow

    @property
    def id(self) -> str:
        return self.file.id


class FilesPage(QWidget):
    """The list, what the chosen file looks like beside it, and what came of the last thing done above it."""

    def __init__(self, files: Files, give: Callable[[Command], object], deliver: Deliver) -> None:
        super().__init__()
        self._files, self._give, self._deliver = files, give, deliver
        self._incident = ""
        self._pictured = ""
        self.page: ListPage[FileRow] = ListPage(RowTable(_columns(), lambda row: row.id, "desk.tab.files"))
        self.picture, self.facts = QLabel(), Passage("second")
        self.picture.setFixedSize(WIDTH, HEIGHT)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.caption = Caption("files.look", "section")
        self._side = QWidget()
        self._lay_out()
        self.page.add_action(Action("files.do.attach", "Ctrl+Shift+F", "primary"), self.attach)
        self.page.add_action(Action("files.do.save", "Enter"), self.save)
        self.page.add_action(Action("files.do.remove"), self.remove)
        self.page.finish_actions()
        self.page.table.used.connect(lambda identity: self.save())
        self.page.table.chosen.connect(lambda identity: self._look())

    @property
    def table(self) -> RowTable[FileRow]:
        return self.page.table

    def show_files(self, incident: str, files: tuple[Attachment, ...]) -> None:
        if incident != self._incident:
            self.page.about.hide()
        self._incident = incident
        self.page.show_rows([FileRow(one, self._files.now(one)) for one in files], "desk.none.files")
        self._look()

    def tick(self) -> None:
        """Follow the files that are on their way."""
        rows = self.table.rows_model.rows
        if self.isVisible() and any(row.now.state != "hub" for row in rows):
            self.table.show_rows([FileRow(row.file, self._files.now(row.file)) for row in rows])
            self._look()

    def attach(self) -> None:
        """Ask for a file and attach it to the incident shown."""
        if self._incident and (path := ask_open(self, "files.ask.attach")):
            self.page.say_about("files.taking", name=Path(path).name)
            self._deliver(self._files.attach(Path(path), self._incident), self._attached)

    def save(self) -> None:
        """Save a copy of the chosen file where the operator says; one that is not here is sent for."""
        row = self.table.chosen_row()
        if row is None:
            return
        if row.now.arrived < 1.0:
            self._files.fetch(row.file)
            self.page.say_about("files.sent_for", name=row.file.name or "")
        elif path := ask_save(self, "files.ask.save", row.file.name or ""):
            self._deliver(self._files.save_copy(row.file, Path(path)), self._saved)

    def remove(self) -> None:
        """Remove the chosen file from every shelf, with a reason."""
        row = self.table.chosen_row()
        if row is not None and (said := ask_text(self, "desk.ask.reason")):
            self._give(remove(row.file.id, said))

    def _attached(self, future: "Future[Any]") -> None:
        self._tell(future, "files.attached")

    def _saved(self, future: "Future[Any]") -> None:
        self._tell(future, "files.saved")

    def _tell(self, future: "Future[Any]", key: str) -> None:
        error = future.exception()
        if error is None:
            self.page.about.say(key, name=future.result())
        elif isinstance(error, KnownError | OSError | ValueError):
            self.page.about.say("files.failed", reason=_reason(error))
        else:
            raise error
        self.page.about.show()

    def _look(self) -> None:
        """Show the chosen file beside the list; its picture is made once it is here."""
        row = self.table.chosen_row()
        self._side.setVisible(row is not None)
        if row is None:
            self._pictured = ""
            return
        self.facts.tell(_facts(row.file))
        wanted = f"{row.id} {row.now.arrived == 1.0}"
        if wanted != self._pictured:
            self._pictured = wanted
            self.picture.clear()
            self._deliver(self._files.thumbnail(row.file), lambda future: self._show(wanted, future))

    def _show(self, wanted: str, future: "Future[Any]") -> None:
        image = None if future.exception() else future.result()
        if wanted == self._pictured and isinstance(image, QImage):
            self.picture.setPixmap(QPixmap.fromImage(image))
        elif wanted == self._pictured:
            self.picture.setText(t("files.no_picture"))

    def _lay_out(self) -> None:
        side = QVBoxLayout(self._side)
        side.setContentsMargins(10, 8, 10, 8)
        for part in (self.caption, self.picture, self.facts):
            side.addWidget(part)
        side.addStretch()
        self._side.setFixedWidth(WIDTH + 20)
        self._side.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.page, 1)
        row.addWidget(self._side)


def size_text(size: int | None) -> str:
    """A size as people say it: 3.1 MB."""
    if size is None:
        return t("unknown")
    value, unit = float(size), 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{value:.0f} {_UNITS[unit]}" if unit == 0 or value >= 100 else f"{value:.1f} {_UNITS[unit]}"


def _columns() -> list[Column[FileRow]]:
    return [
        Column("files.col.name", lambda row: Shown(row.file.name or t("unknown"))),
        Column("files.col.kind", lambda row: Shown(kind_text(row.file.media_type), "text2"), 76, 520),
        Column("files.col.size", lambda row: Shown(size_text(row.file.size), "text2"), 76),
        Column("files.col.state", lambda row: _state(row.now), 150),
        Column("files.col.at", lambda row: Shown(short_time(row.file.added_at), "text2"), 64, 600),
    ]


def kind_text(media_type: str | None) -> str:
    """What sort of file it is, as its bytes say."""
    known = (media_type or "").partition("/")[0]
    return t(f"files.kind.{known}") if known in ("image", "video", "audio", "text") else t("files.kind.application")


def _state(now: FileNow) -> Shown:
    text = (
        t("files.state.fetching", percent=int(now.arrived * 100))
        if now.state == "fetching"
        else t(f"files.state.{now.state}")
    )
    return Shown(text, COLOURS[now.state], bar=now.arrived if now.state == "fetching" else None)


def _facts(file: Attachment) -> str:
    return "\n".join(
        [
            file.name or t("unknown"),
            f"{file.media_type or t('unknown')} · {size_text(file.size)}",
            t("files.added", at=full_time(file.added_at), by=file.added_by or t("unknown")),
            _in_rows(f"SHA-256 {file.digest or t('unknown')}"),
        ]
    )


def _in_rows(text: str) -> str:
    """A digest broken into rows, since it has no place where a line may end."""
    return "\n".join(text[at : at + _ROW] for at in range(0, len(text), _ROW))


def _reason(error: BaseException) -> str:
    if isinstance(error, KnownError):
        trouble = getattr(error, "reason", None)
        return word("files.trouble", trouble) if isinstance(trouble, str) else refusal_text(error)
    return getattr(error, "strerror", None) or t("files.trouble.sealed")
