"""A desk on a space whose keys are wrapped: asked for in a window, again after a wrong passphrase, or not at all."""

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit

from workstation.app import desk
from workstation.domain.errors import Refused
from workstation.station import Space, keyholder

PHRASE = "river levee twelve"


@pytest.fixture
def wrapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Space:
    space = Space.found(tmp_path / "JD03", "JD03")
    keyholder.keep_wrapped(space.folder, PHRASE)
    monkeypatch.setattr(keyholder, "_opened", {})
    monkeypatch.setattr(keyholder, "_ask", keyholder._ask)
    return space


def typing(phrases: list[str], asked: list[str]) -> None:
    """Somebody who types one phrase after another into what comes up, and closes it when they know no more."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QInputDialog):
            QTimer.singleShot(0, answer)
            return
        assert dialog.textEchoMode() is QLineEdit.EchoMode.Password
        asked.append(dialog.labelText())
        if not phrases:
            dialog.reject()
            return
        dialog.setTextValue(phrases.pop(0))
        QTimer.singleShot(0, answer)
        dialog.accept()

    QTimer.singleShot(0, answer)


@pytest.mark.usefixtures("qapp")
def test_a_wrong_passphrase_is_told_and_asked_for_again(wrapped: Space) -> None:
    asked: list[str] = []
    typing(["river levee eleven", PHRASE], asked)
    desk.open_keys(wrapped.folder)
    assert asked == ["JD03 的密钥口令", "口令不对。再输入 JD03 的密钥口令"]
    assert wrapped.identity().station == "JD03"


@pytest.mark.usefixtures("qapp")
def test_whoever_gives_none_opens_no_desk(wrapped: Space) -> None:
    typing([], [])
    with pytest.raises(Refused, match=r"keyholder\.locked"):
        desk.open_keys(wrapped.folder)


@pytest.mark.usefixtures("qapp")
def test_keys_in_files_are_not_asked_for(tmp_path: Path) -> None:
    desk.open_keys(Space.found(tmp_path / "ZX", "ZX").folder)
    desk.open_keys(tmp_path / "not yet there")
