"""One camera on the desk: its picture, how old it is, and in words whether it is live, stalled or lost.

A picture that stands still looks like a picture that is live, so a stalled one turns grey and says its age; a simulated
one carries the word across it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QImage, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.domain.records import Camera
from workstation.views.labels import Line
from workstation.views.palette import palette
from workstation.views.theme import desk_font
from workstation.words import pick, t

if TYPE_CHECKING:
    from workstation.video.stream import Frame, Stream

FRAME_MS = 66
LIVE = "live"


class Screen(QWidget):
    """Where the picture is painted; keeps its proportions."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._shown: Frame | None = None
        self._is_live = False
        self._across = ""
        self.setMinimumSize(240, 135)

    def show_frame(self, frame: "Frame | None", is_live: bool, across: str) -> None:
        """The newest frame; grey when it is not live; `across` is written over it."""
        if frame is self._shown and is_live == self._is_live and across == self._across:
            return
        self._shown, self._is_live, self._across = frame, is_live, across
        self._image = None if frame is None else _image(frame.picture if is_live else _grey(frame.picture))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(palette().map.sea))
        if self._image is not None:
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
            painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)
        if self._across:
            painter.setFont(desk_font(15, bold=True))
            box = painter.fontMetrics().boundingRect(self._across).adjusted(-10, -4, 10, 4)
            box.moveTopRight(self.rect().topRight() + box.topLeft() * 0)
            painter.fillRect(box, QColor(palette().panel))
            painter.setPen(QColor(palette().shelved if self._is_live else palette().yellow_iii))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._across)


class CameraTile(QWidget):
    """Shows one camera while it is visible, and lets go of it when it is not."""

    def __init__(self) -> None:
        super().__init__()
        self._camera: Camera | None = None
        self._stream: Stream | None = None
        self.screen_area = Screen()
        self.caption, self.health = Line("second"), Line("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addWidget(self.caption)
        column.addWidget(self.screen_area, 1)
        column.addWidget(self.health)
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self.refresh)

    def show_camera(self, camera: Camera | None) -> None:
        """Turn to another camera; None shows that there is none."""
        if camera is not None and self._camera is not None and camera.url == self._camera.url:
            self._camera = camera
            return
        self._let_go()
        self._camera = camera
        if self.isVisible():
            self._begin()
        self.refresh()

    def refresh(self) -> None:
        """Take over the newest frame and say how it is."""
        camera, stream = self._camera, self._stream
        if camera is None:
            self.caption.tell(t("desk.camera.none"))
            self.health.tell("")
            self.screen_area.show_frame(None, False, "")
            return
        self.caption.tell(f"{pick(camera.name_zh, camera.name_en) or camera.id} · {camera.id}")
        if stream is None:
            self.health.tell(t("desk.camera.off"))
            return
        age = stream.age
        state = stream.state
        words = t(f"desk.camera.{state}")
        self.health.tell(words if age is None else t("desk.camera.health", state=words, age=f"{age:.1f}"))
        self.health.restyle("second" if state == LIVE else "warn")
        across = t("desk.camera.simulated") if stream.is_simulated else ""
        self.screen_area.show_frame(stream.frame, state == LIVE, across if state == LIVE else words)

    def close_camera(self) -> None:
        """Let go of the stream."""
        self._let_go()

    def showEvent(self, event: QShowEvent) -> None:
        self._begin()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._let_go()
        super().hideEvent(event)

    def _begin(self) -> None:
        if self._camera is not None and self._camera.url and self._stream is None:
            stream: Stream = import_module("workstation.video.stream").Stream(self._camera.url)
            self._stream = stream
            stream.start()
            self._timer.start()

    def _let_go(self) -> None:
        self._timer.stop()
        if self._stream is not None:
            self._stream.stop()
            self._stream = None


def _image(picture: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> QImage:
    height, width, _ = picture.shape
    return QImage(picture.data, width, height, width * 3, QImage.Format.Format_RGB888)


def _grey(
    picture: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]",
) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    light = (picture.mean(axis=2) * 0.6).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(light[:, :, None], 3, axis=2))
