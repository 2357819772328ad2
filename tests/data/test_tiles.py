"""Tiles: what a map shows, read back by GDAL, which did not write them."""

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import Transformer
from sqlalchemy import func, select

from data.store import tiles
from data.store.errors import NoSuchTile
from data.store.versions import supersede
from data.tables import Finding
from tests.data.conftest import EAST, NORTH, VILLAGE, box, delivery, parcels
from tests.data.test_findings import run, store

CANARY = "张甲乙丙"
HALF_WORLD = 20037508.342789244
TO_MAP = Transformer.from_crs(4525, 3857, always_xy=True)


def address(z, x=5.0, y=5.0):
    """The tile of a zoom in which a place lies."""
    east, north = TO_MAP.transform(EAST + x, NORTH + y)
    side = 2 * HALF_WORLD / 2**z
    return z, int((east + HALF_WORLD) // side), int((HALF_WORLD - north) // side)


def shown(tmp_path, session, layer, z, **scope):
    body = tiles.tile(session, layer, *address(z), **scope).body
    if not body:
        return pd.DataFrame()
    _, x, y = address(z)
    path = tmp_path / f"{y}.pbf"
    path.write_bytes(body)
    return gpd.read_file(path, engine="pyogrio", layer=layer, X=str(x), Y=str(y), Z=str(z))


@pytest.fixture
def ground(session):
    frame = parcels(p00001=box(0, 0), p00002=box(8, 0), p00003=box(8, 0, 10, 9.9)).assign(
        boundary_witness=CANARY, remark=CANARY, bound_east=CANARY
    )
    supersede(session, "parcel", frame, delivery(session))
    buildings = gpd.GeoDataFrame({"row": [0], "name": [CANARY]}, geometry=[box(0, 0)], crs=4525)
    supersede(session, "building", buildings, delivery(session))
    run(session)


def test_parcels_are_shown_by_code_at_their_place(session, ground, tmp_path):
    found = shown(tmp_path, session, "parcel", 18)
    assert sorted(code[-1] for code in found.code) == ["1", "2", "3"]
    assert set(found.category) == {"10"}
    metric = found.set_crs(3857, allow_override=True).to_crs(4525)
    assert metric.total_bounds == pytest.approx([EAST, NORTH, EAST + 18, NORTH + 10], abs=0.1)


def test_no_name_is_in_any_tile(session, ground):
    for layer in tiles.LAYERS:
        for z in range(tiles.DEEPEST + 1):
            assert CANARY.encode() not in tiles.tile(session, layer, *address(z)).body


def test_findings_are_seen_at_every_zoom(session, ground, tmp_path):
    total = session.scalar(select(func.count()).select_from(Finding))
    assert total == 3
    for z in range(tiles.DEEPEST + 1):
        found = shown(tmp_path, session, "finding", z)
        count = len(found) if z >= tiles.FINDINGS_APART_FROM else found.n.sum()
        # at the deepest zooms a tile is smaller than a parcel
        assert count == total if z < 19 else count >= 1, z


def test_a_tile_shows_ones_own_area_only(session, ground):
    store(session, "441781101001", p00001=box(0, 0))
    run(session)
    for layer in ("parcel", "finding"):
        whole = tiles.tile(session, layer, *address(16)).body
        own = tiles.tile(session, layer, *address(16), scope=VILLAGE).body
        assert b"441781" in whole or layer == "finding"
        assert b"441781" not in own
        assert tiles.tile(session, layer, *address(16), scope="441702").body == b""


@pytest.mark.parametrize(
    ("layer", "z", "x", "y"),
    [
        ("parcel", -1, 0, 0),
        ("parcel", 23, 0, 0),
        ("parcel", 3, 8, 0),
        ("parcel", 3, 0, -1),
        ("parcel", 3, 1 << 63, 0),
        ("contractor", 3, 0, 0),
        ("account", 3, 0, 0),
    ],
)
def test_outside_of_the_grid_there_is_no_tile(session, layer, z, x, y):
    with pytest.raises(NoSuchTile):
        tiles.tile(session, layer, z, x, y)
