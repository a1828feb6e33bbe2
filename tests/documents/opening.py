"""A browser that opens one file and tells every address it was asked for: `python -m tests.documents.opening FILE`."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWidgets import QApplication

SETTLES_MS = 1500


class Listening(QWebEngineUrlRequestInterceptor):
    """Lets everything pass and says what it was."""

    def interceptRequest(self, info):
        sys.stdout.write(info.requestUrl().toString()[:200] + "\n")


def main(file: Path) -> None:
    app = QApplication(sys.argv[:1])
    profile = QWebEngineProfile(app)
    listening = Listening(profile)
    profile.setUrlRequestInterceptor(listening)
    page = QWebEnginePage(profile, app)
    page.settings().setAttribute(QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls, True)
    page.loadFinished.connect(lambda good: QTimer.singleShot(SETTLES_MS, app.quit))
    page.load(QUrl.fromLocalFile(str(file)))
    app.exec()
    page.deleteLater()
    app.processEvents()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
