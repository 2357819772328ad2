"""One colour and one hatch a category, one mark a state: told apart by colour-blind eyes and in black and white.

The colours follow Okabe and Ito, darkened until text in them reads on paper. The stylesheet repeats them; a test
compares the two.
"""

from __future__ import annotations

from typing import TypedDict


class Look(TypedDict):
    """How one category of findings is drawn."""

    colour: str
    hatch: str


CATEGORIES: dict[str, Look] = {
    "overlap": {"colour": "#c8500a", "hatch": "cross"},
    "occupation": {"colour": "#a03a78", "hatch": "up"},
    "sale": {"colour": "#0069a8", "hatch": "level"},
    "lease": {"colour": "#007a58", "hatch": "dots"},
    "rights": {"colour": "#8a6500", "hatch": "upright"},
    "quality": {"colour": "#5a6068", "hatch": "down"},
}

MARKS: dict[str, str] = {
    "open": "○",
    "assigned": "◔",
    "in_check": "◑",
    "confirmed": "●",
    "dismissed": "⊘",
    "approved_use": "✓",
    "in_remedy": "◆",
    "closed": "■",
}
