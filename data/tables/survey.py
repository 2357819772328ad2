"""Survey layers: what surveys say stands on the ground, laid over parcels."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Sequence
from sqlalchemy.dialects.postgresql import DATERANGE
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Code, Placed, Versioned
from geo.model import SURVEY_LAYERS

#: Numbers features that come without a code: `building:000001`.
SURVEY_NUMBER = Sequence("survey_number", metadata=Base.metadata)


class SurveyFeature(Versioned, Placed, Base):
    """One feature of a survey layer; `layer:code` is its reference, minted at first sight where it came without."""

    __tablename__ = "survey_feature"
    keys = ("layer", "code")
    recalled_by = ("geom",)

    layer: Mapped[str] = mapped_column(Code)
    name: Mapped[str | None]
    class_code: Mapped[str | None] = mapped_column(Code)
    surveyed_on: Mapped[date | None]
    lawful: Mapped[Any | None] = mapped_column(DATERANGE, comment="approvals: the days on which they are in force")
    attributes: Mapped[dict[str, Any]] = mapped_column(comment="all that was delivered of this feature, by our names")

    @classmethod
    def held_to(cls) -> dict[str, str]:
        """Times, the closed list of layers, and a lawful time that is not empty."""
        listed = ", ".join(f"'{layer}'" for layer in SURVEY_LAYERS)
        return super().held_to() | {"layer_listed": f"layer IN ({listed})", "lawful": "NOT isempty(lawful)"}
