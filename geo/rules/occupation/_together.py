"""What one project or one yard takes of several parcels of a village, added up."""

import pandas as pd
import shapely

from geo.model import Shapes
from geo.shapes import AREA_DECIMALS


def villages(codes: pd.Series) -> pd.Series:
    """The villages of parcels by their codes; those whose codes name none lie together."""
    return codes.astype("string").str.extract(r"^(\d{12})", expand=False).fillna("")


def counted_once(shapes: Shapes) -> float:
    """The area (m²) of some ground; what lies under several parcels counts once."""
    return round(float(shapely.area(shapely.union_all(shapes))), AREA_DECIMALS)


def listed(parts: pd.DataFrame) -> list[dict[str, object]]:
    """The parcels of a sum, each with what it has of it."""
    return [{"ref": ref, "m2": round(float(m2), 2)} for ref, m2 in parts.sort_values("ref")[["ref", "m2"]].to_numpy()]
