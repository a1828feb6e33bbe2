"""Giving a grant: its terms on the left, and on the right what the person may then, before anybody signs.

What they may is what the judge would answer with this grant beside those they have; where two persons are needed, a
supervisor is asked for exactly these terms, and the form says how that stands.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workstation.commands import approval as approvals
from workstation.commands.administration import Terms, give_grant
from workstation.commands.approval import Wish
from workstation.commands.seat import Command
from workstation.domain.clock import CITY_ZONE
from workstation.domain.errors import KnownError
from workstation.domain.people import PERSONS
from workstation.domain.records import Approval
from workstation.domain.region import is_region
from workstation.security.permission import matrix
from workstation.security.preview import Right
from workstation.views.columns import word
from workstation.views.grant_text import role_text
from workstation.views.house import House, gained_text, right_columns, right_key
from workstation.views.labels import Action, Caption, Passage
from workstation.views.row_table import RowTable
from workstation.views.workplace import Workplace
from workstation.words import t
from workstation.words.refusals import refusal_text

DATE = "%Y-%m-%d"
LINES = ("valid_from", "valid_to", "form", "reason")
CHOICES = ("account", "role", "region", "level")
YEAR = timedelta(days=365)
CarryOut = Callable[[Command, Callable[[KnownError | None], None]], None]
"""Has a command carried out and hands over what it was refused for, None where it was done."""


class GrantForm(QDialog):
    """`show_house` when the house has changed. What is refused is said in the form and nothing in it is lost."""

    def __init__(self, workplace: Workplace, carry_out: CarryOut, parent: QWidget) -> None:
        super().__init__(parent)
        self._workplace, self._carry_out = workplace, carry_out
        self._house, self._absent = House(), ""
        self.choices = {name: QComboBox() for name in CHOICES}
        self.lines = {name: QLineEdit() for name in LINES}
        self.purposes = {name: QCheckBox() for name in sorted(matrix().purposes)}
        self.then, self.standing = Passage("second"), Passage("second")
        self.wrong = Passage("bad")
        self.rights: RowTable[Right] = RowTable(right_columns(workplace.name_of), right_key, "grant.then")
        self.give, self.ask = Action("grant.do.give", "", "primary"), Action("grant.do.ask")
        self.leave = Action("seen.do.close", "Esc")
        self._fill()
        self._lay_out()
        self._connect()
        self._say_again()

    def show_house(self, house: House) -> None:
        """The accounts to choose from, the regions that are known, and what was approved meanwhile."""
        self._house = house
        regions = {one.region or "" for one in house.grants} | {one.region or "" for one in house.stations}
        self._offer("account", [(one.id, one.id) for one in house.accounts if one.state == "active"])
        named = [
            (code, f"{code} {self._workplace.name_of(code)}")
            for code in sorted(regions | {self._workplace.scope})
            if code
        ]
        self._offer("region", named)
        self.look()

    def choose_account(self, login: str) -> None:
        """Begin with an account; with none where it is not in use, which is said."""
        self._absent = ""
        number = self.choices["account"].findData(login)
        self.choices["account"].setCurrentIndex(number)
        self._absent = login if number < 0 else ""
        self.look()

    def terms(self) -> Terms:
        """What the form says. Raises ValueError naming the field that is no date, or no region."""
        return Terms(
            account=self._chosen("account"),
            role=self._chosen("role"),
            region=self._region(),
            level=int(self._chosen("level")),
            purposes=tuple(name for name, box in self.purposes.items() if box.isChecked()),
            valid_from=self._day("valid_from"),
            valid_to=self._day("valid_to") + timedelta(days=1),
            reason=self.lines["reason"].text().strip(),
            form=self.lines["form"].text().strip(),
        )

    def look(self) -> None:
        """Tell what the person may then, and whether two persons are needed."""
        self.wrong.tell("")
        terms = self._said()
        if not self._chosen("account"):
            self.wrong.tell(t("grant.no_account", account=self._absent))
            terms = None
        self.give.setEnabled(terms is not None)
        self.ask.setVisible(terms is not None and terms.needs_two)
        if terms is None:
            self.rights.show_rows([])
            self.then.tell("")
            self.standing.tell("")
            return
        at = max(self._workplace.clock.now(), terms.valid_from)
        before, after = self._house.rights(terms.account, at), self._house.with_terms(terms).rights(terms.account, at)
        self.rights.show_rows(after.rights)
        gained = gained_text(after, before, self._workplace.name_of)
        self.then.tell(t("grant.gains", count=len(after.rights), more=gained, refused=len(after.refused)))
        self.standing.tell(self._approval_text(terms))

    def attempt(self) -> None:
        """Give the grant; a supervisor's approval of these terms is used where one is in hand."""
        terms = self._said()
        if terms is not None:
            approval = self._approval(terms)
            self._carry_out(give_grant(terms, approval.id if approval else ""), self._given)

    def ask_another(self) -> None:
        """Ask a supervisor to approve these very terms."""
        terms = self._said()
        if terms is not None:
            wish = Wish(act="grant.give", object=terms.object, purpose="administration", reason=terms.reason)
            self._carry_out(approvals.ask(wish), self._asked)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()
        super().changeEvent(event)

    def _said(self) -> Terms | None:
        try:
            return self.terms()
        except ValueError as error:
            if str(error) == "region":
                self.wrong.tell(t("refused.grant.region", region=self.choices["region"].currentText().strip()))
            else:
                self.wrong.tell(t("grant.no_day", field=t(f"grant.{error}")))
            return None

    def _given(self, refused: KnownError | None) -> None:
        if refused is None:
            self.lines["form"].clear()
            self.lines["reason"].clear()
            self.accept()
        else:
            self.wrong.tell(refusal_text(refused))

    def _asked(self, refused: KnownError | None) -> None:
        self.wrong.tell(refusal_text(refused) if refused is not None else "")

    def _approval(self, terms: Terms) -> Approval | None:
        """What was asked for these terms last and may still be answered or used."""
        now, author = self._workplace.clock.now(), self._workplace.author
        asked = [one for one in self._house.approvals if (one.object, one.asked_by) == (terms.object, author)]
        open_ones = [
            one for one in asked if one.used_at is None and one.expires_at is not None and now < one.expires_at
        ]
        return max(open_ones, key=lambda one: (approvals.is_good(one, now), one.id), default=None)

    def _approval_text(self, terms: Terms) -> str:
        if not terms.needs_two:
            return t("grant.one")
        known = self._approval(terms)
        if known is None or known.state not in ("asked", "approved", "refused"):
            return t("grant.two")
        return t(f"grant.two.{known.state}", who=known.answered_by or "")

    def _region(self) -> str:
        """The code that was chosen or typed. Raises ValueError."""
        code = self.choices["region"].currentText().strip().split(" ")[0]
        if not code or not is_region(code):
            raise ValueError("region")
        return code

    def _day(self, name: str) -> datetime:
        try:
            return datetime.strptime(self.lines[name].text().strip(), DATE).replace(tzinfo=CITY_ZONE)
        except ValueError:
            raise ValueError(name) from None

    def _chosen(self, name: str) -> str:
        return str(self.choices[name].currentData() or "")

    def _offer(self, name: str, offered: list[tuple[str, str]]) -> None:
        """Other choices; the one that was chosen stays so."""
        box = self.choices[name]
        blocked, before, typed = box.blockSignals(True), self._chosen(name), box.currentText()
        box.clear()
        for code, text in offered:
            box.addItem(text, code)
        is_anybody = name == "account" and not before  # nobody is chosen who was not
        box.setCurrentIndex(-1 if is_anybody else max(0, box.findData(before)))
        if box.isEditable() and typed and box.findText(typed) < 0:
            box.setEditText(typed)
        box.blockSignals(blocked)

    def _fill(self) -> None:
        today = self._workplace.clock.now().astimezone(CITY_ZONE)
        self.lines["valid_from"].setText(today.strftime(DATE))
        self.lines["valid_to"].setText((today + YEAR).strftime(DATE))
        self.choices["region"].setEditable(True)
        self._offer("level", [(str(level), f"L{level}") for level in (1, 2, 3, 4)])
        self.choices["level"].setCurrentIndex(1)
        self.purposes["duty"].setChecked(True)

    def _say_again(self) -> None:
        self.setWindowTitle(t("grant.title"))
        self._offer("role", [(code, role_text(code)) for code in PERSONS])
        for name, field in (*self.choices.items(), *self.lines.items()):
            field.setAccessibleName(t(f"grant.{name}"))
        for name, box in self.purposes.items():
            box.setText(word("purpose", name))
        self.look()

    def _connect(self) -> None:
        for box in self.choices.values():
            box.currentTextChanged.connect(lambda text: self.look())
        for line in self.lines.values():
            line.textChanged.connect(lambda text: self.look())
        for check in self.purposes.values():
            check.toggled.connect(lambda is_on: self.look())
        self.give.clicked.connect(self.attempt)
        self.give.setDefault(True)
        for other in (self.ask, self.leave):
            other.setAutoDefault(False)
        self.ask.clicked.connect(self.ask_another)
        self.leave.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        self.resize(900, 560)
        grid, boxes, foot, both = QGridLayout(), QGridLayout(), QHBoxLayout(), QHBoxLayout()
        for row, (name, field) in enumerate((*self.choices.items(), *self.lines.items())):
            grid.addWidget(Caption(f"grant.{name}"), row, 0)
            grid.addWidget(field, row, 1)
        for number, box in enumerate(self.purposes.values()):
            boxes.addWidget(box, number // 2, number % 2)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addLayout(grid)
        left.addWidget(Caption("grant.purposes", "section"))
        left.addLayout(boxes)
        left.addStretch()
        for widget in (Caption("grant.then", "section"), self.then, self.rights, self.standing):
            right.addWidget(widget)
        both.setSpacing(18)
        both.addLayout(left, 4)
        both.addLayout(right, 5)
        foot.addWidget(self.wrong, 1)
        for button in (self.leave, self.ask, self.give):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addLayout(both, 1)
        column.addLayout(foot)
