"""HTML to PDF by Qt's own web engine, in a process of its own: it costs memory and seconds that no desk has to spare.

The process is `workstation.views.pdf_process`.
"""

import os
import subprocess
import sys
from pathlib import Path

from workstation.domain.errors import KnownError

SECONDS = 90


class PrintError(KnownError):
    """A document that could not be printed, and why."""


def print_pdf(html: Path, pdf: Path) -> None:
    """Print a file and wait for it. Raises PrintError."""
    command = [sys.executable, "-m", "workstation.views.pdf_process", str(html.resolve()), str(pdf.resolve())]
    flags = "--disable-gpu --disable-background-networking --no-proxy-server"
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags += " --no-sandbox"
    settings = {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_CHROMIUM_FLAGS": flags, "QT_LOGGING_RULES": "*=false"}
    try:
        done = subprocess.run(
            command, env={**os.environ, **settings}, capture_output=True, timeout=SECONDS, text=True, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PrintError(f"{html.name}: not printed within {SECONDS} s") from error
    if done.returncode != 0 or not pdf.is_file():
        raise PrintError(f"{html.name}: not printed: {done.stderr.strip()[-400:] or done.returncode}")
