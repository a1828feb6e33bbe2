"""The process that prints: `python -m workstation.views.pdf_process IN.html OUT.pdf`. It may read that file only."""

import sys
from pathlib import Path

from PySide6.QtCore import QMarginsF, QObject, QTimer, QUrl
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

MAP_SETTLES_MS = 1500
MARGINS_MM = QMarginsF(14, 14, 14, 16)
PAPER_PX = round((210 - 28) / 25.4 * 96)
"""The width of the print in CSS pixels: the map is laid out at it before it is printed, since it cannot be after."""


class _OneFile(QWebEngineUrlRequestInterceptor):
    """Blocks every request but the document itself and what is written inside it."""

    def __init__(self, file: QUrl, parent: QObject) -> None:
        super().__init__(parent)
        self._file = file

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        url = info.requestUrl()
        info.block(url != self._file and url.scheme() not in ("data", "about", "blob"))


def main(html: str, pdf: str) -> int:
    """Load, let the map settle, print, end; the exit code tells whether the file was written."""
    app = QApplication(sys.argv[:1])
    profile = QWebEngineProfile(app)
    file = QUrl.fromLocalFile(str(Path(html).resolve()))
    profile.setUrlRequestInterceptor(_OneFile(file, profile))
    page = QWebEnginePage(profile, app)
    view = QWebEngineView()
    view.setPage(page)
    view.resize(PAPER_PX, 1400)
    view.show()
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, MARGINS_MM)

    def loaded(good: bool) -> None:
        if not good:
            app.exit(3)
            return
        page.runJavaScript("document.documentElement.className = 'paper'")
        QTimer.singleShot(MAP_SETTLES_MS, lambda: page.printToPdf(pdf, layout))

    page.loadFinished.connect(loaded)
    page.pdfPrintingFinished.connect(lambda path, good: app.exit(0 if good else 4))
    page.load(file)
    code = app.exec()
    view.close()
    view.deleteLater()
    page.deleteLater()
    app.processEvents()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
