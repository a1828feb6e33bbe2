"""One camera on the desk: its picture, how old it is, and in words whether it is live, stalled or lost.

A picture that stands still looks like a picture that is live, so a stalled one turns grey and says its age; a simulated
one carries the word across it.
"""

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QImage, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workstation.domain.records import Camera
from workstation.video.health import Health
from workstation.video.source import Size
from workstation.video.stream import Frame, Stream
from workstation.views.labels import Line
from workstation.views.palette import palette
from workstation.views.theme import desk_font
from workstation.words import pick, t

FRAME_MS = 66
OLD_LIGHT = 0.6
"""How bright an old picture is painted."""
BAND_OPACITY = 0.75


class Screen(QWidget):
    """Where the picture is painted; keeps its proportions."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._shown: Frame | None = None  # holds the memory that the image only looks at
        self._is_fresh = False
        self._across = ""
        self.setMinimumSize(240, 135)

    def show_frame(self, frame: Frame | None, is_fresh: bool, across: str) -> None:
        """The newest frame; grey when it is not fresh; `across` is written over it."""
        if frame is self._shown and is_fresh == self._is_fresh and across == self._across:
            return
        self._image = None if frame is None else _image(frame, is_fresh)
        self._shown, self._is_fresh, self._across = frame, is_fresh, across
        self.setAccessibleName(across)
        self.update()

    def size_wanted(self) -> Size:
        """The room for a picture, in pixels of the screen."""
        ratio = self.devicePixelRatioF()
        return Size(round(self.width() * ratio), round(self.height() * ratio))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(palette().map.sea))
        box = self._picture_box()
        if self._image is not None:
            painter.setOpacity(1.0 if self._is_fresh else OLD_LIGHT)
            painter.drawImage(box, self._image)
        if self._across:
            self._write_across(painter, box.toAlignedRect())

    def _picture_box(self) -> QRectF:
        if self._image is None:
            return QRectF(self.rect())
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(
            (self.width() - size.width()) / 2, (self.height() - size.height()) / 2, size.width(), size.height()
        )

    def _write_across(self, painter: QPainter, picture: QRect) -> None:
        painter.setFont(desk_font(15, bold=True))
        band = QRect(picture.left(), picture.top(), picture.width(), painter.fontMetrics().height() + 10)
        if self._image is None:
            band.moveCenter(picture.center())
        painter.setOpacity(BAND_OPACITY)
        painter.fillRect(band, QColor(palette().panel))
        painter.setOpacity(1.0)
        painter.setPen(QColor(palette().text if self._is_fresh else palette().yellow_iii))
        painter.drawText(band, Qt.AlignmentFlag.AlignCenter, self._across)


class CameraTile(QWidget):
    """Shows one camera while it is visible, and lets go of it when it is not. `streams` opens one by id and url."""

    def __init__(self, streams: Callable[[str, str], Stream] = Stream) -> None:
        super().__init__()
        self._streams = streams
        self._camera: Camera | None = None
        self._stream: Stream | None = None
        self.screen_area = Screen()
        self.caption, self.health = Line("second"), Line("second")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addWidget(self.caption)
        column.addWidget(self.screen_area, 1)
        column.addWidget(self.health)
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self.refresh)

    def show_camera(self, camera: Camera | None) -> None:
        """Turn to another camera; None shows that there is none."""
        if _opens(camera) != _opens(self._camera):
            self._let_go()
        self._camera = camera
        if self.isVisible():
            self._begin()
        self.refresh()

    def refresh(self) -> None:
        """Take over the newest frame and say how it is."""
        camera, stream = self._camera, self._stream
        self.caption.tell(_title(camera))
        if stream is None:
            self._say_closed(t("desk.camera.off") if camera is not None else "")
            return
        stream.fit(self.screen_area.size_wanted())
        health = stream.health()
        self.health.tell(_in_words(health))
        self.health.hint(health.fault)
        self.health.restyle("second" if health.is_fresh else "warn")
        self.screen_area.show_frame(stream.frame, health.is_fresh, _across(health, stream.is_simulated))

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
        opens = _opens(self._camera)
        if opens is not None and self._stream is None:
            self._stream = self._streams(*opens)
            self._stream.fit(self.screen_area.size_wanted())
            self._stream.start()
            self._timer.start()

    def _say_closed(self, words: str) -> None:
        self.health.tell(words)
        self.health.hint("")
        self.health.restyle("second")
        self.screen_area.show_frame(None, False, words)

    def _let_go(self) -> None:
        """Without waiting for the stream's thread: a camera that freezes would freeze the desk."""
        self._timer.stop()
        if self._stream is not None:
            self._stream.stop()
            self._stream = None


def _opens(camera: Camera | None) -> tuple[str, str] | None:
    """What there is to open: name and address, where the camera has one."""
    return (camera.id, camera.url) if camera is not None and camera.url else None


def _title(camera: Camera | None) -> str:
    if camera is None:
        return t("desk.camera.none")
    return f"{pick(camera.name_zh, camera.name_en) or camera.id} · {camera.id}"


def _in_words(health: Health) -> str:
    state = t(f"desk.camera.{health.state}")
    return state if health.age is None else t("desk.camera.health", state=state, age=int(health.age))


def _across(health: Health, is_simulated: bool) -> str:
    """What a picture must not be seen without: that it is simulated, and that it is not the present."""
    words = [t("desk.camera.simulated")] if is_simulated else []
    return " · ".join(words if health.is_fresh else [*words, t(f"desk.camera.{health.state}")])


def _image(frame: Frame, is_fresh: bool) -> QImage:
    """The frame's own memory as an image; of an old frame, a grey copy."""
    height, width, _ = frame.pixels.shape
    image = QImage(frame.pixels.data, width, height, frame.pixels.strides[0], QImage.Format.Format_RGB888)
    return image if is_fresh else image.convertToFormat(QImage.Format.Format_Grayscale8)
