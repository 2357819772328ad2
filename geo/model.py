"""The nouns of land administration (LADM, ISO 19152) and how a thing on the ground is named."""

import hashlib
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
)

Shapes = NDArray[np.object_]


def references(layer: str, frame: pd.DataFrame) -> NDArray[np.object_]:
    """Name every row of a frame as `layer:code`, or `row:N` where the frame brings no codes.

    A code held by several rows takes `#n`, n being the rank by geometry hash, so that the name does not depend on
    the order in the file. A parcel of the register is a parcel.
    """
    if "ref" in frame.columns:
        return np.asarray(frame["ref"], dtype=object)
    if "code" not in frame.columns or frame["code"].isna().all():
        return np.array([f"row:{row}" for row in frame["row"]], dtype=object)
    noun = "parcel" if layer == "register" else layer
    names = [
        f"{noun}:{code}" if isinstance(code, str) else f"row:{row}"
        for code, row in zip(frame["code"], frame["row"], strict=True)
    ]
    refs = np.array(names, dtype=object)
    twice = pd.Series(refs).duplicated(keep=False).to_numpy()
    if twice.any():
        refs[twice] = _ranked(refs[twice], frame.loc[twice] if "geometry" in frame.columns else None)
    return refs


def _ranked(refs: NDArray[np.object_], frame: Any) -> NDArray[np.object_]:
    """Append `#n` to equal references, n the rank by geometry hash (file order among equal shapes)."""
    if frame is None:
        hashes = [""] * len(refs)
    else:
        hashes = [hashlib.sha256(wkb or b"").hexdigest() for wkb in shapely.to_wkb(frame["geometry"].to_numpy())]
    order = pd.DataFrame({"ref": refs, "hash": hashes}).sort_values(["ref", "hash"], kind="stable")
    ranks = order.groupby("ref").cumcount().sort_index() + 1
    return np.array([f"{ref}#{rank}" for ref, rank in zip(refs, ranks, strict=True)], dtype=object)
