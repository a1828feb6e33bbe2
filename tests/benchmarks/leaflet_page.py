"""The points of `map_frames` as canvas markers on a folium/Leaflet page in QtWebEngine, timed from one animation frame
to the next. Run by `map_frames` as a process of its own, since a browser changes the process it lives in.

    python -m tests.benchmarks.leaflet_page POINTS maps/linjiang 1920x1080

Drawn in software, as the live map is: of the ways a machine without a graphics card has, the quickest here.
"""

import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ |= {"QT_QUICK_BACKEND": "software", "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu"}
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"

import numpy as np
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

from tests.benchmarks.map_frames import points, spread
from workstation.domain.geometry import unmercator
from workstation.mapping.basemap import read_basemap
from workstation.mapping.pages import PageMark, incident_page

LONGEST_MS = 150_000
SCRIPT = """
<script>
const canvas = L.canvas(), colours = ["#5AA9FF", "#FFE45C", "#FF9F1C", "#FF6B61"];
for (const [lat, lon, rank] of POINTS)
    L.circleMarker([lat, lon], {renderer: canvas, radius: 4, weight: 1, color: colours[rank]}).addTo(MAP);
const times = {pan: [], zoom: []};
let frame = 0, last = 0;
function step(now) {
    const kind = frame <= 60 ? "pan" : "zoom";
    if (frame > 3) times[kind].push(now - last);
    last = now;
    frame += 1;
    if (frame > 84) { document.title = JSON.stringify(times); return; }
    if (frame <= 60) MAP.panBy([Math.floor(frame / 15) % 2 ? 14 : -14, 7], {animate: false});
    else MAP.setZoom(13 + frame % 3, {animate: false});
    requestAnimationFrame(step);
}
setTimeout(() => requestAnimationFrame(step), 500);
</script>
"""


def page_of(city: Path, count: int) -> str:
    """A folium page of the city with the points and a script that times its frames."""
    layer = points(read_basemap(city), count)
    lon, lat = unmercator(layer.x, layer.y)
    rows = np.stack([lat.round(6), lon.round(6), layer.symbol // 2], axis=1).tolist()
    page = incident_page(city, [PageMark(float(lat.mean()), float(lon.mean()), ("middle",))], "en")
    name = re.findall(r"var (map_[0-9a-f]+)", page)[0]
    return page.replace("</html>", SCRIPT.replace("POINTS", json.dumps(rows)).replace("MAP", name) + "</html>")


def shown(page: Path, size: tuple[int, int]) -> dict[str, Any]:
    """Frame times of the page in ms, and the memory of the browser's processes together."""
    app = QApplication(sys.argv[:1])
    view = QWebEngineView()
    view.resize(*size)
    view.show()
    found: dict[str, Any] = {"skipped": f"the page did not answer within {LONGEST_MS // 1000} s"}

    def answer(title: str) -> None:
        """The page's figures are its title; the browser's processes end with the application."""
        if title.startswith("{"):
            found.clear()
            found.update({way: spread([ms / 1000 for ms in times]) for way, times in json.loads(title).items()})
            found["memory_mb"] = family_mb(os.getpid())
            app.quit()

    view.titleChanged.connect(answer)
    view.load(QUrl.fromLocalFile(str(page)))
    QTimer.singleShot(LONGEST_MS, app.quit)
    app.exec()
    return found


def family_mb(pid: int) -> int:
    """Memory of a process and all it began, what they share counted once; 0 on systems without /proc."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
    family = {pid}
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    return round(sum(map(_kilobytes, family)) / 1000)


def _kilobytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def main(count: int, city: Path, size: str) -> None:
    wide, high = (int(part) for part in size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(page_of(city, count), "utf-8")
        print(json.dumps(shown(page, (wide, high))), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
