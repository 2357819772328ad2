import numpy as np
import pytest
import shapely

from data.samples import Fabric, fabric

SIZE = 12_000


@pytest.fixture(scope="module")
def made() -> Fabric:
    return fabric(SIZE, seed=3)


def test_as_many_valid_parcels_as_asked_for(made: Fabric):
    assert len(made.shapes) == SIZE
    assert shapely.is_valid(made.shapes).all()
    assert np.median(shapely.area(made.shapes)) == pytest.approx(985, abs=20)


def test_same_seed_same_fabric(made: Fabric):
    again = fabric(SIZE, seed=3)
    assert shapely.equals_exact(again.shapes, made.shapes).all()
    assert again.pairs.equals(made.pairs)
    assert not shapely.equals_exact(fabric(SIZE, seed=4).shapes, made.shapes).all()


def test_the_planted_pairs_and_nothing_else_share_ground(made: Fabric):
    one, other = shapely.STRtree(made.shapes).query(made.shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.area(shapely.intersection(made.shapes[one], made.shapes[other]))
    found = {(a, b): area for a, b, area in zip(one, other, shared, strict=True) if area > 0.05}
    planted = {(a, b): area for a, b, area in made.pairs[["row_a", "row_b", "shared_m2"]].itertuples(index=False)}
    assert found.keys() == planted.keys()
    assert all(found[pair] == pytest.approx(planted[pair], abs=1e-4) for pair in planted)


def test_every_kind_is_planted(made: Fabric):
    assert made.pairs["kind"].value_counts().to_dict() == {
        "overlap": 48,
        "sliver": 24,
        "duplicate": 12,
        "contained": 12,
    }
    overlaps = made.pairs.loc[made.pairs["kind"] == "overlap", "shared_m2"]
    assert overlaps.between(1, 120).all()


def test_there_is_noise_below_the_tolerance(made: Fabric):
    one, other = shapely.STRtree(made.shapes).query(made.shapes, predicate="overlaps")
    assert (one < other).sum() > 5 * len(made.pairs)


def test_strips_terraces_bricks_and_ponds_are_there(made: Fabric):
    corners = shapely.get_num_coordinates(made.shapes)
    assert {5, 7, 39} <= set(np.unique(corners))
    assert (shapely.get_num_interior_rings(made.shapes) == 1).sum() == SIZE // 100
