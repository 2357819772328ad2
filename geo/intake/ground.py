"""From readings to a ground that rules can look at: one metric system, links filled in, old parcels beside new ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geo import crs
from geo.intake.errors import refusal
from geo.intake.package import described
from geo.intake.reading import LayerReading, Reading
from geo.model import LAYERS, references


@dataclass(frozen=True)
class Prepared:
    """A ground, the system it is measured in (None: tables only), and the system that answers are given in."""

    ground: dict[str, pd.DataFrame]
    working: CRS | None
    delivered: CRS | None


def ground_of(main: LayerReading, file: Reading, beside: Sequence[tuple[str, LayerReading]]) -> Prepared:
    """Put everything that was read on one ground, measured in the metric system that suits the main layer.

    `beside` holds further layers with the name they are given for. A layer given twice is joined; `register` stands
    for parcels that came earlier (`delivery` 0), and those that the file brings again are superseded.
    """
    readings = [(layer.layer, layer) for layer in file.layers] + list(beside)
    delivered = _system([main, *(layer for _, layer in readings)])
    working = None
    if delivered is not None:
        lead = main if main.crs else next(layer for _, layer in readings if layer.crs)
        working = crs.working_crs(delivered, _bounds(lead.frame))
    frames: dict[str, list[pd.DataFrame]] = {}
    for name, layer in readings:
        frames.setdefault(name, []).append(_measured(layer.frame, working))
    ground = {name: pd.concat(parts, ignore_index=True) for name, parts in frames.items()}
    ground |= described(file.files, [form for layer in file.layers for form in layer.forms])
    if "register" in ground:
        ground["parcel"] = with_register(ground.get("parcel"), ground.pop("register"))
    return Prepared(linked(ground), working, delivered)


def _system(readings: Sequence[LayerReading]) -> CRS | None:
    """The system of the first reading that has shapes."""
    named = next((reading.crs for reading in readings if reading.crs), None)
    return None if named is None else CRS.from_user_input(named)


def _bounds(frame: pd.DataFrame) -> crs.Box:
    box = frame.total_bounds if isinstance(frame, gpd.GeoDataFrame) and len(frame) else np.zeros(4)
    return (float(box[0]), float(box[1]), float(box[2]), float(box[3]))


def _measured(frame: pd.DataFrame, working: CRS | None) -> pd.DataFrame:
    """A frame in the working system; the area in coordinates as delivered stays beside it where they were metric."""
    if not isinstance(frame, gpd.GeoDataFrame) or working is None:
        return frame
    if crs.same(frame.crs, working):
        return frame.set_crs(working, allow_override=True)
    try:
        moved = crs.reprojected(frame, working)
    except crs.CrsRefused as refused:
        raise refusal(refused.code, **refused.facts) from None
    return moved.assign(delivered_m2=frame.area) if frame.crs.is_projected else moved


def with_register(parcels: pd.DataFrame | None, register: pd.DataFrame) -> pd.DataFrame:
    """Parcels of a file (`delivery` 1, `mine`) with those of the register (0, neighbours) that they don't supersede.

    A parcel supersedes the one of its own code, and those that it names as its predecessors.
    """
    if parcels is None:
        raise refusal("layer_not_found", name="parcel", names="-")
    ours = parcels.assign(delivery=1, mine=True, ref=references("parcel", parcels))
    if "code" in register.columns:
        register = register[~register["code"].isin(_superseded(parcels))].reset_index(drop=True)
    refs = references("register", register)
    refs = np.array([f"register:{ref}" if ref.startswith("row:") else ref for ref in refs], dtype=object)
    theirs = register.assign(delivery=0, mine=False, ref=refs)
    return pd.concat([ours, theirs], ignore_index=True)


def _superseded(parcels: pd.DataFrame) -> set[str]:
    """The codes that parcels bear, and those of the parcels that they replace."""
    named = [parcels[name].dropna() for name in ("code", "predecessors") if name in parcels.columns]
    return {code.strip() for values in named for text in values for code in text.split("/")}


def linked(ground: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Fill in what one table says of another: parcels of transfers, surveyed areas of rights, units of parcels."""
    full = dict(ground)
    if "parcel_right" in full:
        rights = full["parcel_right"]
        full["parcel_right"] = _with_surveyed(rights, full.get("parcel"))
        if "transfer_code" in rights.columns and rights["transfer_code"].notna().any():
            full["transfer_parcel"] = _links(rights, full.get("transfer_parcel"))
    bridge = _bridge(full)
    return full | ({"unit_code": bridge} if bridge is not None else {})


def _bridge(ground: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """The unit codes that parcels and rights bring in a column of their own, beside those of the table of its own."""
    brought = [
        ground[layer][[name, "unit_code"]].dropna().rename(columns={name: "code"})
        for layer, name in (("parcel", "code"), ("parcel_right", "parcel_code"))
        if layer in ground and {name, "unit_code"} <= set(ground[layer].columns)
    ]
    given = ground.get("unit_code")
    named = pd.concat(brought).drop_duplicates("code") if brought else pd.DataFrame(columns=["code", "unit_code"])
    if given is not None and "code" in given.columns:
        named = named[~named["code"].isin(given["code"])]
    if named.empty:
        return given
    start = 0 if given is None else len(given)
    named = named.assign(row=np.arange(len(named)) + start)
    return named.reset_index(drop=True) if given is None else pd.concat([given, named], ignore_index=True)


def _with_surveyed(rights: pd.DataFrame, parcels: pd.DataFrame | None) -> pd.DataFrame:
    """The surveyed area of each right's parcel."""
    if parcels is None or not {"code", "surveyed_m2"} <= set(parcels.columns) or "parcel_code" not in rights.columns:
        return rights
    known = parcels.dropna(subset=["code"]).drop_duplicates("code").set_index("code")["surveyed_m2"]
    return rights.assign(surveyed_m2=rights["parcel_code"].map(known))


def _links(rights: pd.DataFrame, given: pd.DataFrame | None) -> pd.DataFrame:
    """The table of a transfer's parcels, with those that only CBDKXX names; these have no area of their own."""
    named = rights.loc[rights["transfer_code"].notna(), ["transfer_code", "parcel_code"]].drop_duplicates()
    if given is None or given.empty:
        return named.assign(row=np.arange(len(named)))
    both = named.merge(given[["transfer_code", "parcel_code"]].drop_duplicates(), how="left", indicator=True)
    new = both.loc[both["_merge"] == "left_only", ["transfer_code", "parcel_code"]]
    return pd.concat([given, new.assign(row=np.arange(len(new)) + len(given))], ignore_index=True)


def names_of(ground: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Names of places by code, as far as the files tell them: regions and issuers."""
    names: dict[str, str] = {}
    for layer in ("boundary", "issuer"):
        frame = ground.get(layer)
        if frame is not None and {"code", "name"} <= set(frame.columns):
            told = frame.dropna(subset=["code", "name"])
            names |= dict(zip(told["code"], told["name"], strict=True))
    return names


def main_layer(file: Reading, wanted: str | None) -> LayerReading:
    """The layer that a check is about: the one asked for, else the parcels, else the first."""
    first = next((layer for layer in file.layers if layer.layer in LAYERS), file.layers[0])
    return file.layer(wanted or "parcel") or first
