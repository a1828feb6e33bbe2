"""A call, typed while it is being spoken: place, kind, words, counts; and what it may already be about."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QStringListModel, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from workstation.commands.seat import Command
from workstation.content import folder, read_yaml
from workstation.domain.call import CallNotes
from workstation.domain.records import Incident
from workstation.intake.similar import Likeness
from workstation.situation import Situation
from workstation.views.ages import short_time
from workstation.views.columns import title_of
from workstation.views.labels import Action, Caption
from workstation.views.likeness import KnownLikeness, likeness_columns
from workstation.views.row_table import RowTable
from workstation.views.workplace import Place, Workplace
from workstation.words import pick, t

SUGGESTIONS = 8
PAUSE_MS = 200
COUNTS = ("trapped", "injured", "deaths")
FIELDS = ("place", "type", "text", "level", *COUNTS)


class CallForm(QDialog):
    """`saved` carries the command: a new incident, or a report added to one that is open. Esc only puts it aside."""

    saved = Signal(object)

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._opened = workplace.clock.now()
        self._found: dict[str, Place] = {}
        self._point: tuple[float, float] | None = None
        self._focused: QWidget | None = None
        self.setModal(False)
        self.setMinimumSize(820, 600)
        self.place, self.text = QLineEdit(), QPlainTextEdit()
        self.type, self.level = QComboBox(), QComboBox()
        self.counts = {name: _count_field() for name in COUNTS}
        self.caller, self.phone = QLineEdit(), QLineEdit()
        self.wrong, self.where = Caption("", "bad"), Caption("desk.form.no_place", "muted")
        self.draft, self.clear = Caption("", "warn"), Action("desk.form.clear", look="flat")
        self.similar = RowTable(likeness_columns(), lambda row: row.likeness.incident, "desk.form.similar")
        self.save = Action("desk.form.save", "Ctrl+Enter", "primary")
        self.add = Action("desk.form.add", "Ctrl+J")
        self._suggest_places()
        self._fill_choices()
        self._lay_out()
        self._connect()
        self._retitle()

    def begin(self) -> None:
        """Show the form at its first field, with what was typed before it was put aside, which is said; an empty one
        begins now."""
        is_draft = bool(self.place.text() or self.text.toPlainText()) and not self.isVisible()
        if not (self.place.text() or self.text.toPlainText()):
            self._opened = self._workplace.clock.now()
        self.draft.say("desk.form.draft", time=short_time(self._opened))
        self.draft.setVisible(is_draft)
        self.show()
        self.activateWindow()
        self.place.setFocus()

    def begin_anew(self) -> None:
        """Forget what was typed: this is another call, which begins now."""
        for line in (self.place, self.caller, self.phone):
            line.clear()
        self.text.clear()
        for choice in (self.type, self.level):
            choice.setCurrentIndex(0)
        for field in self.counts.values():
            field.setValue(-1)
        self._point = None
        self._retitle()
        self._look()
        self.begin()

    def end(self) -> None:
        """Put the form away for good: its call is in the journal."""
        self.close()
        self.deleteLater()

    def at_place(self, lat: float, lon: float) -> None:
        """A place chosen on the map; it holds until another is typed that is known by name."""
        self._point = (lat, lon)
        self._found.pop(self.place.text().strip(), None)
        self.place.setPlaceholderText(f"{lat:.5f}, {lon:.5f}")
        self._look()

    def take_down(self, place: str, text: str) -> None:
        """Fill in what a caller said, as if it had been typed."""
        self._typed(place)
        self.place.setText(place)
        self.text.setPlainText(text)
        self._look()

    def notes(self) -> CallNotes:
        """What has been typed so far; what was not is unknown."""
        chosen = self._found.get(self.place.text().strip())
        lat, lon = (chosen.lat, chosen.lon) if chosen else self._point or (None, None)
        counts = {name: None if field.value() < 0 else field.value() for name, field in self.counts.items()}
        return CallNotes(
            at=self._opened,
            place=self.place.text().strip(),
            lat=lat,
            lon=lon,
            street=chosen.street if chosen else "",
            type=str(self.type.currentData() or ""),
            text=self.text.toPlainText().strip(),
            level=self.level.currentData() or None,
            trapped=counts["trapped"],
            injured=counts["injured"],
            deaths=counts["deaths"],
            caller=self.caller.text().strip(),
            phone=self.phone.text().strip(),
        )

    def refuse(self, reason: str) -> None:
        """Say why it was not saved, and leave everything as it was typed."""
        self.wrong.tell(reason)
        self.setEnabled(True)
        if self._focused is not None:
            self._focused.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retitle()
            self._fill_choices()
        super().changeEvent(event)

    def _retitle(self) -> None:
        self.setWindowTitle(t("desk.form.title"))
        self.place.setAccessibleName(t("desk.form.place"))
        self.text.setAccessibleName(t("desk.form.text"))
        self.type.setAccessibleName(t("desk.form.type"))
        self.caller.setAccessibleName(t("desk.form.caller"))
        self.phone.setAccessibleName(t("desk.form.phone"))
        self.level.setAccessibleName(t("desk.form.level"))
        for name, field in self.counts.items():
            field.setAccessibleName(t(f"desk.form.{name}"))
            field.setSpecialValueText(t("unknown"))
        if self._point is None:
            self.place.setPlaceholderText(t("desk.form.place_hint"))

    def _suggest_places(self) -> None:
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(SUGGESTIONS)
        self.place.setCompleter(completer)
        completer.activated.connect(lambda text: self._look())

    def _fill_choices(self) -> None:
        kind, level = self.type.currentData(), self.level.currentData()
        self.type.clear()
        self.type.addItem(t("desk.form.type_unknown"), "")
        for row in read_yaml(folder("resources") / "tables" / "incident_types.yaml")["types"]:
            self.type.addItem(f"{row['code']} {pick(row.get('zh'), row.get('en'))}", row["code"])
        self.level.clear()
        self.level.addItem(t("unknown"), None)
        for one in ("I", "II", "III", "IV"):
            self.level.addItem(t(f"severity.{one}"), one)
        self.type.setCurrentIndex(max(0, self.type.findData(kind)))
        self.level.setCurrentIndex(max(0, self.level.findData(level)))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        self.text.setTabChangesFocus(True)
        self.text.setMaximumHeight(90)
        widgets: dict[str, QWidget] = {"place": self.place, "type": self.type, "text": self.text, "level": self.level}
        for number, (name, widget) in enumerate(widgets.items()):
            caption = Caption(f"desk.form.{name}", "second")
            caption.setBuddy(widget)
            grid.addWidget(caption, 2 * number, 0)
            grid.addWidget(widget, 2 * number, 1)
        grid.addWidget(self.where, 1, 1)
        grid.addLayout(self._people(), 2 * len(widgets), 1)
        column = QVBoxLayout(self)
        column.addWidget(self.draft)
        column.addLayout(grid)
        column.addWidget(Caption("desk.form.similar", "section"))
        column.addWidget(self.similar, 1)
        column.addLayout(self._buttons())

    def _people(self) -> QHBoxLayout:
        """How many were harmed, and who calls."""
        people = QHBoxLayout()
        for name, field in self.counts.items():
            people.addWidget(Caption(f"desk.form.{name}", "second"))
            people.addWidget(field)
        for name, line in (("caller", self.caller), ("phone", self.phone)):
            people.addWidget(Caption(f"desk.form.{name}", "second"))
            people.addWidget(line, 1)
        return people

    def _buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.addWidget(self.wrong, 1)
        for button in (self.clear, self.add, self.save):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        return buttons

    def _connect(self) -> None:
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.place.textEdited.connect(self._typed)
        self.place.returnPressed.connect(self._take_first)
        self.text.textChanged.connect(self._pause.start)
        self.type.currentIndexChanged.connect(lambda index: self._pause.start())
        self.save.clicked.connect(self._save)
        self.add.clicked.connect(self._add)
        self.clear.clicked.connect(self.begin_anew)
        self.similar.used.connect(lambda incident: self._add())
        for keys, use in (("Ctrl+Return", self._save), ("Ctrl+Enter", self._save), ("Ctrl+J", self._add)):
            QShortcut(QKeySequence(keys), self, activated=use)  # type: ignore[call-overload]

    def _typed(self, text: str) -> None:
        """Places for what was typed: Chinese, pinyin, initials or English."""
        found = self._workplace.suggest(text, SUGGESTIONS)
        self._found |= {name: place for place in found for name in (place.name_zh, place.name_en)}
        self._names.setStringList([pick(place.name_zh, place.name_en) for place in found])
        self._pause.start()

    def _take_first(self) -> None:
        """Enter in the place: the likeliest suggestion, unless one stands there already; then the next field."""
        names = self._names.stringList()
        if names and self.place.text().strip() not in self._found:
            self.place.setText(names[0])
        self._look()
        self.type.setFocus()

    def _look(self) -> None:
        """Open incidents this call may be about."""
        notes, situation = self.notes(), self._workplace.situation()
        self._say_where(notes)
        found = [self._known(situation, one, notes) for one in self._workplace.similar(notes)]
        self.similar.show_rows(found)
        if found and not self.similar.hasFocus():  # the likeliest is the chosen one until somebody chooses
            self.similar.choose(found[0].likeness.incident)

    def _known(self, situation: Situation, likeness: Likeness, notes: CallNotes) -> KnownLikeness:
        known = situation.get(Incident, likeness.incident)
        title = likeness.incident if known is None else title_of(known, self._workplace.name_of)
        return KnownLikeness(likeness, title, known, notes)

    def _say_where(self, notes: CallNotes) -> None:
        """Where the call is on the map, or that nobody knows yet."""
        if notes.lat is None or notes.lon is None:
            self.where.say("desk.form.no_place")
            return
        street = f" · {self._workplace.name_of(notes.street)}" if notes.street else ""
        self.where.say("desk.form.located", place=f"{notes.lat:.5f}, {notes.lon:.5f}{street}")

    def _save(self) -> None:
        self._send(lambda notes: self._workplace.open_incident(notes))

    def _add(self) -> None:
        row = self.similar.chosen_row()
        if row is None:
            self.refuse(t("desk.form.nothing_similar"))
        else:
            self._send(lambda notes: self._workplace.add_report(notes, row.likeness.incident))

    def _send(self, command: Callable[[CallNotes], Command]) -> None:
        self.wrong.tell("")
        self._focused = self.focusWidget()
        self.setEnabled(False)
        self.saved.emit(command(self.notes()))


def _count_field() -> QSpinBox:
    """A count that begins as unknown, which is not zero; typed, or turned by the arrow keys or the wheel."""
    field = QSpinBox()
    field.setRange(-1, 99_999)
    field.setValue(-1)
    return field
