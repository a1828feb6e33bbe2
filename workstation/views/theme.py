"""The control-room theme on Qt's Fusion style: our own palette, style sheet and fonts, nothing from the system's theme.

Colours come from the palette's tokens; `resources/themes/desk.qss` names them as `$token`, so a light theme is another
file of tokens and no other style sheet.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from string import Template

from PySide6.QtCore import QByteArray, QLibraryInfo, QRectF, QSize, Qt, QTranslator
from PySide6.QtGui import QFont, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from workstation.content import folder
from workstation.views.palette import DRAWINGS, palette, qt_palette
from workstation.words import language

FAMILIES = [
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "DejaVu Sans",
]
BODY_PX = 14


def dress(application: QApplication) -> None:
    """Give the whole application the theme."""
    application.setStyle("Fusion")
    application.setPalette(qt_palette(palette()))
    application.setFont(desk_font())
    application.setStyleSheet(style_sheet())
    speak_qt(language())


@contextmanager
def undressed() -> Iterator[None]:
    """While a window is put together: what is made is dressed at the end, once. Qt dresses a widget anew, and all that
    is in it, each time it is put into another, which made up a third of a window's making."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setStyleSheet("")
    try:
        yield
    finally:
        application.setStyleSheet(style_sheet())


def speak_qt(language: str) -> None:
    """Let Qt's own buttons and menus speak the language of the desk."""
    application = QApplication.instance()
    if application is None:
        return
    application.removeTranslator(_translator())
    if language == "zh":
        folder_of_qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        _translator().load("qtbase_zh_CN", folder_of_qt)
        application.installTranslator(_translator())


@cache
def _translator() -> QTranslator:
    return QTranslator()


def desk_font(pixels: int = BODY_PX, bold: bool = False) -> QFont:
    """The desk's typeface with tabular figures, so that a running clock does not dance."""
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPixelSize(pixels)
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


@cache
def style_sheet() -> str:
    """The style sheet with the palette's colours in it. Raises KeyError for a colour the palette does not have."""
    tokens = {name: value for name, value in asdict(palette()).items() if isinstance(value, str)}
    tokens |= {name: (folder("resources") / "icons" / f"{name}.svg").as_posix() for name in DRAWINGS}
    return Template((folder("resources") / "themes" / "desk.qss").read_text("utf-8")).substitute(tokens)


def picture(name: str, colour: str, size: int) -> QPixmap:
    """An icon drawn at twice its size, sharp on dense screens."""
    source = (folder("resources") / "icons" / f"{name}.svg").read_text("utf-8")
    tint = str(getattr(palette(), colour))
    made = QPixmap(QSize(size * 2, size * 2))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(source.replace("currentColor", tint).encode())).render(
        painter, QRectF(0, 0, size * 2, size * 2)
    )
    painter.end()
    made.setDevicePixelRatio(2)
    return made


def look(widget: QWidget, name: str) -> None:
    """Give a widget a style class of the theme."""
    widget.setProperty("look", name)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else it is dressed when it is first shown
        widget.style().unpolish(widget)
        widget.style().polish(widget)
