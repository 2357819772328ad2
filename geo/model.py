"""The nouns of land administration (LADM, ISO 19152) and how a thing on the ground is named."""

import hashlib
import zlib
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

#: Layers of ground, which polygons divide among them and which are laid over one another; `register` is the parcels
#: that stand on the register already, seen from an upload.
LAYERS = (
    "parcel",
    "reserved",
    "building",
    "landcover",
    "landcover_before",
    "basic_farmland",
    "approval",
    "change_patch",
    "boundary",
    "forest_right",
    "title_plot",
    "recorded_act",
    "register",
)
TABLES = (
    "issuer",
    "contractor",
    "member",
    "contract",
    "parcel_right",
    "transfer",
    "transfer_parcel",
    "certificate",
    "register_entry",
    "title_document",
    "certificate_replaced",
    "certificate_exchanged",
    "certificate_cancelled",
    "unit_code",
    "collective_contract",
    "collective_bid",
    "payment",
    "expropriation",
    "reserved_grant",
    "right_change",
    "occupancy",
)
#: What a survey draws besides: points, lines, objects and writing. They have shapes, and divide no ground.
DETAIL_LAYERS = (
    "boundary_point",
    "boundary_line",
    "control_point",
    "region_line",
    "point_object",
    "line_object",
    "area_object",
    "annotation",
)
#: Everything that has a geometry.
SHAPED = LAYERS + DETAIL_LAYERS
#: Layers that a survey brings and the office lays over parcels.
SURVEY_LAYERS = (
    "building",
    "landcover",
    "landcover_before",
    "basic_farmland",
    "approval",
    "change_patch",
    "boundary",
    "forest_right",
    "title_plot",
    "recorded_act",
)

Shapes = NDArray[np.object_]

#: Stands between an approval's number and its kind (PZLX): one paper may approve a conversion and an expropriation.
KIND_MARK = "#PZLX"
#: Tables whose rows bear no code of their own, and the columns that they are named by.
NAMED_BY = {
    "member": ("contractor_code", "id_number", "name"),
    "parcel_right": ("parcel_code", "contractor_code"),
    "transfer_parcel": ("transfer_code", "parcel_code"),
    "file": ("path",),
    "column": ("table", "name"),
}


def references(layer: str, frame: pd.DataFrame) -> NDArray[np.object_]:
    """Name every row of a frame as `layer:code`, or `layer:row:N` where it brings no codes (parcels: `row:N`).

    A code held by several rows takes `#n`, n being the rank by geometry hash, so that the name does not depend on
    the order in the file. An approval is named by its number and its kind. A parcel of the register is a parcel. Where
    a table brings no codes, its rows may be named by what they join; a member of a household by four digits beside the
    contractor, too few to find an ID number by.
    """
    if "ref" in frame.columns:
        return np.asarray(frame["ref"], dtype=object)
    nameless = "row:" if layer in ("parcel", "register") else f"{layer}:row:"
    codes = frame.get("code")
    if layer in NAMED_BY and (codes is None or codes.isna().all()):
        codes = _minted(layer, frame)
    if codes is None or codes.isna().all():
        return np.array([f"{nameless}{row}" for row in frame["row"]], dtype=object)
    if layer == "approval" and "kind" in frame.columns:
        codes = _with_kinds(codes, frame["kind"])
    noun = "parcel" if layer == "register" else layer
    names = [
        f"{noun}:{code}" if isinstance(code, str) else f"{nameless}{row}"
        for code, row in zip(codes, frame["row"], strict=True)
    ]
    refs = np.array(names, dtype=object)
    twice = pd.Series(refs).duplicated(keep=False).to_numpy()
    if twice.any():
        refs[twice] = _ranked(refs[twice], frame.loc[twice] if "geometry" in frame.columns else None)
    return refs


def _with_kinds(numbers: pd.Series, kinds: pd.Series) -> pd.Series:
    """The numbers of approvals with their kinds; one that says no kind is told by its number alone."""
    both = numbers.notna() & kinds.notna()
    return numbers.astype(object).mask(both, numbers.astype(str) + KIND_MARK + kinds.astype(str))


def _minted(layer: str, frame: pd.DataFrame) -> pd.Series | None:
    """Codes for the rows of a table that is named by what it joins; None where a column is missing for it."""
    first, *others = NAMED_BY[layer]
    told = [frame[name].astype(object) for name in others if name in frame.columns]
    if first not in frame.columns or (others and not told):
        return None
    if layer == "member":
        whom = told[0] if len(told) == 1 else told[0].fillna(told[1])
        told = [pd.Series([_sign(who) for who in whom], index=frame.index, dtype=object)]
    rows = zip(frame[first], *told, strict=True)
    codes = ["/".join(map(str, row)) if isinstance(row[0], str) else None for row in rows]
    return pd.Series(codes, index=frame.index, dtype=object)


def _sign(who: Any) -> str:
    """Four hexadecimal digits that stand for a person within a household."""
    return f"{zlib.crc32(str(who).encode()) & 0xFFFF:04x}"


def _ranked(refs: NDArray[np.object_], frame: Any) -> NDArray[np.object_]:
    """Append `#n` to equal references, n the rank by geometry hash (file order among equal shapes)."""
    if frame is None:
        hashes = [""] * len(refs)
    else:
        hashes = [hashlib.sha256(wkb or b"").hexdigest() for wkb in shapely.to_wkb(frame["geometry"].to_numpy())]
    order = pd.DataFrame({"ref": refs, "hash": hashes}).sort_values(["ref", "hash"], kind="stable")
    ranks = order.groupby("ref").cumcount().sort_index() + 1
    return np.array([f"{ref}#{rank}" for ref, rank in zip(refs, ranks, strict=True)], dtype=object)
