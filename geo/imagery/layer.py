"""The patches of a comparison as a layer of change patches, under the names of the product of monitoring (JCTB)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np

from geo.imagery.change import Change
from geo.imagery.patches import CODES

#: What the names of our own patches begin with.
OURS: Final = "DX"
#: The name of the layer in a file.
LAYER: Final = "JCTB"
#: What only looks like change, and is nobody's act.
SEASON: Final = "vegetation"
_FEATURES: Final = {"built": "疑似新增建（构）筑物", "earthwork": "疑似动土", SEASON: "耕作或季节变化"}


def told(change: Change) -> dict[str, Any]:
    """How the patches were found: with which settings, and how the images stood to each other."""
    registration, light = change.registration, change.light
    return {
        "method": "dingxin change",
        "settings": change.settings.told(),
        "bands": change.images.bands,
        "pixel_m": round(change.images.pixel_m, 4),
        "east_m": round(registration.east_m, 3),
        "north_m": round(registration.north_m, 3),
        "residual_m": round(registration.residual_m, 3),
        "chips": [registration.agreeing, registration.chips],
        "gain": np.round(light.gain, 4).tolist(),
        "offset": np.round(light.offset, 2).tolist(),
        "turned": "after" if light.later else "before",
    }


def as_layer(patches: gpd.GeoDataFrame, method: Mapping[str, Any], before_on: date, after_on: date) -> gpd.GeoDataFrame:
    """Give the patches as a survey would: kind, both dates, area, width, how sure, and how they were found.

    Their names begin with our own mark, the later date and four digits of a digest: that of the settings, and of the
    images where the method names them.
    """
    source = {name: method[name] for name in ("settings", "images") if name in method}
    named = source if "images" in source else method["settings"]
    mark = hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()[:4]
    columns = {
        "JCBH": [f"{OURS}{after_on:%Y%m%d}-{mark}-{number:04d}" for number in range(1, len(patches) + 1)],
        "TBLX": patches["kind"].map(CODES).to_numpy(),
        "TZ": patches["kind"].map(_FEATURES).to_numpy(),
        "QSX": f"{before_on:%Y%m%d}",
        "HSX": f"{after_on:%Y%m%d}",
        "MJ": patches["area_m2"].to_numpy(),
        "TBKD": patches["width_m"].to_numpy(),
        "KXD": patches["confidence"].to_numpy(),
        "PDFS": written(method),
    }
    return gpd.GeoDataFrame(columns, geometry=patches.geometry.to_list(), crs=patches.crs)


def written(method: Mapping[str, Any]) -> str:
    """How patches were found, as one line that is stored with each of them."""
    return json.dumps(method, ensure_ascii=False, sort_keys=True)
