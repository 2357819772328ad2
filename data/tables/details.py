"""Details of surveys: boundary points and lines, control points, objects beside the land, and writing on the map."""

from __future__ import annotations

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Code, Versioned
from geo.model import DETAIL_LAYERS

#: Points, lines and polygons; a type of its own, since a column that may not be empty marks the type it is given.
_Drawn = Geometry("GEOMETRY", srid=-1, spatial_index=False)


class DetailFeature(Versioned, Base):
    """One detail as delivered; the standard gives it no lasting name, so its `code` is the digest of what it says."""

    __tablename__ = "detail_feature"
    keys = ("layer", "code")
    found_by = ("area",)

    layer: Mapped[str] = mapped_column(Code)
    area: Mapped[str | None] = mapped_column(Code, comment="the issuer whose parcel it names first")
    parcels: Mapped[list[Any] | None] = mapped_column(JSONB, comment="codes of the parcels it belongs to")
    attributes: Mapped[dict[str, Any]] = mapped_column(comment="all that was delivered of this feature, by our names")
    geom: Mapped[Any] = mapped_column(_Drawn, comment="in the metric system of the deployment")
    delivered: Mapped[bytes] = mapped_column(comment="the shape as delivered, well-known binary")
    delivered_crs: Mapped[str] = mapped_column(comment="the system it was delivered in, EPSG:n or its full text")
    delivery: Mapped[int] = mapped_column(comment="the upload that first brought this very shape")

    @classmethod
    def held_to(cls) -> dict[str, str]:
        """Times, and the closed list of layers."""
        listed = ", ".join(f"'{layer}'" for layer in DETAIL_LAYERS)
        return super().held_to() | {"layer_listed": f"layer IN ({listed})"}


_CURRENT = text("upper_inf(known)")
Index(
    "detail_feature_geom_idx",
    DetailFeature.__table__.c.layer,
    DetailFeature.__table__.c.geom,
    postgresql_using="gist",
    postgresql_where=_CURRENT,
)
Index(
    "detail_feature_parcels_idx",
    DetailFeature.__table__.c.parcels,
    postgresql_using="gin",
    postgresql_where=_CURRENT,
)
