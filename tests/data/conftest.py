"""People, deliveries and parcels to write into the books."""

from __future__ import annotations

import itertools

import geopandas as gpd
import pytest
import shapely

from data.store import uploads
from data.tables import Account

_numbers = itertools.count(1)
#: A corner of Yangjiang, in CGCS2000 zone 37 with the zone in the easting.
EAST, NORTH = 37_601_000.0, 2_417_000.0
VILLAGE = "441704101001"


def account(session, role="surveyor"):
    """Open an account and give its number."""
    person = Account(username=f"{role}{next(_numbers)}", password_hash="-", role=role, scope="4417")
    session.add(person)
    session.flush()
    return person.id


def delivery(session, by=None, state="storing", scope="4417"):
    """Enter a delivery that is being stored, and give its number."""
    number = next(_numbers)
    upload, _ = uploads.start(
        session,
        sha256=f"{number:064x}",
        filename="DK4417042026.zip",
        size_bytes=1,
        scope=scope,
        decisions={"scope": scope},
        uploader_id=by or account(session),
    )
    upload.state = state
    session.flush()
    return upload.id


def box(x, y, width=10.0, height=10.0):
    """A rectangle near the corner, in metres."""
    return shapely.box(EAST + x, NORTH + y, EAST + x + width, NORTH + y + height)


def parcels(crs=4525, village=VILLAGE, **shapes):
    """Parcels by the last five digits of their codes, `p00001=box(…)`, each with a true area."""
    codes = [f"{village}01{name[1:]}" for name in shapes]
    areas = [shape.area for shape in shapes.values()]
    return gpd.GeoDataFrame(
        {"row": range(len(codes)), "code": codes, "name": "垌口", "category": "10", "surveyed_m2": areas},
        geometry=list(shapes.values()),
        crs=crs,
    )


@pytest.fixture
def upload(session):
    """A delivery by a surveyor."""
    return delivery(session)
