"""Repairs are proposed where a file is read, in the cell; what can be stored stays as it was delivered.

Areas by hand, see tests/api/test_repairs.py: a bow-tie of 36 and 4 m², a square of 100 m² with a spike.
"""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.intake import read
from geo.intake.confined import read_confined
from geo.intake.repairs import MOST_VERTICES
from tests.api.test_repairs import AFTER, BEFORE, BOW_TIE, SHAPES, SPIKE
from tests.data.conftest import EAST, NORTH, box

CODE = "44170410100101{:05d}"


def written(folder, shapes, crs=4525):
    path = folder / "shapes.gpkg"
    numbers = [CODE.format(at) for at in range(1, len(shapes) + 1)]
    frame = gpd.GeoDataFrame({"DKBM": numbers, "DKMC": "垌口"}, geometry=list(shapes), crs=4525).to_crs(crs)
    frame.to_file(path, layer="DK")
    return path


def crowded():
    """A star that crosses itself at nearly every pair of its corners."""
    turns = np.arange(MOST_VERTICES + 1) * (np.pi * MOST_VERTICES / (MOST_VERTICES + 1))
    return shapely.Polygon(np.column_stack([EAST + 200 + 20 * np.cos(turns), NORTH + 20 * np.sin(turns)]))


def test_the_child_proposes_a_repair_of_each_invalid_shape_and_keeps_what_came(tmp_path):
    layer = read_confined(written(tmp_path, SHAPES.values())).layers[0]
    assert [(each.row, each.code) for each in layer.repairs] == [(0, CODE.format(1)), (1, CODE.format(2))]
    assert [each.area_before_m2 for each in layer.repairs] == pytest.approx(BEFORE)
    assert [each.area_after_m2 for each in layer.repairs] == pytest.approx(AFTER)
    repaired = shapely.from_wkb([each.repaired for each in layer.repairs])
    assert shapely.is_valid(repaired).all()
    assert shapely.equals_exact(shapely.from_wkb(layer.repairs[0].delivered), BOW_TIE)
    assert layer.frame.geometry.is_valid.tolist() == [False, False, True]

    redrawn = layer.accepted.redrawn({1: layer.repairs[1].repaired}).frame().geometry
    assert redrawn.is_valid.tolist() == [False, True, True]
    assert shapely.equals(redrawn[1], box(20, 0))
    assert shapely.equals_exact(redrawn[0], BOW_TIE)


def test_areas_are_told_in_metric_systems_only_and_a_shape_beyond_the_limit_is_left_alone(tmp_path):
    shapes = [SPIKE, crowded(), box(50, 0)]
    layer = read(written(tmp_path, shapes, crs=4490)).layers[0]
    assert layer.read == len(layer.accepted) == 3
    assert [(each.row, each.area_before_m2, each.area_after_m2) for each in layer.repairs] == [(0, None, None)]
    assert not layer.frame.geometry.is_valid[1]
