"""Units of the border: inside, areas are m²; people read 亩 (mu)."""

from decimal import ROUND_HALF_UP, Decimal

#: 1 亩 = 2000/3 m².
MU_PER_M2 = Decimal("0.0015")
#: Registers state areas to 0.01 m² (five mu are 3333.33), so that each may be short by this: it tells in sums.
SHORT_M2 = 0.005


def mu(area_m2: float) -> Decimal:
    """Give an area in 亩 with two decimals, half rounded up, as certificates print it."""
    return (Decimal(repr(float(area_m2))) * MU_PER_M2).quantize(Decimal("0.01"), ROUND_HALF_UP)
