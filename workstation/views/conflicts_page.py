"""The conflict inbox: what stations said apart, from which value they set out, and the decision of a named person.

Enter leads on: from the list to the values, from a chosen value to the reason, from the reason to the decision.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from workstation.commands.conflict import decide
from workstation.commands.seat import Command
from workstation.domain.draft import Value
from workstation.domain.encoding import column_types
from workstation.intake.values import codes_of
from workstation.situation import Base, Breach, Claim, Conflict
from workstation.views import inbox_columns
from workstation.views.asking import ask_choice, ask_text
from workstation.views.inbox import FILTERS, Matter, read_base, read_inbox
from workstation.views.labels import Action, Caption, Passage
from workstation.views.matter_place import place_of
from workstation.views.matter_text import MatterText
from workstation.views.reader import Reader
from workstation.views.row_table import RowTable
from workstation.views.ways_out import Way, ways_out
from workstation.views.workplace import Workplace
from workstation.words import t

OTHER_KEY, MAP_KEY = "Ctrl+E", "Ctrl+M"
LONGEST = 20


class ConflictsPage(QWidget):
    """`place_wanted` carries latitude and longitude of what is to be seen on the map."""

    place_wanted = Signal(float, float)

    def __init__(self, workplace: Workplace, give: Callable[[Command], object], reader: Reader) -> None:
        super().__init__()
        self._workplace, self._give, self._reader = workplace, give, reader
        self._text = MatterText(workplace.name_of)
        self._matters: Sequence[Matter] = ()
        self._base: Base | None = None
        self._shown_key, self._begins = "", False
        self.about, self.empty = Caption("", "second"), Caption("", "muted")
        self.filter = QComboBox()
        self.matters: RowTable[Matter] = RowTable(
            inbox_columns.matter_columns(workplace.clock.now, workplace.name_of),
            inbox_columns.matter_key,
            "desk.tab.conflicts",
        )
        self.claims: RowTable[Claim] = RowTable(
            inbox_columns.claim_columns(workplace.name_of, self._place), inbox_columns.claim_key, "desk.col.said"
        )
        self.head, self.why, self.base, self.said = (Passage(look) for look in ("section", "second", "", "second"))
        self.reason_label, self.reason = Caption("", "second"), QLineEdit()
        self.decide_it = Action("inbox.decide", "Enter", "primary")
        self.other = Action("inbox.other", OTHER_KEY)
        self.on_map = Action("inbox.on_map", MAP_KEY)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show_matter()

    def ask(self) -> None:
        """Have the inbox read again."""
        self._reader.follow("inbox", read_inbox, self.show_matters)

    def show_matters(self, matters: Sequence[Matter]) -> None:
        self._matters = matters
        waiting = sum(one.is_in("waiting") for one in matters)
        self.about.say("inbox.about", count=waiting)
        self._filtered()
        if self._begins and self.matters.chosen_row() is None:
            self.matters.selectRow(0)
        self._begins = self._begins and not matters

    def begin(self) -> None:
        """Come here by key: the first matter that waits is chosen, be it only read yet."""
        self._begins = not self._matters
        if self.matters.chosen_row() is None:
            self.matters.selectRow(0)
        self.matters.setFocus()

    def show_all(self) -> None:
        """Let no filter hide anything, and choose the first."""
        self._begins = not self._matters
        self.filter.setCurrentIndex(FILTERS.index("all"))
        self.matters.selectRow(0)

    def retranslate(self) -> None:
        chosen = max(0, self.filter.currentIndex())
        blocked = self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.addItems([t(f"inbox.filter.{name}") for name in FILTERS])
        self.filter.setCurrentIndex(chosen)
        self.filter.blockSignals(blocked)
        self.filter.setAccessibleName(t("inbox.filter"))
        self.reason.setAccessibleName(t("desk.col.reason"))
        self._tell()

    def decide(self) -> None:
        """Decide by the chosen value, with the reason given; where one is missing, ask for it by the cursor."""
        matter, claim = self.matters.chosen_row(), self.claims.chosen_row()
        if matter is None or not isinstance(matter.about, Conflict) or matter.state == "decided":
            self.decide_other()
        elif claim is None:
            self.claims.setFocus()
        elif matter.about.guarded and not self.reason.text().strip():
            self.reason.setFocus()
        else:
            self._decide_by(matter.about, claim.value)

    def decide_other(self) -> None:
        """Another value than those that were said; for a breach, one of the ways out."""
        matter = self.matters.chosen_row()
        if matter is None or matter.state == "decided":
            return
        if isinstance(matter.about, Breach):
            self._settle(ways_out(matter, self._workplace.name_of))
        elif isinstance(matter.about, Conflict):
            value = self._ask_value(matter.about)
            if value is not None and (self.reason.text().strip() or not matter.about.guarded or self._ask_reason()):
                self._decide_by(matter.about, value)

    def show_on_map(self) -> None:
        """Centre the map on the record; where its place is disputed, on the chosen value."""
        matter, claim = self.matters.chosen_row(), self.claims.chosen_row()
        if matter is not None and (where := place_of(matter, claim, self._matters)) is not None:
            self.place_wanted.emit(*where)

    def _lay_out(self) -> None:
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(self._upper())
        both.addWidget(self._lower())
        both.setSizes([360, 420])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(both)

    def _upper(self) -> QWidget:
        """What is in the inbox."""
        top = QHBoxLayout()
        top.setContentsMargins(10, 8, 8, 2)
        self.about.setWordWrap(True)
        top.addWidget(self.about, 1)
        top.addWidget(self.filter)
        self.empty.setContentsMargins(10, 2, 10, 10)
        upper = QWidget()
        column = _column(upper)
        column.addLayout(top)
        column.addWidget(self.empty)
        column.addWidget(self.matters, 1)
        return upper

    def _lower(self) -> QWidget:
        """What is known of the chosen one, and the decision."""
        lower = QWidget()
        column = _column(lower)
        for label in (self.head, self.why, self.base):
            label.setContentsMargins(10, 2, 10, 0)
            column.addWidget(label)
        column.addWidget(self.claims, 1)
        self.said.setContentsMargins(10, 2, 10, 0)
        column.addWidget(self.said)
        column.addStretch()
        asked, buttons = QHBoxLayout(), QHBoxLayout()
        asked.setContentsMargins(10, 4, 8, 0)
        asked.addWidget(self.reason_label)
        asked.addWidget(self.reason, 1)
        buttons.setContentsMargins(8, 4, 8, 8)
        for action in (self.decide_it, self.other, self.on_map):
            buttons.addWidget(action)
        buttons.addStretch()
        column.addLayout(asked)
        column.addLayout(buttons)
        return lower

    def _connect(self) -> None:
        self.filter.currentIndexChanged.connect(lambda number: self._filtered())
        self.matters.chosen.connect(lambda key: self._show_matter())
        self.matters.used.connect(lambda key: self._go_in())
        self.claims.chosen.connect(lambda ref: self._tell())
        self.claims.used.connect(lambda ref: self.decide())
        self.reason.returnPressed.connect(self.decide)
        self.decide_it.clicked.connect(self.decide)
        self.other.clicked.connect(self.decide_other)
        self.on_map.clicked.connect(self.show_on_map)
        for keys, use in ((OTHER_KEY, self.decide_other), (MAP_KEY, self.show_on_map)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(use)

    def _filtered(self) -> None:
        name = FILTERS[max(0, self.filter.currentIndex())]
        rows = [one for one in self._matters if one.is_in(name)]
        self.matters.show_rows(rows)
        settled = sum(one.is_in("rule") for one in self._matters)
        none = "inbox.none_waiting" if name == "waiting" else "inbox.none_such"
        self.empty.say(none if self._matters else "inbox.none", count=settled)
        self.empty.setVisible(not rows)
        if rows and self._shown_key and self.matters.chosen_row() is None:  # the chosen one was decided: to the next
            self.matters.selectRow(0)
        self._show_matter()

    def _go_in(self) -> None:
        if self.claims.rows_model.rows:
            if self.claims.chosen_row() is None:
                self.claims.selectRow(0)
            self.claims.setFocus()
        else:
            self.decide_other()

    def _show_matter(self) -> None:
        """Show what is known of the chosen matter, and have its base read."""
        matter = self.matters.chosen_row()
        key = matter.key if matter is not None else ""
        if key != self._shown_key:
            self._base, self._shown_key = None, key
            self.reason.clear()
        self.claims.show_rows(matter.claims if matter is not None else ())
        self._tell()
        if matter is not None and isinstance(matter.about, Conflict):
            self._reader.ask("base", lambda situation: (key, read_base(situation, matter)), self._show_base)

    def _show_base(self, answer: tuple[str, Base | None]) -> None:
        key, base = answer
        if key == self._shown_key:
            self._base = base
            self._tell()

    def _tell(self) -> None:
        matter = self.matters.chosen_row()
        conflict = matter.about if matter is not None and isinstance(matter.about, Conflict) else None
        is_open = matter is not None and matter.state in ("open", "rule", "guard")
        for widget in (self.reason_label, self.reason, self.decide_it):
            widget.setVisible(is_open)
        self.other.setVisible(conflict is not None and is_open)
        self.on_map.setVisible(matter is not None)
        self.claims.setVisible(conflict is not None)
        self.base.setVisible(conflict is not None)
        self.head.tell(
            self._text.head(matter) if matter is not None else t("inbox.choose") if self.matters.rows_model.rows else ""
        )
        self.why.tell(self._text.why(matter) if matter is not None else "")
        self.base.tell(self._text.base(conflict, self._base) if conflict is not None and self._base is not None else "")
        guarded = conflict is None or conflict.guarded
        self.reason_label.say("desk.ask.reason" if guarded else "inbox.reason_free")
        claim = self.claims.chosen_row()
        self.said.setVisible(conflict is not None and claim is not None)
        if conflict is None or not is_open or claim is None:
            self.decide_it.say("inbox.decide" if conflict is not None else "inbox.way_out")
        else:
            self.decide_it.say("inbox.decide_for", value=self._text.value(conflict, claim.value)[:LONGEST])
        if conflict is not None and claim is not None:
            self.said.tell(self._text.said(conflict, claim))

    def _place(self) -> tuple[str, str]:
        matter = self.matters.chosen_row()
        if matter is None or not isinstance(matter.about, Conflict):
            return "", ""
        return matter.about.kind, matter.about.field

    def _decide_by(self, conflict: Conflict, value: Value) -> None:
        self.matters.setFocus()
        self._give(decide(conflict.kind, conflict.id, conflict.field, value, self.reason.text()))

    def _ask_value(self, conflict: Conflict) -> Value:
        """Another value, of the field's own kind; None where none was given."""
        about = self.head.text()
        if codes := codes_of(conflict.kind, conflict.field):
            words = {self._text.value(conflict, code): code for code in codes}
            return words.get(ask_choice(self, "desk.ask.other", list(words), about))
        said = ask_text(self, "desk.ask.other", about)
        shape = column_types(conflict.kind)[conflict.field]
        try:
            return {"int": int, "float": float}.get(shape, str)(said) if said else None
        except ValueError:
            return said

    def _ask_reason(self) -> bool:
        self.reason.setText(ask_text(self, "desk.ask.reason", self.head.text()))
        return bool(self.reason.text().strip())

    def _settle(self, ways: Sequence[Way]) -> None:
        chosen = ask_choice(self, "inbox.way_out", [way.words for way in ways], self.head.text())
        way = next((one for one in ways if one.words == chosen), None)
        if way is not None and (self.reason.text().strip() or self._ask_reason()):
            self.matters.setFocus()
            self._give(way.command(self.reason.text()))


def _column(of: QWidget) -> QVBoxLayout:
    made = QVBoxLayout(of)
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(4)
    return made
