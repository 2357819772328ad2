"""A village's conflict map as one HTML file that opens with no network and no server.

folium draws it, with Leaflet written into the file. folium's popups, tooltips and GeoJson fields are raw HTML, so no
text of the data goes through them: what is told stands in a JSON block and is shown by `textContent`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import folium
from branca.element import Element
from folium.utilities import JsCode
from jinja2 import Template

from geo import units
from web import labels, palette
from web.pages import STATIC, TEMPLATES, environment

LEAFLET = STATIC / "vendor" / "leaflet"
MAX_ZOOM = 22
# The palette's hatches as strokes in a cell of 8 × 8; diagonals overshoot so that cells join.
HATCHES = {
    "cross": "M-2 10L10 -2M-2 2L2 -2M6 10L10 6M-2 -2L10 10M-2 6L2 10M6 -2L10 2",
    "up": "M-2 10L10 -2M-2 2L2 -2M6 10L10 6",
    "down": "M-2 -2L10 10M-2 6L2 10M6 -2L10 2",
    "level": "M0 4H8",
    "upright": "M4 0V8",
    "dots": "M2 2h1.5M6 6h1.5",
}
SEVERAL = 20_000  # beyond this a browser freezes on one file


class TooMany(Exception):
    """More features than one file in a browser can bear."""

    code = "map_too_large"
    zh = "这个范围的地块太多，单个离线地图放不下。请选更小的范围。"
    en = "There are too many features here for one offline map. Choose a smaller area."

    def __init__(self) -> None:
        super().__init__(self.en)


class Verbatim(Element):
    """A piece of the page that folium's own templating never reads: it may hold text of the data."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str):
        super().__init__()
        self.text = text


def offline_map(
    village: str,
    parcels: Mapping[str, Any],
    findings: Mapping[str, Any],
    made_on: date,
    lang: str = labels.DEFAULT,
) -> str:
    """Draw a village from two GeoJSON collections in degrees: parcels, and findings with their sentences."""
    if len(parcels["features"]) + len(findings["features"]) > SEVERAL:
        raise TooMany
    drawn = folium.Map(tiles=None, prefer_canvas=False, zoom_control=True, control_scale=True, attributionControl=False)
    drawn.default_js, drawn.default_css = [], []
    # Without tiles Leaflet knows no greatest zoom, and what depends on it would vanish without a word.
    drawn.options["maxZoom"] = MAX_ZOOM
    folium.GeoJson(
        _bare(parcels, ()),
        name=labels.text(lang, "offline.parcels"),
        style_function=lambda _: {"color": "#6b7a58", "weight": 1, "fillColor": "#f4f3e2", "fillOpacity": 0.7},
        interactive=False,
    ).add_to(drawn)
    for category in palette.CATEGORIES:
        _add_category(drawn, category, findings, lang)
    folium.LayerControl(collapsed=False).add_to(drawn)
    box = _box(findings) or _box(parcels)
    if box:
        drawn.fit_bounds(box, max_zoom=18, padding=(40, 40))
    _inline(drawn, _panel(village, findings, made_on, lang))
    return drawn.get_root().render()


def _add_category(drawn: folium.Map, category: str, findings: Mapping[str, Any], lang: str) -> None:
    features = [f for f in findings["features"] if f["properties"]["category"] == category]
    if not features:
        return
    colour = palette.CATEGORIES[category]["colour"]
    folium.GeoJson(
        _bare({"features": features}, ("key",)),
        name=f"{labels.text(lang, f'category.{category}')}（{len(features)}）",
        style_function=lambda _: {
            "color": colour, "weight": 3, "fillColor": colour, "fillOpacity": 0.35, "className": f"cut-{category}",
        },
        on_each_feature=JsCode("(feature, layer) => layer.on('click', () => tell(feature.properties.key))"),
    ).add_to(drawn)  # fmt: skip


def _bare(collection: Mapping[str, Any], kept: tuple[str, ...]) -> dict[str, Any]:
    """The shapes with nothing said about them but what is needed to recognise them."""
    features = [
        {"type": "Feature", "geometry": f["geometry"], "properties": {name: f["properties"][name] for name in kept}}
        for f in collection["features"]
        if f["geometry"]
    ]
    return {"type": "FeatureCollection", "features": features}


def _box(collection: Mapping[str, Any]) -> list[list[float]] | None:
    places = [place for f in collection["features"] if f["geometry"] for place in _places(f["geometry"]["coordinates"])]
    if not places:
        return None
    xs, ys = zip(*places, strict=True)
    return [[min(ys), min(xs)], [max(ys), max(xs)]]


def _places(coordinates: Any) -> list[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        return [(coordinates[0], coordinates[1])]
    return [place for part in coordinates for place in _places(part)]


def _panel(village: str, findings: Mapping[str, Any], made_on: date, lang: str) -> str:
    told = {
        f["properties"]["key"]: {
            "sentence": f["properties"]["sentence"],
            "rule": f["properties"]["rule"],
            "state": labels.text(lang, f"state.{f['properties']['state']}"),
            "mu": str(units.mu(f["properties"]["shared_m2"])) if f["properties"].get("shared_m2") else "",
        }
        for f in findings["features"]
    }
    return (
        environment()
        .get_template("offline_panel.html")
        .render(
            t=lambda key, **fill: labels.text(lang, key, **fill),
            village=village,
            made_on=made_on.isoformat(),
            told=told,
            categories=palette.CATEGORIES,
            hatches=HATCHES,
        )
    )


def _inline(drawn: folium.Map, panel: str) -> None:
    """Write Leaflet, our style and the panel into the page instead of naming files elsewhere."""
    root = drawn.get_root()
    css = (LEAFLET / "leaflet.css").read_text(encoding="utf-8")
    css = css.replace("url(images/layers.png)", "none").replace("url(images/layers-2x.png)", "none")
    css = css.replace("url(images/marker-icon.png)", "none").replace("url(#default#VML)", "none")
    script = (LEAFLET / "leaflet.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    script = script.split("//# sourceMappingURL=")[0]
    own = (TEMPLATES / "offline.css").read_text(encoding="utf-8")
    root.header.add_child(Verbatim(f"<style>{css}{own}</style>"), name="a_style")
    root.header.add_child(Verbatim(f"<script>{script}</script>"), name="a_leaflet")
    root.html.add_child(Verbatim(panel), name="panel")
