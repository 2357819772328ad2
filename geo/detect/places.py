"""Where the subject of a finding lies: its own shape, or the parcels that a paper or a person speaks of."""

from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.detect.ready import Ready
from geo.model import Shapes
from geo.shapes import inside

#: Papers that name their parcel themselves.
_OF_ONE_PARCEL = ("transfer_parcel", "collective_contract", "right_change", "occupancy")
#: By which column of CBDKXX a paper, or a person, is joined to parcels.
_SPOKEN_OF = {
    "parcel_right": "parcel_code",
    "contract": "contract_code",
    "register_entry": "certificate_code",
    "certificate": "certificate_code",
    "contractor": "contractor_code",
    "member": "contractor_code",
    "issuer": "issuer_code",
}


def shapes_of(ground: Ready, refs: pd.Series) -> list[Any]:
    """The ground of each reference: the shape of a feature, the parcels of a transfer; None for all others."""
    nouns = {str(ref).partition(":")[0] for ref in refs}
    shape_of = _parcels_of_transfers(ground, refs) if "transfer" in nouns else {}
    for name in ground.layers:
        # a parcel of the register is a parcel, and what has no code is a row
        if nouns.isdisjoint({name, "row"} | ({"parcel", "register"} if name in ("parcel", "register") else set())):
            continue
        frame = ground.frame(name)
        assert frame is not None
        asked = frame[frame["ref"].isin(refs)]
        shape_of |= dict(zip(asked["ref"], asked["geometry"], strict=True))
    return [shape_of.get(ref) for ref in refs]


def spots_of(ground: Ready, refs: pd.Series) -> Shapes:
    """A point for each paper or person among the references, inside the first parcel that it speaks of; else None."""
    spots = np.full(len(refs), None, dtype=object)
    rights, parcels = ground.frame("parcel_right"), ground.frame("parcel")
    if parcels is not None:
        _of_their_parcel(ground, refs, parcels, spots)
    if rights is None or parcels is None or "parcel_code" not in rights.columns:
        return spots
    layers, codes = (refs.astype("string").str.split(":", n=1).str[part] for part in (0, 1))
    for layer, column in _SPOKEN_OF.items():
        here = layers.eq(layer).to_numpy(dtype=bool)
        if column in rights.columns and here.any():
            named = rights.dropna(subset=[column]).drop_duplicates(column)
            first = dict(zip(named[column], named["parcel_code"], strict=True))
            spots[here] = _inside(parcels, codes[here].str.split("/").str[0].map(first))
    return spots


def _of_their_parcel(ground: Ready, refs: pd.Series, parcels: pd.DataFrame, spots: Shapes) -> None:
    """Fill in a point for each paper that names its parcel itself."""
    for name in _OF_ONE_PARCEL:
        papers = ground.frame(name)
        if papers is None or "parcel_code" not in papers.columns:
            continue
        here = refs.isin(papers["ref"]).to_numpy(dtype=bool)
        of_paper = papers.drop_duplicates("ref").set_index("ref")["parcel_code"]
        spots[here] = _inside(parcels, refs[here].map(of_paper))


def _inside(parcels: pd.DataFrame, codes: pd.Series) -> Shapes:
    """A point inside each of these parcels; None where there is none, or where it has no usable shape."""
    shape_of = dict(zip(parcels["code"], parcels["judged"], strict=True))
    shape = np.array([shape_of.get(code) for code in codes], dtype=object)
    found = np.full(len(shape), None, dtype=object)
    usable = ~shapely.is_missing(shape) & ~shapely.is_empty(shape)
    found[usable] = inside(shape[usable])
    return found


def _parcels_of_transfers(ground: Ready, refs: pd.Series) -> dict[str, Any]:
    """The parcels of each transfer among the references, as one shape."""
    found: dict[str, list[Any]] = {}
    parcels = ground.frame("parcel")
    for table in (ground.frame("transfer_parcel"), ground.frame("parcel_right")):
        if table is None or parcels is None or "transfer_code" not in table.columns:
            continue
        links = table.assign(transfer="transfer:" + table["transfer_code"].astype("string"))
        links = links[links["transfer"].isin(refs)].assign(ref="parcel:" + links["parcel_code"].astype("string"))
        links = links.merge(parcels[["ref", "geometry"]], on="ref", suffixes=("_link", ""))
        for transfer, shapes in links.groupby("transfer")["geometry"]:
            found.setdefault(str(transfer), list(shapes))
    return {
        transfer: shapely.MultiPolygon([part for shape in shapes for part in shapely.get_parts(shape)])
        for transfer, shapes in found.items()
    }
