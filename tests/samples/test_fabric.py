"""The fabric's truth is exact: an independent engine finds the planted pairs, and no other above the threshold."""

import numpy as np
import pytest
import shapely

from data.samples import Fabric, fabric
from data.samples.fabric import towns
from data.samples.patches import survey_polygons

SIZE = 12_000


@pytest.fixture(scope="module")
def made() -> Fabric:
    return fabric(SIZE, seed=3)


@pytest.fixture(scope="module")
def valid(made: Fabric) -> np.ndarray:
    return np.setdiff1d(np.arange(SIZE), made.invalid)


@pytest.fixture(scope="module")
def neighbours(made: Fabric, valid: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of valid parcels that touch or share ground, and their common area as GEOS cuts it."""
    shapes = made.shapes[valid]
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    return valid[one], valid[other], shapely.area(shapely.intersection(shapes[one], shapes[other]))


def test_as_many_parcels_as_asked_for_and_one_in_a_thousand_is_a_bow_tie(made: Fabric, valid: np.ndarray):
    assert len(made.shapes) == SIZE
    assert shapely.is_valid(made.shapes[valid]).all()
    assert len(made.invalid) == SIZE // 1000
    assert not shapely.is_valid(made.shapes[made.invalid]).any()
    assert np.median(shapely.area(made.shapes)) == pytest.approx(985, abs=20)


def test_same_seed_same_fabric(made: Fabric):
    again = fabric(SIZE, seed=3)
    assert shapely.equals_exact(again.shapes, made.shapes).all()
    assert again.pairs.equals(made.pairs)
    assert (again.invalid == made.invalid).all()
    assert not shapely.equals_exact(fabric(SIZE, seed=4).shapes, made.shapes).all()


def test_the_planted_pairs_and_nothing_else_share_ground(made: Fabric, neighbours):
    found = {(a, b): area for a, b, area in zip(*neighbours, strict=True) if area > 0.05}
    planted = {(a, b): area for a, b, area in made.pairs[["row_a", "row_b", "shared_m2"]].itertuples(index=False)}
    assert found.keys() == planted.keys()
    assert all(found[pair] == pytest.approx(planted[pair], abs=1e-4) for pair in planted)


@pytest.mark.parametrize("size", [100, 1000, 4321])
def test_the_truth_is_exact_at_any_size(size: int):
    made = fabric(size, seed=size)
    assert len(made.shapes) == size
    valid = np.setdiff1d(np.arange(size), made.invalid)
    one, other = shapely.STRtree(made.shapes[valid]).query(made.shapes[valid], predicate="intersects")
    shared = shapely.area(shapely.intersection(made.shapes[valid[one]], made.shapes[valid[other]]))
    found = {(a, b) for a, b in zip(valid[one[shared > 0.05]], valid[other[shared > 0.05]], strict=True) if a < b}
    assert found == set(made.pairs[["row_a", "row_b"]].itertuples(index=False, name=None))


def test_every_kind_is_planted(made: Fabric):
    assert made.pairs["kind"].value_counts().to_dict() == {
        "overlap": 48,
        "sliver": 24,
        "duplicate": 12,
        "contained": 12,
    }
    overlaps = made.pairs.loc[made.pairs["kind"] == "overlap", "shared_m2"]
    assert overlaps.between(1, 120).all()


def test_some_of_it_is_planted_on_parcels_of_two_parts(made: Fabric):
    two = shapely.get_type_id(made.shapes) == shapely.GeometryType.MULTIPOLYGON
    kinds = made.pairs["kind"][two[made.pairs["row_a"]] | two[made.pairs["row_b"]]]
    assert kinds.value_counts().to_dict() == {"overlap": 5, "duplicate": 1}
    assert 0.01 < two.mean() < 0.02
    assert (shapely.get_num_geometries(made.shapes[two]) == 2).all()


def test_a_bow_tie_shares_no_ground_however_it_is_repaired(made: Fabric, valid: np.ndarray):
    hulls = shapely.convex_hull(made.shapes[made.invalid])
    one, other = shapely.STRtree(made.shapes[valid]).query(hulls)
    assert shapely.area(shapely.intersection(hulls[one], made.shapes[valid[other]])).max() < 0.05


def test_there_is_noise_below_the_tolerance(made: Fabric, neighbours):
    shared = neighbours[2]
    noise = shared[(shared > 1e-12) & (shared <= 0.05)]
    assert len(noise) > 5 * len(made.pairs)
    assert noise.max() > 0.01


def test_neighbouring_villages_meet_without_a_gap(made: Fabric):
    town = shapely.union_all(made.shapes[shapely.dwithin(made.shapes, shapely.Point(towns(SIZE)[0]), 450)])
    whole = shapely.Point(towns(SIZE)[0]).buffer(440)
    bare = shapely.area(shapely.difference(whole, shapely.buffer(town, 0.01)))
    # terraces and bricks leave some room at the edge of their blocks; blocks apart would leave a third of the ground
    assert bare < 0.08 * shapely.area(whole)


def test_all_kinds_of_outlines_are_there(made: Fabric):
    corners = shapely.get_num_coordinates(made.shapes)
    assert {5, 7, 39} <= set(np.unique(corners))
    # cells round points are the only ones with six corners, or with seven that are not strips
    assert ((corners == 6) | (corners == 8)).sum() > SIZE * 0.05


def test_ponds_are_holes_and_some_of_them_are_parcels(made: Fabric):
    holes = np.flatnonzero(shapely.get_num_interior_rings(made.shapes) == 1)
    assert len(holes) == SIZE // 100
    ponds = shapely.polygons(shapely.get_interior_ring(made.shapes[holes], 0))
    assert shapely.equals_exact(ponds[:, None], made.shapes[shapely.area(made.shapes) < 30]).sum() == SIZE // 1000


def test_survey_polygons_lie_over_the_parcels(made: Fabric, valid: np.ndarray):
    polygons = survey_polygons(SIZE, seed=3)
    assert len(polygons) == SIZE // 10
    assert shapely.is_valid(polygons).all()
    assert shapely.equals_exact(polygons, survey_polygons(SIZE, seed=3)).all()
    corners = shapely.get_num_coordinates(polygons)
    assert corners.min() == 5
    assert corners.max() >= 301
    polygon, parcel = shapely.STRtree(made.shapes[valid]).query(polygons, predicate="intersects")
    shared = shapely.area(shapely.intersection(polygons[polygon], made.shapes[valid[parcel]])) > 0.05
    assert 4 < shared.sum() / len(polygons) < 10
    assert len(np.unique(polygon)) > 0.9 * len(polygons)
