"""How long a frame of the live map takes, on this machine, without a graphics card.

    python -m tests.benchmarks.map_frames [--city maps/linjiang] [--size 1920x1080] [--no-web]

1 k, 10 k and 100 k points as the operator sees them (gathered) and with every point drawn; 600 and 5,000 polygons of a
choropleth; each panned and zoomed. Beside it the same points as canvas markers on a folium/Leaflet page in QtWebEngine,
in a process of its own, timed from one animation frame to the next. The last line is one JSON object; times in ms.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from workstation.domain.clock import ManualClock
from workstation.domain.geometry import unmercator
from workstation.mapping.basemap import Basemap, read_basemap
from workstation.mapping.layers import PointLayer, PolygonLayer, Rings
from workstation.mapping.picture import INCIDENT_SYMBOLS, Picture
from workstation.views.map.view import MapView

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAN_FRAMES = 90
ZOOM_STEPS = (1, 1, 1, -1, -1, -1) * 6


def memory_mb() -> float:
    """Resident memory of this process; on systems without /proc, 0."""
    path = Path("/proc/self/statm")
    return int(path.read_text().split()[1]) * 4096 / 1e6 if path.exists() else 0.0


def points(base: Basemap, count: int) -> PointLayer:
    """Incidents over the city: half of them even, half around twenty hot spots; a few severe, many minor."""
    rng = np.random.default_rng(7)
    box = base.bounds
    spots = rng.uniform((box.west, box.south), (box.east, box.north), (20, 2))
    even = rng.uniform((box.west, box.south), (box.east, box.north), (count - count // 2, 2))
    hot = spots[rng.integers(0, 20, count // 2)] + rng.normal(0, 350, (count // 2, 2))
    places = np.concatenate([even, hot])
    shares = np.repeat([0.4, 0.3, 0.2, 0.1], 2) / 2
    symbol = rng.choice(8, count, p=shares).astype(np.uint8)
    layer = PointLayer("incident", places[:, 0], places[:, 1], symbol, INCIDENT_SYMBOLS, [str(n) for n in range(count)])
    layer.clusters.prepare()
    return layer


def cells(base: Basemap, count: int) -> PolygonLayer:
    """`count` cells of eight corners that tile the city, with a number each."""
    box, columns = base.bounds, int(np.ceil(np.sqrt(count * 1.5)))
    wide, high = (box.east - box.west) / columns, (box.north - box.south) / (count / columns)
    number = np.arange(count)
    turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    x = box.west + (number % columns + 0.5)[:, None] * wide + 0.5 * wide * np.cos(turn)
    y = box.south + (number // columns + 0.5)[:, None] * high + 0.5 * high * np.sin(turn)
    rings = Rings(x.ravel(), y.ravel(), np.arange(count + 1) * 8, np.arange(count + 1))
    values = np.random.default_rng(3).gamma(2, 400, count)
    return PolygonLayer("grid", rings, ids=[str(n) for n in number], names=[("", "")] * count, values=values)


def settle(app: QApplication, view: MapView, limit: float = 30.0) -> float:
    """Wait until the ground of the view is painted; seconds."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < limit and not view.canvas.tiles.complete(view.canvas.wished()):
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
    return time.perf_counter() - begun


def frames(app: QApplication, view: MapView) -> dict[str, dict[str, float]]:
    """Frame times while panning across the city and zooming in and out of its middle."""
    canvas = view.canvas
    view.fit_all()
    canvas.show_view(canvas.view.zoomed(8, canvas.width() / 2, canvas.height() / 2))
    settle(app, view)
    canvas.repaint()
    pan = []
    for frame in range(PAN_FRAMES):
        step = 14 if frame // 15 % 2 else -14
        begun = time.perf_counter()
        canvas.show_view(canvas.view.panned(step, step / 2))
        canvas.repaint()
        pan.append(time.perf_counter() - begun)
        app.processEvents()
    zoom = []
    for step in ZOOM_STEPS:
        begun = time.perf_counter()
        canvas.show_view(canvas.view.zoomed(4 * step, canvas.width() * 0.4, canvas.height() * 0.6))
        canvas.repaint()
        zoom.append(time.perf_counter() - begun)
        app.processEvents()
    return {"pan": spread(pan), "zoom": spread(zoom)}


def spread(seconds: list[float]) -> dict[str, float]:
    p50, p95, most = np.percentile(np.array(seconds) * 1000, [50, 95, 100])
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2), "max": round(float(most), 2)}


def shown(app: QApplication, base: Basemap, size: tuple[int, int]) -> MapView:
    view = MapView(ManualClock(NOW))
    view.resize(*size)
    view.show()
    view.set_city(base)
    app.processEvents()
    return view


def live_map(city: Path, size: tuple[int, int]) -> dict[str, object]:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    base = read_basemap(city)
    view = shown(app, base, size)
    first = settle(app, view)
    found: dict[str, object] = {"first_ground_s": round(first, 3), "memory_mb_empty": round(memory_mb())}
    for count in (1_000, 10_000, 100_000):
        view.set_layers(Picture((points(base, count),)))
        for name, gather in (("seen", True), ("every", False)):
            view.switch("gather", gather)
            result = frames(app, view)
            found[f"points_{count}_{name}"] = {**result, "memory_mb": round(memory_mb())}
            print(f"{count:>7} points, {name:5}: {result}", flush=True)
    view.set_layers(Picture())
    for count in (600, 5_000):
        view.set_city(replace(base, grid=cells(base, count)))
        view.switch("population", True)
        ground = settle(app, view)
        result = frames(app, view)
        found[f"polygons_{count}"] = {**result, "ground_s": round(ground, 3), "memory_mb": round(memory_mb())}
        print(f"{count:>7} polygons: {result}", flush=True)
    view.close_map()
    return found


WEB_SCRIPT = """
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


def web_page(city: Path, count: int) -> str:
    """A folium page of the city with the same points as canvas markers, and a script that times its frames."""
    from workstation.mapping.pages import PageMark, incident_page  # noqa: PLC0415  folium costs a second to import

    base = read_basemap(city)
    layer = points(base, count)
    lon, lat = unmercator(layer.x, layer.y)
    rows = np.stack([lat.round(6), lon.round(6), layer.symbol // 2], axis=1).tolist()
    page = incident_page(city, [PageMark(float(lat.mean()), float(lon.mean()), ("middle",))], "en")
    name = re.findall(r"var (map_[0-9a-f]+)", page)[0]
    return page.replace("</html>", WEB_SCRIPT.replace("POINTS", json.dumps(rows)).replace("MAP", name) + "</html>")


def web_map(city: Path, count: int, size: tuple[int, int]) -> dict[str, object]:
    """Runs in a process of its own."""
    from PySide6.QtCore import QUrl  # noqa: PLC0415  only this process needs a browser
    from PySide6.QtWebEngineWidgets import QWebEngineView  # noqa: PLC0415

    app = QApplication([])
    file = Path(os.environ["MAP_FRAMES_PAGE"])
    file.write_text(web_page(city, count), "utf-8")
    view = QWebEngineView()
    view.resize(*size)
    view.show()
    titles: list[str] = []
    view.titleChanged.connect(lambda title: title.startswith("{") and (titles.append(title), app.quit()))
    view.load(QUrl.fromLocalFile(str(file)))
    QTimer.singleShot(100_000, app.quit)
    app.exec()
    if not titles:
        return {"unavailable": "the page did not answer within 100 s"}
    times = json.loads(titles[-1])
    return {kind: spread([value / 1000 for value in values]) for kind, values in times.items()}


def beside_leaflet(options: argparse.Namespace) -> dict[str, object]:
    found: dict[str, object] = {}
    for count in (1_000, 10_000, 100_000):
        page = Path(os.environ.get("TMPDIR", "/tmp")) / f"map_frames_{os.getpid()}_{count}.html"
        flags = "--no-sandbox --disable-gpu"
        environment = {**os.environ, "MAP_FRAMES_PAGE": str(page), "QTWEBENGINE_CHROMIUM_FLAGS": flags}
        environment |= {"QT_QUICK_BACKEND": "software", "QTWEBENGINE_DISABLE_SANDBOX": "1"}
        command = [
            sys.executable,
            "-m",
            "tests.benchmarks.map_frames",
            "--web",
            str(count),
            "--city",
            str(options.city),
        ]
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=150, cwd=ROOT, check=True
            )
            found[f"points_{count}"] = json.loads(done.stdout.splitlines()[-1])
        except (subprocess.SubprocessError, ValueError, IndexError) as error:
            why = getattr(error, "stderr", "") or str(error)
            found[f"points_{count}"] = {"unavailable": str(why).strip().splitlines()[-1:]}
        finally:
            page.unlink(missing_ok=True)
        print(f"{count:>7} points on a Leaflet page: {found[f'points_{count}']}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--city", type=Path, default=ROOT / "maps" / "linjiang")
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--no-web", action="store_true")
    parser.add_argument("--web", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    wide, high = (int(part) for part in options.size.split("x"))
    if options.web:
        print(json.dumps(web_map(options.city, options.web, (wide, high))))
        return
    found: dict[str, object] = {
        "benchmark": "map_frames",
        "size": options.size,
        "live": live_map(options.city, (wide, high)),
    }
    found["leaflet"] = "not asked for" if options.no_web else beside_leaflet(options)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
