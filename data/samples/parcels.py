"""Write parcels as the DK layer of the delivery standard, with neighbours' names as bounds."""

from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.samples.books import Books, declared_areas, in_mu
from data.samples.township import Cell

#: What lies beyond a field where no neighbour does, and the four bounds by the direction they look in.
_BEYOND = ("道路", "水渠", "田埂路", "沟渠")
BOUNDS = {"DKDZ": 0.0, "DKBZ": 90.0, "DKXZ": 180.0, "DKNZ": 270.0}
_REACH_M = 0.3


def dk(parcels: pd.DataFrame, given: pd.Series, books: Books, cells: list[Cell]) -> pd.DataFrame:
    """The DK layer in the order of villages and groups; its index is that of the parcels."""
    place = {cell.index: cell.name for cell in cells}
    area = declared_areas(parcels)
    basic = parcels["kind"].isin(["quad", "strip"])
    table = pd.DataFrame(
        {
            "YSDM": "211011",
            "DKBM": given[parcels.index],
            "DKMC": parcels["field"].map(place),
            "SYQXZ": "31",
            "DKLB": parcels["category"],
            "TDLYLX": np.where(parcels["kind"] == "terrace", "013", "011"),
            "DLDJ": (parcels["field"] % 4 + 3).map("{:02d}".format),
            "TDYT": "1",
            "SFJBNT": np.where(basic, "1", "2"),
            "SCMJ": area,
            "SCMJM": in_mu(area),
            "KJZB": [_points(count) for count in shapely.get_num_coordinates(parcels["geometry"].to_numpy(object))],
            "geometry": parcels["geometry"].where(~parcels["without_shape"], None),
        },
        index=parcels.index,
    )
    names = books.holders.map(books.names).reindex(parcels.index)
    table["ZJRXM"] = names.fillna("集体")
    table = table.join(_bounds(parcels["geometry"].to_numpy(object), names, parcels["field"]))
    if parcels["predecessors"].notna().any():
        table["YDKBM"] = [None if named is None else "/".join(given[list(named)]) for named in parcels["predecessors"]]
    order = parcels.assign(code=given).sort_values(["village", "group", "delivery"], kind="stable").index
    return table.loc[order].assign(BSM=np.arange(1, len(table) + 1))


def _points(count: int) -> str:
    """The numbers of the corners; long lists are cut at the width of the field, as real files do."""
    return "/".join(f"J{number}" for number in range(1, count))[:254].rpartition("/")[0]


def _bounds(shapes: NDArray[Any], names: pd.Series, fields: pd.Series) -> pd.DataFrame:
    """For each parcel and each of four directions, whose land lies there, or what else does."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=_REACH_M)
    one, other = one[one != other], other[one != other]
    step = shapely.get_coordinates(shapely.centroid(shapes))
    east, north = (step[other] - step[one]).T
    bearing = np.degrees(np.arctan2(north, east))
    known = names.fillna("集体").to_numpy()
    found = {}
    for bound, direction in BOUNDS.items():
        off = np.abs((bearing - direction + 180) % 360 - 180)
        near = pd.DataFrame({"one": one, "name": known[other], "off": off})[off < 50]
        nearest = near.sort_values(["off", "name"], kind="stable").groupby("one")["name"].first()
        beyond = pd.Series(np.take(_BEYOND, (fields.to_numpy() + int(direction)) % len(_BEYOND)))
        found[bound] = nearest.reindex(np.arange(len(shapes))).fillna(beyond).to_numpy()
    return pd.DataFrame(found, index=names.index)
