"""Invented ground to show and to measure by: a sample township, and a fabric of parcels of any size."""

from pathlib import Path

import numpy as np
import pandas as pd

from data.samples.books import codes, keep_books
from data.samples.conflicts import plant_overlaps
from data.samples.correction import plant_correction
from data.samples.defects import plant_defects
from data.samples.delivery import write_delivery
from data.samples.effects import note_effects
from data.samples.expropriations import expropriations
from data.samples.fabric import Fabric, fabric
from data.samples.parcels import BOUNDS, dk
from data.samples.pictures import write_pictures
from data.samples.site import Site
from data.samples.survey import survey
from data.samples.township import CORRECTED, CRS, VILLAGES, lay_out
from data.samples.transfers import trade
from data.samples.truth import Truth, read_truth

__all__ = ["Fabric", "Truth", "fabric", "read_truth", "write_township"]


def write_township(folder: Path, parcels: int = 6000, seed: int = 1) -> Truth:
    """Write `township.zip`, `correction.zip`, pictures and `truth.json` into a folder; the same bytes every time.

    About so many parcels (800 are the fewest that hold all that is planted) of four villages of 潭水镇, invented but
    for the names and codes of the places.
    """
    rng = np.random.default_rng(seed)
    site = Site(lay_out(parcels, rng), rng)
    plant_overlaps(site)
    plant_defects(site)
    surveyed = survey(site)
    plant_correction(site)
    site.sprinkle(("21", "22", "23", "99"), 0.03)
    given = codes(site.parcels)
    books = keep_books(site, given)
    traded = trade(site, books, given, str(surveyed.rows["PZFW"][0]["PZWH"]))
    note_effects(site, books)
    later = site.parcels["delivery"] == 2
    first = dk(site.parcels[~later], given, books, site.town.cells)
    second = dk(_corrected(site), given, books, site.town.cells)
    second.update(first[list(BOUNDS)])
    layers = {
        "DK": first,
        "CJQY": _villages(site),
        **{table: surveyed.frame(table) for table in ("LYD", "JZW", "PZFW", "DLTB", "YJJBNTTB")},
    }
    tables = books.tables | traded | expropriations(site, surveyed)
    folder.mkdir(parents=True, exist_ok=True)
    write_delivery(folder / "township.zip", layers, tables)
    write_delivery(folder / "correction.zip", {"DK": second}, {})
    write_pictures(folder, first, layers["DLTB"], layers["JZW"])
    rows = pd.Series(np.arange(len(first)), index=first.index)
    planted, distractors = site.resolved(given, rows)
    counts = {table: len(frame) for table, frame in (layers | tables).items()}
    truth = Truth(
        seed=seed,
        crs=CRS,
        deliveries=[
            {"number": 1, "file": "township.zip", "rows": counts},
            {"number": 2, "file": "correction.zip", "rows": {"DK": len(second)}},
        ],
        planted=planted,
        distractors=distractors,
    )
    truth.write(folder / "truth.json")
    return truth


def _corrected(site: Site) -> pd.DataFrame:
    """The corrected village as the second delivery has it."""
    again = site.parcels[(site.parcels["village"] == CORRECTED) & ~site.parcels.index.isin(list(site.left_out))].copy()
    for parcel, columns in site.mended.items():
        for column, value in columns.items():
            again.at[parcel, column] = value
    return again


def _villages(site: Site) -> pd.DataFrame:
    """The CJQY layer: one region a village."""
    return pd.DataFrame(
        {
            "BSM": np.arange(1, len(VILLAGES) + 1),
            "YSDM": "162030",
            "CJQYDM": [code for code, _ in VILLAGES],
            "CJQYMC": [name for _, name in VILLAGES],
            "geometry": site.town.boundaries,
        }
    )
