"""Polygons kept ready for comparing: their outlines and names as they lie in memory, in a file that is only mapped.

The file is Arrow IPC, uncompressed, with a GeoArrow multipolygon column (interleaved coordinates), so that others who
read Arrow see plain geometry. What is written are valid polygons with their rings turned the way `geo.outlines` has it.
"""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyproj import CRS

from geo.crs import same, spoken
from geo.intake.errors import refusal
from geo.outlines import Outlines

#: Says that rings are turned and polygons valid, as ours are; a file without it is not ours to map.
_MARK = b"dingxin:outlines"


class Flat(NamedTuple):
    """A layer ready for comparing: valid polygons in a metric CRS, with the row and the code (or None) of each.

    `rank` is the place of each among the references in their order.
    """

    outlines: Outlines
    rows: NDArray[np.int64]
    codes: pa.Array
    rank: NDArray[np.int64]
    crs: CRS


def keep(file: Path, layer: Flat) -> None:
    """Write a layer ready for comparing."""
    outlines = layer.outlines
    shapes = pa.FixedSizeListArray.from_arrays(pa.array(outlines.xy.ravel()), 2)
    for starts in (outlines.rings, outlines.parts, outlines.features):
        shapes = pa.ListArray.from_arrays(pa.array(starts.astype(np.int32)), shapes)
    known = {"ARROW:extension:name": "geoarrow.multipolygon"}
    known["ARROW:extension:metadata"] = json.dumps({"crs": layer.crs.to_json_dict(), "crs_type": "projjson"})
    fields = [pa.field("row", pa.int64()), pa.field("code", pa.string()), pa.field("rank", pa.int64())]
    fields.append(pa.field("geometry", shapes.type, metadata=known))
    schema = pa.schema(fields, metadata={_MARK: b"1"})
    batch = pa.record_batch([pa.array(layer.rows), layer.codes, pa.array(layer.rank), shapes], schema=schema)
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        writer.write_batch(batch)


def kept(file: Path, metric: CRS | None = None) -> Flat:
    """Map a layer that was kept; no coordinate is copied.

    Refuses (IntakeError) any other file, and one whose metric system is another than that asked for.
    """
    try:
        whole = pa.ipc.open_file(pa.memory_map(str(file)))
        if _MARK not in (whole.schema.metadata or {}):
            raise refusal("not_outlines")
        batch = whole.get_batch(0)
        batch.validate(full=True)
    except (pa.ArrowInvalid, OSError) as error:
        raise refusal("not_outlines") from error
    said = json.loads(whole.schema.field("geometry").metadata[b"ARROW:extension:metadata"])
    crs = CRS.from_json_dict(said["crs"])
    if metric is not None and not same(crs, metric):
        raise refusal("other_crs", one=spoken(metric), other=spoken(crs))
    features = batch["geometry"]
    parts, rings = features.values, features.values.values
    xy = rings.values.values.to_numpy().reshape(-1, 2)
    starts = (level.offsets.to_numpy().astype(np.int64) for level in (rings, parts, features))
    return Flat(
        Outlines(xy, *starts),
        batch["row"].to_numpy(),
        batch["code"],
        batch["rank"].to_numpy(),
        crs,
    )
