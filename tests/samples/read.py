"""Read a sample with GDAL and nothing of ours, as somebody else would."""

import re
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geo.fields import fields, layer_of_file, match_columns


def layer(path: Path, name: str) -> gpd.GeoDataFrame:
    """A layer or table of a delivery, under the standard's names."""
    names = zipfile.ZipFile(path).namelist()
    table = re.compile(rf"{name.rstrip('.')}(44[0-9]+)?[.](shp|dbf)")
    member = next(member for member in names if table.fullmatch(member))
    stem = member.rsplit(".", 1)[0]
    is_layer = f"{stem}.shp" in zipfile.ZipFile(path).namelist()
    return pyogrio.read_dataframe(f"/vsizip/{path}/{stem}{'.shp' if is_layer else '.dbf'}", encoding="GBK")


def stored_parcels(folder: Path, after: int) -> gpd.GeoDataFrame:
    """The parcels that stand after a delivery: sound rows, later ones in place of earlier ones they repeat or name."""
    standing = layer(folder / "township.zip", "DK").assign(delivery=1, YDKBM=None)
    sound = standing["DKBM"].str.fullmatch(r"\d{19}") & ~standing["DKBM"].duplicated(keep=False)
    standing = standing[sound & standing.geometry.notna()]
    if after == 2:
        later = layer(folder / "correction.zip", "DK").assign(delivery=2)
        replaced = {code for named in later["YDKBM"].dropna() for code in named.split("/")} | set(later["DKBM"])
        standing = pd.concat([standing[~standing["DKBM"].isin(replaced)], later], ignore_index=True)
    return gpd.GeoDataFrame(standing, crs="EPSG:4525")


def ground(folder: Path, after: int) -> dict[str, pd.DataFrame]:
    """Everything that stands after a delivery, under our names, as rules take it."""
    frames = {}
    for member in zipfile.ZipFile(folder / "township.zip").namelist():
        if not member.endswith(".dbf"):
            continue
        name = layer_of_file(member)
        assert name is not None
        table = member.removesuffix(".dbf").removesuffix("4417812026")
        rows = stored_parcels(folder, after) if table == "DK" else layer(folder / "township.zip", table)
        matched = match_columns(name, list(rows.columns)).columns
        rows = rows.rename(columns={theirs: ours for ours, theirs in matched.items()}).reset_index(drop=True)
        for field in fields(name):
            if field.type == "date" and field.name in rows:
                rows[field.name] = pd.to_datetime(rows[field.name]).astype("datetime64[s]")
        frames[name] = rows.assign(row=np.arange(len(rows)))
    if "predecessors" in frames["parcel"].columns:  # the rights in replaced parcels end with them
        replaced = frames["parcel"]["predecessors"].dropna().str.split("/").explode()
        rights = frames["parcel_right"]
        frames["parcel_right"] = rights[~rights["parcel_code"].isin(replaced)].reset_index(drop=True)
    return frames


def overlaps(parcels: gpd.GeoDataFrame, gate_m2: float, gate_m: float) -> set[frozenset[str]]:
    """Pairs of codes that share so much ground in pieces so wide, by plain shapely."""
    shapes = shapely.make_valid(parcels.geometry.to_numpy(), method="structure", keep_collapsed=False)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    cuts = shapely.intersection(shapes[one], shapes[other])
    some = shapely.area(cuts) >= gate_m2
    one, other, cuts = one[some], other[some], cuts[some]
    half = gate_m / 2 - 1e-4
    core = shapely.buffer(shapely.buffer(cuts, -half, join_style="mitre"), half, join_style="mitre")
    wide = shapely.area(core) >= gate_m2 - 1e-3
    codes = parcels["DKBM"].to_numpy()
    return {frozenset(pair) for pair in zip(codes[one[wide]], codes[other[wide]], strict=True)}
