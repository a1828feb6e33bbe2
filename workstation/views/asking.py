"""Short questions to the operator, and short answers: never opened by themselves, only by what the operator did."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLabel, QLineEdit, QMessageBox, QWidget

from workstation.words import t


def ask_text(parent: QWidget, question: str, about: str = "") -> str:
    """A line typed by the operator; empty when they would not, which is said where they answered with nothing.
    `question` is a message key; `about` what it is asked about, as data tell it."""
    said, good = QInputDialog.getText(parent, about or t("desk.ask.title"), t(question))
    if good and not said.strip():
        tell(parent, "desk.ask.title", t("desk.ask.empty"))
    return said.strip() if good else ""


def ask_secret(title: str, question: str) -> str:
    """A line not shown while it is typed, nor changed; empty when nobody would. `question` is plain text."""
    dialog = QInputDialog()
    dialog.setWindowTitle(t(title))
    dialog.setTextEchoMode(QLineEdit.EchoMode.Password)
    dialog.setLabelText(question)
    for label in dialog.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)
    return dialog.textValue() if dialog.exec() else ""


def ask_choice(parent: QWidget, question: str, choices: Sequence[str], about: str = "", first: int = 0) -> str:
    """One of the choices, of which the one at `first` stands there to begin with; empty when the operator would not."""
    chosen, good = QInputDialog.getItem(parent, about or t("desk.ask.title"), t(question), list(choices), first, False)
    return chosen if good else ""


def ask_open(parent: QWidget, question: str) -> str:
    """The path of a file that lies on this machine; empty when the operator would not."""
    return QFileDialog.getOpenFileName(parent, t(question))[0]


def ask_save(parent: QWidget, question: str, name: str) -> str:
    """Where a file is to be written, `name` being proposed; empty when the operator would not."""
    return QFileDialog.getSaveFileName(parent, t(question), name)[0]


def tell(parent: QWidget, title: str, text: str) -> None:
    """Show plain text beside the work, without holding it up. `title` is a message key."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, t(title), text, QMessageBox.StandardButton.Ok, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setModal(False)
    box.show()
