"""Where the books have the codes of a delivery and their villages, for comparing where the delivery puts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.session import srid_of
from data.store.versions import then
from data.tables import Parcel, SurveyFeature
from geo.codes import resolve_prefix
from geo.intake.displaced import Marks

TABLES = {"parcel": Parcel, "boundary": SurveyFeature}


def marks(session: Session, layer: str, codes: Sequence[str]) -> Marks:
    """Where some codes of parcels or boundaries lie now, in the metric system of the deployment."""
    table = TABLES[layer]
    wanted = [table.code.in_(codes), *then(table)]
    if table is SurveyFeature:
        wanted.append(SurveyFeature.layer == layer)
    middle = func.ST_Centroid(func.ST_Envelope(table.geom))
    rows = session.execute(select(table.code, func.ST_X(middle), func.ST_Y(middle)).where(*wanted)).all()
    places = np.array([row[1:] for row in rows], dtype=float).reshape(-1, 2)
    return Marks([row[0] for row in rows], places, CRS.from_epsg(srid_of(session)))


def villages(session: Session, codes: Sequence[str]) -> tuple[dict[str, Any], CRS]:
    """The polygons of the villages that some codes begin with, by their code of today, and the system they are in."""
    wanted = {code[:12] for code in codes} | {resolve_prefix(code)[:12] for code in codes}
    query = select(SurveyFeature.code, func.ST_AsBinary(SurveyFeature.geom)).where(
        SurveyFeature.layer == "boundary", SurveyFeature.code.in_(sorted(wanted)), *then(SurveyFeature)
    )
    found = {resolve_prefix(code): shapely.from_wkb(bytes(shape)) for code, shape in session.execute(query)}
    return found, CRS.from_epsg(srid_of(session))
