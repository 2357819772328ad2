"""Drawings of a dispute: to scale, north up, nothing but what is in the frame, and well-formed in both languages."""

import re
import xml.etree.ElementTree as ET

import pytest
import shapely

from geo.proposal import proposals
from geo.tolerance import curve
from web import drawing, labels

SVG = "{http://www.w3.org/2000/svg}"
A, B = shapely.box(0, 0, 10, 10), shapely.box(8, 0, 18, 10)
CUT = shapely.box(8, 0, 10, 10)


def drawn(svg):
    return ET.fromstring(svg)


def texts(svg):
    return [text.text for text in drawn(svg).iter(f"{SVG}text")]


def box_of(path):
    places = [tuple(map(float, pair.split(","))) for pair in re.findall(r"-?[\d.]+,-?[\d.]+", path.get("d"))]
    xs, ys = zip(*places, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def hatched(svg):
    (path,) = [path for path in drawn(svg).iter(f"{SVG}path") if path.get("fill") == "url(#hatch)"]
    return box_of(path)


def test_the_cut_keeps_its_proportions_and_its_place():
    west, north, east, south = hatched(drawing.ground(drawing.frame(A, B), A, B, CUT, {}, "zh"))
    assert (south - north) / (east - west) == pytest.approx(5, rel=0.01)
    assert (west + east) / 2 == pytest.approx(drawing.WIDTH / 2, abs=0.1)  # x = 9 is the middle of both


def test_the_scale_bar_is_as_long_as_it_says():
    box = drawing.frame(A, B)
    svg = drawing.ground(box, A, B, CUT, {}, "en")
    (said,) = [text for text in texts(svg) if re.fullmatch(r"\d+ m", text)]
    (bar,) = [
        path.get("d") for path in drawn(svg).iter(f"{SVG}path") if "H" in path.get("d") and "Z" not in path.get("d")
    ]
    start, end = re.fullmatch(r"M([\d.]+) .*H([\d.]+)V.*", bar).groups()
    per_metre = (drawing.WIDTH - 2 * drawing.EDGE) / (box[2] - box[0])
    assert (float(end) - float(start)) / per_metre == pytest.approx(int(said.split()[0]), abs=0.02)


def test_neighbours_are_named_where_there_is_room_and_clipped_to_the_frame():
    box = drawing.frame(A, B)
    around = {"00<7>": shapely.box(0, 10, 300, 300), "00008": shapely.box(18, 0, 18.01, 10)}
    svg = drawing.ground(box, A, B, CUT, around, "zh")
    assert "00<7>" in texts(svg)
    assert "00008" not in texts(svg)
    (frame,) = drawn(svg).iter(f"{SVG}clipPath")
    assert float(frame[0].get("x")) + float(frame[0].get("width")) == drawing.WIDTH - drawing.EDGE
    (cut_off,) = [group for group in drawn(svg).iter(f"{SVG}g") if group.get("clip-path") == "url(#frame)"]
    neighbours = [path for path in cut_off if path.get("fill") == "#f6f5ee"]
    assert len(neighbours) == 2
    assert max(box_of(path)[2] for path in neighbours) < drawing.WIDTH * 1.2


def test_no_edge_is_drawn_where_only_the_paper_ends():
    """A side that goes on beyond the frame has its own edges and none along the frame."""
    svg = drawing.ground(drawing.frame(shapely.box(8, 4, 10, 5)), A, B, CUT, {}, "zh")
    west, *_ = min(box_of(path) for path in drawn(svg).iter(f"{SVG}path") if path.get("stroke-width") == "2.2")
    assert west < drawing.EDGE


def test_names_do_not_lie_on_each_other():
    around = {f"{n:05}": shapely.box(-30, n, 30, n + 1) for n in range(10)}
    svg = drawing.ground(drawing.frame(A, B), A, B, CUT, around, "zh")
    places = [
        (float(text.get("x")), float(text.get("y"))) for text in drawn(svg).iter(f"{SVG}text") if text.text in around
    ]
    assert len(places) > 2
    for n, (x, y) in enumerate(places):
        assert all(abs(x - other_x) > 36 or abs(y - other_y) > 12 for other_x, other_y in places[:n])


def test_ground_that_a_paper_is_about_is_drawn_and_called_so():
    """No side has a shape: what the paper is about is drawn like one, and nothing is said to be in dispute."""
    svg = drawing.ground(drawing.frame(A), None, None, A, {}, "zh")
    assert labels.text("zh", "dossier.key_ground") in texts(svg)
    assert not {labels.text("zh", f"dossier.{key}") for key in ("key_a", "key_b", "key_cut")} & set(texts(svg))


def test_a_finding_about_one_thing_alone_is_drawn_too():
    assert texts(drawing.ground(drawing.frame(A), A, None, None, {}, "zh"))[0] == labels.text("zh", "map.tag_a")


@pytest.mark.parametrize("lang", labels.LANGUAGES)
def test_a_proposal_is_drawn_with_its_line(lang):
    (one,) = proposals(A, B).proposals
    svg = drawing.proposal(drawing.frame(CUT), one.a, one.b, one.part_b, one.line, lang)
    lines = [path for path in drawn(svg).iter(f"{SVG}path") if path.get("stroke") == drawing.NEW]
    west, _, east, _ = box_of(lines[0])
    assert west == pytest.approx(east, abs=0.1)  # it runs from south to north along x = 9
    assert labels.text(lang, "dossier.key_line") in texts(svg)


@pytest.mark.parametrize("lang", labels.LANGUAGES)
def test_bars_are_as_high_as_what_is_left(lang):
    svg = drawing.tolerances(curve(shapely.box(0, 0, 0.3, 40), 1.0), lang)
    bars = [bar for bar in drawn(svg).iter(f"{SVG}rect") if bar.get("stroke") == drawing.CUT]
    assert [float(bar.get("height")) > 0 for bar in bars] == [True, True, True, True, False]
    assert [bar.get("stroke-dasharray") for bar in bars] == [None, None, None, None, "3 2"]
    assert {"1 mm", "1 cm", "5 cm", "10 cm", "50 cm", "12.00"} <= set(texts(svg))
