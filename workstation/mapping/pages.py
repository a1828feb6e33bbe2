"""A map inside a document: one HTML page with everything in it, that asks no network for anything.

folium builds the page; its links to foreign servers are left out, Leaflet's own files written in from a wheel,
and a content policy forbids the rest. Text about a place reaches the page as JSON and is shown by `textContent`,
so no name can become markup. Colours are those of paper, because a document is printed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from jinja2 import Template
from xstatic.pkg import leaflet

from workstation.content import Feature, read_geojson, read_yaml
from workstation.domain.levels import NUMERAL, Severity
from workstation.words import tell

AROUND_DEGREES = 0.03
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
STYLES: dict[str, dict[str, Any]] = {
    "districts": {"fillColor": "#f4f2ee", "fillOpacity": 1, "color": "#8a8f96", "weight": 1.2, "dashArray": "7 4"},
    "residential": {"fillColor": "#ece9e4", "fillOpacity": 1, "stroke": False},
    "commercial": {"fillColor": "#ebe1da", "fillOpacity": 1, "stroke": False},
    "industrial": {"fillColor": "#e3e1e6", "fillOpacity": 1, "stroke": False},
    "school": {"fillColor": "#ece8d8", "fillOpacity": 1, "stroke": False},
    "park": {"fillColor": "#d9e6d2", "fillOpacity": 1, "stroke": False},
    "farmland": {"fillColor": "#eaeedd", "fillOpacity": 1, "stroke": False},
    "water": {"fillColor": "#c3d8e8", "fillOpacity": 1, "color": "#a6c3d8", "weight": 1},
    "streets": {"fill": False, "color": "#9aa0a8", "weight": 1, "dashArray": "4 4"},
    "minor": {"color": "#ffffff", "weight": 2},
    "major": {"color": "#fbe3a6", "weight": 4},
    "rail": {"color": "#8d8d95", "weight": 1.5, "dashArray": "6 6"},
}
INK = {Severity.I: "#c62828", Severity.II: "#d96b00", Severity.III: "#a88400", Severity.IV: "#1565c0"}
OUTLINE = {
    Severity.I: '<polygon points="9,2 19,2 26,9 26,19 19,26 9,26 2,19 2,9"/>',
    Severity.II: '<polygon points="14,1 27,25 1,25"/>',
    Severity.III: '<polygon points="14,1 27,14 14,27 1,14"/>',
    Severity.IV: '<circle cx="14" cy="14" r="12"/>',
}


@dataclass(frozen=True, slots=True)
class PageMark:
    """One thing on the page's map: where, what is told of it line by line, and its severity (None: a grey dot)."""

    lat: float
    lon: float
    lines: tuple[str, ...]
    severity: Severity | None = None


class _Raw(Element):
    """Text that goes into the page as it is; the texts are ours and Leaflet's."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class _Marks(MacroElement):
    """The marks, told by `textContent`: what is written about a place stays text."""

    _template = Template(
        """{% macro script(this, kwargs) %}
        {{ this._parent.get_name() }}.attributionControl.setPrefix(false)
            .addAttribution({{ this.attribution|tojson }});
        new ResizeObserver(() => {{ this._parent.get_name() }}.invalidateSize({animate: false}))
            .observe({{ this._parent.get_name() }}.getContainer());
        for (const mark of {{ this.marks|tojson }}) {
            const text = document.createElement("div");
            text.style.whiteSpace = "pre-line";
            text.textContent = mark.text;
            const icon = L.divIcon({html: mark.sign, className: "", iconSize: [28, 28], iconAnchor: [14, 14]});
            L.marker([mark.lat, mark.lon], {icon: icon, alt: mark.alt, keyboard: true})
                .bindPopup(text).addTo({{ this._parent.get_name() }});
        }
        {% endmacro %}"""
    )

    def __init__(self, marks: Sequence[PageMark], attribution: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Marks"
        self.attribution = attribution
        self.marks = [
            {"lat": one.lat, "lon": one.lon, "text": "\n".join(one.lines), "alt": one.lines[0] if one.lines else ""}
            | {"sign": sign(one.severity)}
            for one in marks
        ]


def sign(severity: Severity | None) -> str:
    """The SVG of a severity: shape, colour and numeral, readable in a monochrome print."""
    if severity is None:
        inside = '<circle cx="14" cy="14" r="6" fill="#5f6b76" stroke="#fff" stroke-width="2"/>'
    else:
        inside = (
            f'<g fill="{INK[severity]}" stroke="#fff" stroke-width="2">{OUTLINE[severity]}</g>'
            f'<text x="14" y="{21 if severity is Severity.II else 19}" text-anchor="middle" font-size="13"'
            f' font-weight="bold" fill="#fff">{NUMERAL[severity]}</text>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="28" height="28" viewBox="0 0 28 28">{inside}</svg>'


def incident_page(city: Path, marks: Sequence[PageMark], language: str) -> str:
    """A whole HTML document with a map around the first mark (the incident), for a `srcdoc` frame or a file.

    `city` is a city's content folder. Raises ContentError where its files are broken, ValueError without a mark.
    """
    if not marks:
        raise ValueError("a page needs at least one mark")
    middle = marks[0]
    page = folium.Map(
        location=[middle.lat, middle.lon], tiles=None, zoom_start=15, control_scale=True, prefer_canvas=True
    )
    page.default_js, page.default_css = [], []
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": list(_ground(city, (middle.lon, middle.lat)))},
        style_function=lambda feature: STYLES[feature["properties"]["tone"]],
        interactive=False,
    )
    layer.add_to(page)
    _Marks(marks, _attribution(city, language)).add_to(page)
    return _alone(page)


def _alone(page: folium.Map) -> str:
    """The page as one text that needs nothing else."""
    figure = page.get_root()
    assert isinstance(figure, Figure)
    header = figure.header
    header.add_child(_Raw(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'), name="policy")
    header.add_child(
        _Raw(f"<style>{_leaflet('leaflet.css')}.leaflet-container{{background:#dfe9f0}}</style>"), name="look"
    )
    header.add_child(_Raw(f"<script>{_leaflet('leaflet.js')}</script>"), name="leaflet")
    text = figure.render()
    if found := re.search(r"""<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=[^>]*>""", text):
        raise RuntimeError(f"the page would ask the network for {found.group(0)}")
    return str(text)


def _leaflet(name: str) -> str:
    """One of Leaflet's files without its references to pictures and source maps, which a single page cannot follow."""
    text = (Path(leaflet.BASE_DIR) / name).read_text("utf-8")
    return re.sub(r"url\([^)]*\)|//# sourceMappingURL=\S+", "none" if name.endswith("css") else "", text)


def _attribution(city: Path, language: str) -> str:
    """Whose map it is, as HTML with nothing in it but text."""
    about = read_yaml(city / "city.yaml")
    name = escape(str(about.get(f"name_{language}") or ""))
    return f"{name} · {tell(language, 'map.invented')}" if about.get("simulated") else name


def _ground(city: Path, middle: tuple[float, float]) -> Iterator[dict[str, Any]]:
    """The city around a place as GeoJSON features in painting order, each with nothing but its tone."""
    for name in ("districts", "landuse", "water", "streets", "roads"):
        path = city / f"{name}.geojson"
        for feature in read_geojson(path) if path.is_file() else []:
            tone = _tone(name, feature)
            if tone in STYLES and _near(feature.geometry["coordinates"], middle):
                geometry = {"type": feature.geometry["type"], "coordinates": _rounded(feature.geometry["coordinates"])}
                yield {"type": "Feature", "properties": {"tone": tone}, "geometry": geometry}


def _tone(name: str, feature: Feature) -> str:
    kind = str(feature.properties.get("class") or "")
    if name == "landuse":
        return kind
    if name == "roads":
        return {"rail": "rail", "residential": "minor", "secondary": "minor"}.get(kind, "major")
    return name


def _points(coordinates: Any) -> Iterator[Any]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates
        return
    for part in coordinates:
        yield from _points(part)


def _near(coordinates: Any, middle: tuple[float, float]) -> bool:
    """Whether the box of a geometry meets the box of the page."""
    points = list(_points(coordinates))
    return all(
        min(point[axis] for point in points) < middle[axis] + AROUND_DEGREES
        and max(point[axis] for point in points) > middle[axis] - AROUND_DEGREES
        for axis in (0, 1)
    )


def _rounded(coordinates: Any) -> Any:
    """Coordinates to a metre, which a printed map cannot tell from more."""
    if isinstance(coordinates, int | float):
        return round(coordinates, 5)
    return [_rounded(part) for part in coordinates]
