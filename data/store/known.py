"""What the books know of delivered codes: their shapes, for comparing where a delivery puts them."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.session import srid_of
from data.store.versions import then
from data.tables import Parcel, SurveyFeature

#: So many shapes tell whether a delivery is shifted as a whole.
ENOUGH = 500


def shapes(session: Session, layer: str, codes: Sequence[str]) -> gpd.GeoDataFrame:
    """The current shapes of some codes of parcels or boundaries, in the metric system of the deployment."""
    table = {"parcel": Parcel, "boundary": SurveyFeature}[layer]
    wanted = [table.code.in_(list(codes)[:ENOUGH]), *then(table)]
    if table is SurveyFeature:
        wanted.append(SurveyFeature.layer == layer)
    rows = session.execute(select(table.code, func.ST_AsBinary(table.geom)).where(*wanted)).all()
    return gpd.GeoDataFrame(
        {"code": [row[0] for row in rows]},
        geometry=shapely.from_wkb([bytes(row[1]) for row in rows]),
        crs=srid_of(session),
    )
