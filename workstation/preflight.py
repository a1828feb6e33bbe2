"""Before Qt is imported: which system libraries are absent on a Debian machine, and how they come.

A wheel brings Qt but not the libraries Qt stands on, and a missing one ends the program with a loader's error that no
operator can read. So this module, which needs the standard library alone, looks first. On other systems, where wheels
bring everything, it finds nothing to do.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

DESK = {
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libgbm1": "libgbm.so.1",
    "libglib2.0-0": "libgthread-2.0.so.0",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libfreetype6": "libfreetype.so.6",
    "libnss3": "libnss3.so",
    "libnspr4": "libnspr4.so",
    "libasound2": "libasound.so.2",
    "libx11-xcb1": "libX11-xcb.so.1",
    "libxcomposite1": "libXcomposite.so.1",
    "libxdamage1": "libXdamage.so.1",
    "libxrandr2": "libXrandr.so.2",
    "libxtst6": "libXtst.so.6",
    "libxkbfile1": "libxkbfile.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
    "libxcb-dri3-0": "libxcb-dri3.so.0",
}
"""Debian package of each library that Qt and its web engine load."""

RENAMED = {"libasound2": "libasound2t64", "libglib2.0-0": "libglib2.0-0t64"}
"""Packages whose name changed with Debian's 64-bit time."""

CJK_FONT = "fonts-wqy-zenhei"
FONT_WORDS = ("cjk", "wqy", "simhei", "simsun", "sourcehan", "notosanssc", "uming", "ukai", "droidsansfallback")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")

TESTS = {
    "mosquitto": "mosquitto",
    "poppler-utils": "pdftotext",
    "postgresql": "pg_ctlcluster",
    "xvfb": "Xvfb",
}
"""Debian package of each program that the tests start."""

RTSP_PACKAGES = (
    "gstreamer1.0-rtsp",
    "gir1.2-gst-rtsp-server-1.0",
    "python3-gi",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
    "gstreamer1.0-plugins-bad",
    "gstreamer1.0-plugins-ugly",
)


@dataclass(frozen=True, slots=True)
class Machine:
    """What preflight asks of the machine; a test gives another one."""

    loads: Callable[[str], bool]
    finds: Callable[[str], bool]
    says: Callable[[list[str]], str]
    runs: Callable[[list[str]], bool]
    has_font: Callable[[tuple[str, ...]], bool]
    is_root: bool
    is_linux: bool


def this_machine() -> Machine:
    return Machine(
        loads=_loads,
        finds=lambda program: any(shutil.which(program, path=path) for path in (None, "/usr/sbin:/sbin")),
        says=_says,
        runs=lambda command: subprocess.run(command, stdout=sys.stderr, check=False, env=_quiet()).returncode == 0,
        has_font=_has_font,
        is_root=hasattr(os, "geteuid") and os.geteuid() == 0,
        is_linux=sys.platform == "linux",
    )


def missing_for_desk(machine: Machine) -> list[str]:
    """Debian packages that the desk needs and this machine lacks."""
    if not machine.is_linux:
        return []
    missing = [package for package, library in DESK.items() if not machine.loads(library)]
    return missing if machine.has_font(FONT_WORDS) else [*missing, CJK_FONT]


def missing_for_tests(machine: Machine) -> list[str]:
    """What the tests need besides: the real servers they start."""
    if not machine.is_linux:
        return []
    missing = [package for package, program in TESTS.items() if not machine.finds(program)]
    rtsp = "import gi; gi.require_version('GstRtspServer','1.0'); from gi.repository import GstRtspServer; print('yes')"
    if machine.says(["/usr/bin/python3", "-c", rtsp]).strip() != "yes":
        missing.extend(RTSP_PACKAGES)
    return missing


def provide(missing: Iterable[str], machine: Machine) -> str | None:
    """Install packages, when this is root on a machine with apt; else the line that a person must run.

    Returns None when nothing is missing any more.
    """
    wanted = list(missing)
    if not wanted:
        return None
    if machine.is_root and machine.finds("apt-get"):
        sys.stderr.write(f"installing missing system packages: {' '.join(wanted)}\n")
        machine.runs(["apt-get", "update", "-qq"])
        named = [_package_name(package, machine) for package in wanted]
        if machine.runs(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *named]):
            return None
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(wanted)}"


def _package_name(package: str, machine: Machine) -> str:
    newer = RENAMED.get(package)
    return newer if newer and machine.says(["apt-cache", "show", "--no-all-versions", newer]).strip() else package


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_font(words: tuple[str, ...]) -> bool:
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    names = (file.name.lower() for folder in folders if folder.is_dir() for file in folder.rglob("*.[ot]t[fc]"))
    return any(word in name for name in names for word in words)


def _says(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
    except OSError:
        return ""


def _quiet() -> dict[str, str]:
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
