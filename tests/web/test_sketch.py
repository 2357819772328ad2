"""A parcel's sketch: to scale, north up, neighbours within five metres, nobody's name."""

import re
import xml.etree.ElementTree as ET

import pytest
import shapely

from tests.web.cards import field
from web.sketch import HEIGHT, WIDTH, bar_metres, sketch

SVG = "{http://www.w3.org/2000/svg}"
OWN = shapely.geometry.shape(field(0, 0, 60, 30))
EAST = shapely.geometry.shape(field(60, 0, 50, 30))
FAR = shapely.geometry.shape(field(80, 0, 50, 30))


def drawn(*neighbours, **more):
    return ET.fromstring(sketch(OWN, neighbours, **more))


def places(path):
    return [tuple(map(float, pair.split(","))) for pair in re.findall(r"-?[\d.]+,-?[\d.]+", path.get("d"))]


def by_stroke(svg, stroke):
    return [path for path in svg.iter(f"{SVG}path") if path.get("stroke") == stroke]


def test_the_outline_keeps_its_corners_and_proportions():
    (outline,) = by_stroke(drawn(), "#c62828")
    corners = places(outline)
    assert len(corners) == 5
    xs, ys = zip(*corners, strict=True)
    # One degree east is cos(21.8°) of one degree north there; the field is 60 × 33 steps.
    assert (max(xs) - min(xs)) / (max(ys) - min(ys)) == pytest.approx(60 * 0.9285 / 33, rel=0.01)
    assert 0 < min(xs) < max(xs) < WIDTH
    assert 0 < min(ys) < max(ys) < HEIGHT


def test_north_is_up():
    """The field's ridge lies in the middle of its northern side."""
    (outline,) = by_stroke(drawn(), "#c62828")
    corners = places(outline)
    ridge = min(corners, key=lambda place: place[1])
    xs = [x for x, _ in corners]
    assert ridge[0] == pytest.approx((min(xs) + max(xs)) / 2, abs=1)


def test_neighbours_end_five_metres_away():
    svg = drawn(EAST)
    (outline,) = by_stroke(svg, "#c62828")
    (edge,) = by_stroke(svg, "#2e7d4f")
    width = max(x for x, _ in places(outline)) - min(x for x, _ in places(outline))
    per_metre = width / (60 * 1e-5 * 111_320 * 0.9285)
    beyond = max(x for x, _ in places(edge)) - max(x for x, _ in places(outline))
    assert beyond / per_metre == pytest.approx(5, abs=0.1)


def test_what_lies_farther_is_not_drawn():
    assert all(not places(path) for path in by_stroke(drawn(FAR), "#2e7d4f"))


def test_the_label_is_the_area_over_the_serial_and_is_escaped():
    texts = [text.text for text in drawn(serial="00<b>", area_m2=1000.0).iter(f"{SVG}text")]
    assert texts[:2] == ["1.50 亩", "00<b>"]


def test_holes_are_drawn_and_many_corners_are_not_dotted():
    holed = OWN.difference(shapely.Point(111.9003, 21.80015).buffer(5e-5))
    svg = ET.fromstring(sketch(holed))
    (outline,) = by_stroke(svg, "#c62828")
    assert outline.get("d").count("Z") == 2
    assert not list(svg.iter(f"{SVG}circle"))


@pytest.mark.parametrize(("longest", "metres"), [(23, 20), (9.9, 5), (1.2, 1), (0.7, 0.5), (100, 100), (499, 200)])
def test_the_scale_bar_is_a_round_length(longest, metres):
    assert bar_metres(longest) == metres
