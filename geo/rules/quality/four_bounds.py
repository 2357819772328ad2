"""QC-G16: a bound of a parcel names a household that is not the neighbour there (四至与实际邻户不符)."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.facing import SIDES, neighbours, side_lengths, towards
from geo.households import is_person, is_thing, said_names
from geo.masks import mask_name
from geo.outlines import Outlines, outlines_of
from geo.rules import Thresholds, rule

_SPOKEN = {"east": ("东", "east"), "north": ("北", "north"), "west": ("西", "west"), "south": ("南", "south")}


@rule(
    "QC-G16",
    category="quality",
    severity="medium",
    subject="parcel",
    requires=(
        "parcel.bound_east|bound_south|bound_west|bound_north",
        "parcel_right.parcel_code",
        "parcel_right.contractor_code",
        "contractor.name",
    ),
    basis=("STD-2539", "REC"),
    since="2016-12-23",
    within_m=2.0,
    sector_deg=120.0,
    side_share=0.8,
    title=("四至与实际邻户不符", "Bounds name others than the neighbours"),
    zh="{a}的四至与图上的邻户不符：{what_zh}",
    en="the bounds of {a} do not name its neighbours: {what_en}",
)
def four_bounds(
    parcels: pd.DataFrame,
    p: Thresholds,
    parcel_right: pd.DataFrame,
    contractor: pd.DataFrame,
    member: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A bound names a household that lies on another side, or nowhere near where the neighbours on that side are known.

    A side on which land lies that nobody is on record for is not judged: the one who is named may hold it. Roads,
    ditches and other things are not judged, nor are blanks. Names are compared without blanks and without what people
    put behind them; members stand for their household. A name of no known household is of low severity.
    """
    outlines = outlines_of(parcels["geometry"].to_numpy(dtype=object))
    holders = _holders(parcels, parcel_right, contractor, member)
    said = _said(parcels, set(holders["name"]))
    facing = neighbours(outlines, p.within_m, p.sector_deg)
    named = facing.merge(holders, left_on="other", right_on="row", suffixes=("", "_of"))[["row", "side", "name"]]
    open_ = _without(said, named.drop_duplicates())
    open_ = _without(open_, _about(outlines, open_, holders, p))
    open_ = _without(open_, _beside_nobodys(outlines, open_, set(holders["row"]), p))
    elsewhere = open_.merge(named.drop_duplicates(), on=["row", "name"], suffixes=("", "_found"))
    swapped = elsewhere.groupby(["row", "side", "name"], as_index=False)["side_found"].min()
    rest = _without(open_, swapped)
    known = facing[facing["other"].isin(holders["row"])].groupby(["row", "side"], as_index=False)["facing_m"].sum()
    lengths = side_lengths(outlines, p.sector_deg)
    full = known[known["facing_m"] >= p.side_share * lengths[known["row"], known["side"], 0]]
    rest = rest.merge(full[["row", "side"]], on=["row", "side"])
    rest = rest[rest["name"].isin(holders["name"]) | rest["name"].map(is_person).astype(bool)]
    return _told(parcels, pd.concat([swapped, rest]), set(holders["name"]), lengths)


def _holders(
    parcels: pd.DataFrame, rights: pd.DataFrame, contractor: pd.DataFrame, member: pd.DataFrame | None
) -> pd.DataFrame:
    """The names that stand for each parcel, by its position: of its contractors and of their members."""
    people = contractor[["code", "name"]].rename(columns={"code": "contractor_code"})
    if member is not None and {"contractor_code", "name"} <= set(member):
        people = pd.concat([people, member[["contractor_code", "name"]]])
    people = people.dropna().reset_index(drop=True)
    people = people.drop(columns="name").join(said_names(people["name"]).rename("name"), how="inner")
    rows = pd.DataFrame({"row": np.arange(len(parcels)), "parcel_code": parcels["code"].to_numpy()}).dropna()
    held = rights[["parcel_code", "contractor_code"]].dropna().merge(rows, on="parcel_code")
    return held.merge(people, on="contractor_code")[["row", "name"]].drop_duplicates()


def _said(parcels: pd.DataFrame, known: set[str]) -> pd.DataFrame:
    """What the bounds name: row, side, name; things are left out, but for a household that is called like one."""
    texts = [parcels.get(f"bound_{side}", pd.Series(dtype=object)).reset_index(drop=True) for side in SIDES]
    words = [said_names(text).rename("name").rename_axis("row").reset_index() for text in texts]
    names = pd.concat([some.assign(side=side) for side, some in enumerate(words)])
    judged = names["name"].isin(known) | ~names["name"].map(is_thing).astype(bool)
    return names[judged].drop_duplicates(ignore_index=True)


def _without(said: pd.DataFrame, true: pd.DataFrame) -> pd.DataFrame:
    """What is said and not among what is true, by row, side and name."""
    keys = ["row", "side", "name"]
    left = said[keys].merge(true[keys].drop_duplicates(), on=keys, how="left", indicator=True)
    return left.loc[left["_merge"] == "left_only", keys].reset_index(drop=True)


def _about(outlines: Outlines, said: pd.DataFrame, holders: pd.DataFrame, p: Thresholds) -> pd.DataFrame:
    """What is said of households whose parcels are near and lie in that direction, though no edges face each other."""
    pairs = said.merge(holders, on="name", suffixes=("", "_of"))
    row, other, side = (pairs[name].to_numpy(dtype=np.int64) for name in ("row", "row_of", "side"))
    return pairs[towards(outlines, row, other, side, p.within_m, p.sector_deg)]


def _beside_nobodys(outlines: Outlines, said: pd.DataFrame, held: set[int], p: Thresholds) -> pd.DataFrame:
    """What is said of sides on which land of no known holder lies."""
    drawn = np.flatnonzero(np.isfinite(outlines.boxes).all(axis=1))
    unheld = np.setdiff1d(drawn, np.fromiter(held, dtype=np.int64))
    said = said[said["row"].isin(drawn)]
    row, side = (said[name].to_numpy(dtype=np.int64) for name in ("row", "side"))
    boxes = np.asarray(shapely.box(*outlines.boxes.T), dtype=object)
    at, found = shapely.STRtree(boxes[unheld]).query(boxes[row], "dwithin", 2 * p.within_m)
    beside = towards(outlines, row[at], unheld[found], side[at], p.within_m, p.sector_deg)
    return said.iloc[np.unique(at[beside])]


def _told(parcels: pd.DataFrame, wrong: pd.DataFrame, known: set[str], lengths: NDArray[np.float64]) -> pd.DataFrame:
    """One row for each parcel: its wrong bounds in words, names masked, at the middle of the longest edge there."""
    wrong = wrong.sort_values(["row", "side", "name"], ignore_index=True)
    rows = {int(row): _sentence(some, known) for row, some in wrong.groupby("row")}
    first = wrong.drop_duplicates("row")
    spots = shapely.points(lengths[first["row"], first["side"], 2], lengths[first["row"], first["side"], 3])
    table = pd.DataFrame(list(rows.values()), columns=["severity", "bounds", "what_zh", "what_en"])
    return table.assign(place=spots).set_index(parcels.index[list(rows)])


def _sentence(wrong: pd.DataFrame, known: set[str]) -> dict[str, object]:
    """What is wrong with the bounds of one parcel."""
    bounds, zh, en = [], [], []
    for at, said, where in wrong[["side", "name", "side_found"]].itertuples(index=False):
        side, name = SIDES[int(at)], mask_name(said)
        found = "" if pd.isna(where) else SIDES[int(where)]
        bounds.append({"side": side, "name": name, "found": found, "known": said in known})
        side_zh, side_en = _SPOKEN[side]
        if found:
            zh.append(f"{side_zh}至写的{name}在{_SPOKEN[found][0]}面")
            en.append(f"{name}, named in the {side_en}, lies to the {_SPOKEN[found][1]}")
        else:
            zh.append(f"{side_zh}至写的{name}不在这一面的邻户之中")
            en.append(f"{name}, named in the {side_en}, is none of the neighbours there")
    sure = any(bound["found"] or bound["known"] for bound in bounds)
    severity = "medium" if sure else "low"
    return {"severity": severity, "bounds": bounds, "what_zh": "；".join(zh), "what_en": "; ".join(en)}
