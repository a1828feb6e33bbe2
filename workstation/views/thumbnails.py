"""Small pictures of attached images: only plain raster formats, as their bytes say, and never larger than is bearable.

An image from outside is an attack until it is small: the format is given, not guessed, its size is read before a pixel
is decoded, and the decoder may not take more memory than stated here.
"""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

FORMATS = {"image/jpeg": b"jpeg", "image/png": b"png", "image/gif": b"gif", "image/webp": b"webp", "image/bmp": b"bmp"}
LARGEST_FILE = 24 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_MEGABYTES = 256
WIDTH, HEIGHT = 240, 180


def thumbnail(body: bytes, media_type: str) -> QImage | None:
    """The image at most `WIDTH` x `HEIGHT` pixels; None for what is no image, broken, or too large. For any thread."""
    known = FORMATS.get(media_type)
    if known is None or len(body) > LARGEST_FILE:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(body))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(known))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    QImageReader.setAllocationLimit(MOST_MEGABYTES)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_PIXELS:
        return None
    reader.setScaledSize(_fitted(size))
    image = reader.read()
    return None if image.isNull() else image


def _fitted(size: QSize) -> QSize:
    """Within the bounds, never enlarged, and at least a pixel either way."""
    if size.width() <= WIDTH and size.height() <= HEIGHT:
        return size
    return size.scaled(WIDTH, HEIGHT, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
