"""The demo's bar: how far the evening is, how fast it runs, and whose hands it is in."""

from typing import Protocol

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from workstation.views.labels import Action, Caption
from workstation.views.theme import look
from workstation.words import t

SPEEDS = (1.0, 10.0, 30.0, 60.0)
BEAT_MS = 250


class Play(Protocol):
    """The evening as the bar steers it. `minute` runs to `last_minute`; `speed` 0 is a pause."""

    @property
    def minute(self) -> float: ...
    @property
    def last_minute(self) -> float: ...
    @property
    def speed(self) -> float: ...
    @property
    def is_scripted(self) -> bool: ...
    @property
    def is_cut(self) -> bool: ...
    def run_at(self, speed: float) -> None: ...
    def take_over(self) -> None: ...
    def hand_back(self) -> None: ...


class DemoBar(QWidget):
    """A strip under the header. It moves on by itself."""

    def __init__(self, play: Play) -> None:
        super().__init__()
        self._play = play
        self._before_pause = play.speed or SPEEDS[1]
        look(self, "panel")
        self._minute, self._hands, self._street = Caption("", "second"), Caption("", "badge"), Caption("", "badge")
        self._done = QProgressBar()
        self._done.setTextVisible(False)
        self._done.setFixedHeight(6)
        self._done.setRange(0, round(play.last_minute))
        self.pause, self.hands = Action("desk.demo.pause"), Action("desk.demo.take_over", "", "primary")
        self._speeds = {speed: _speed_button(speed) for speed in SPEEDS}
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        for widget in (self._minute, self._done, self._street, self._hands, self.hands, self.pause):
            row.addWidget(widget, 1 if widget is self._done else 0)
        for speed, button in self._speeds.items():
            button.clicked.connect(lambda _=False, wanted=speed: self._run_at(wanted))
            row.addWidget(button)
        self.pause.clicked.connect(self._pause)
        self.hands.clicked.connect(self._change_hands)
        self._timer = QTimer(self, interval=BEAT_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(event)

    def refresh(self) -> None:
        """Say how things stand."""
        play = self._play
        minute = min(round(play.minute), round(play.last_minute))
        self._done.setValue(minute)
        over = minute >= round(play.last_minute)
        if over:
            self._minute.say("desk.demo.over")
        else:
            self._minute.say("desk.demo.minute", minute=minute, last=round(play.last_minute))
        self._street.say("desk.demo.street_cut" if play.is_cut else "desk.demo.street_up")
        self._hands.say("desk.demo.scripted" if play.is_scripted else "desk.demo.yours")
        self.hands.say("desk.demo.take_over" if play.is_scripted else "desk.demo.hand_back")
        self.pause.say("desk.demo.pause" if play.speed else "desk.demo.resume")
        for speed, button in self._speeds.items():
            button.setText(t("desk.demo.speed", speed=speed))
            button.setChecked(play.speed == speed)

    def _run_at(self, speed: float) -> None:
        self._before_pause = speed
        self._play.run_at(speed)
        self.refresh()

    def _pause(self) -> None:
        if self._play.speed:
            self._before_pause = self._play.speed
        self._play.run_at(0 if self._play.speed else self._before_pause)
        self.refresh()

    def _change_hands(self) -> None:
        if self._play.is_scripted:
            self._play.take_over()
        else:
            self._play.hand_back()
        self.refresh()


def _speed_button(speed: float) -> QPushButton:
    button = QPushButton(t("desk.demo.speed", speed=speed))
    button.setCheckable(True)
    button.setMinimumHeight(32)
    return button
