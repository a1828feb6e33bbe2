"""How long a frame of the live map takes, on this machine, without a graphics card.

    python tests/benchmarks/map_frames.py [--city maps/linjiang] [--size 1920x1080] [--no-web] [--quick]

1 k, 10 k and 100 k points as the operator sees them (gathered) and with every point drawn; 600 and 5,000 polygons of a
choropleth; each panned and zoomed with the whole city in view (`city`: every point is on the screen) and among its
streets (`close`). Beside it the same points on a folium page in the same run: see `leaflet_page`. Times in ms; the
targets are for the 95th of a hundred frames of 100 k points.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from tests.benchmarks.rig import is_quick, memory_mb, print_result
from workstation.domain.clock import ManualClock
from workstation.mapping.basemap import Basemap, read_basemap
from workstation.mapping.layers import PointLayer, PolygonLayer, Rings
from workstation.mapping.picture import INCIDENT_SYMBOLS, Picture
from workstation.mapping.viewport import Viewport
from workstation.views.map.view import MapView

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAN_FRAMES = 10 if is_quick() else 90
ZOOM_STEPS = (1, 1, 1, -1, -1, -1) * (1 if is_quick() else 6)
POINTS = (1_000,) if is_quick() else (1_000, 10_000, 100_000)
SEEN_MS, EVERY_MS = 16.0, 33.0
CLOSE_STEPS = 8
Figures = dict[str, Any]


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


def frames(app: QApplication, view: MapView) -> Figures:
    """Frame times with the whole city in view, and close among its streets."""
    view.fit_all()
    found = {"city": moved(app, view)}
    view.fit_all()
    canvas = view.canvas
    canvas.show_view(canvas.view.zoomed(CLOSE_STEPS, canvas.width() / 2, canvas.height() / 2))
    return found | {"close": moved(app, view), "memory_mb": memory_mb()}


def moved(app: QApplication, view: MapView) -> Figures:
    """Frame times while panning to and fro, and zooming in and out."""
    canvas = view.canvas
    settle(app, view)
    canvas.repaint()
    pan = []
    for frame in range(PAN_FRAMES):
        step = 14 if frame // 15 % 2 else -14
        pan.append(painted(app, view, canvas.view.panned(step, step / 2)))
    zoom = []
    for step in ZOOM_STEPS:
        zoom.append(painted(app, view, canvas.view.zoomed(4 * step, canvas.width() * 0.4, canvas.height() * 0.6)))
    return {"pan": spread(pan), "zoom": spread(zoom)}


def painted(app: QApplication, view: MapView, seen: Viewport) -> float:
    """Seconds until the map shows that view."""
    begun = time.perf_counter()
    view.canvas.show_view(seen)
    view.canvas.repaint()
    took = time.perf_counter() - begun
    app.processEvents()
    return took


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


def live_map(city: Path, size: tuple[int, int]) -> Figures:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    base = read_basemap(city)
    view = shown(app, base, size)
    first = settle(app, view)
    found: Figures = {"first_ground_s": round(first, 3), "memory_mb_empty": memory_mb()}
    for count in POINTS:
        view.set_layers(Picture((points(base, count),)))
        for name, gather in (("seen", True), ("every", False)):
            view.switch("gather", gather)
            found[f"points_{count}_{name}"] = result = frames(app, view)
            print(f"{count:>7} points, {name:5}: {result}", flush=True)
    view.set_layers(Picture())
    for count in (600, 5_000):
        view.set_city(replace(base, grid=cells(base, count)))
        view.switch("population", True)
        ground = settle(app, view)
        found[f"polygons_{count}"] = result = frames(app, view) | {"ground_s": round(ground, 3)}
        print(f"{count:>7} polygons: {result}", flush=True)
    view.close_map()
    return found


def worst(figures: Figures) -> float:
    """The longest 95th of a hundred frames: of panning or zooming, near or far."""
    return max(figures[place][way]["p95"] for place in ("city", "close") for way in ("pan", "zoom"))


def beside_leaflet(city: Path, size: str) -> Figures:
    """The same points on a web page, each page in a process of its own; or why there is none."""
    found: Figures = {}
    for count in POINTS:
        command = [sys.executable, "-m", "tests.benchmarks.leaflet_page", str(count), str(city), size]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=200, cwd=ROOT, check=True)
            found[f"points_{count}"] = json.loads(done.stdout.splitlines()[-1])
        except (subprocess.SubprocessError, ValueError, IndexError) as error:
            said = " ".join(str(getattr(error, "stderr", "") or error).split())
            found[f"points_{count}"] = {"skipped": f"no web page could be shown: {said[-200:]}"}
        print(f"{count:>7} points on a Leaflet page: {found[f'points_{count}']}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--city", type=Path, default=ROOT / "maps" / "linjiang")
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--no-web", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    wide, high = (int(part) for part in options.size.split("x"))
    live = live_map(options.city, (wide, high))
    web = {"skipped": "not asked for"} if options.no_web else beside_leaflet(options.city, options.size)
    seen, every = (worst(live[f"points_{POINTS[-1]}_{name}"]) for name in ("seen", "every"))
    ratios = {"seen_of_target": round(seen / SEEN_MS, 2), "every_of_target": round(every / EVERY_MS, 2)}
    worsts = {"seen_p95_ms": seen, "every_p95_ms": every, "targets_ms": [SEEN_MS, EVERY_MS]}
    print_result("map_frames", {"size": options.size, **worsts, **ratios, "live": live, "leaflet": web})


if __name__ == "__main__":
    main()
