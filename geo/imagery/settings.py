"""What a comparison of two images is told: every number it uses, stored with every patch it finds."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ChangeSettings:
    """Lengths in metres on the ground, areas in square metres, the rest in deviations or parts."""

    #: images that stand further apart are refused; so are those whose parts do not agree on how far that is
    max_shift_m: float = 6.0
    max_residual_m: float = 1.0
    #: a shift below this part of a pixel is left as it is
    least_shift_px: float = 0.1
    #: what is looked at together before pixels are compared
    smooth_m: float = 1.0
    #: an old value so many pixels off may still explain a new one
    slack_px: int = 1
    #: deviations of what did not change, from which a pixel has changed
    changed_sigma: float = 6.0
    #: deviations from the colours of farmed soil, from which a surface is odd
    odd_sigma: float = 4.0
    #: a whole field that lies this far from them on the mean is no field in another season
    strange_sigma: float = 2.0
    #: all bands below this part of what they were: shade
    shade: float = 0.55
    #: darker than this part of farmed soil: shade or water
    deep: float = 0.32
    #: logarithms against farmed soil: bluer than any leaf; so much darker is wet soil, unless it is bluer than that
    blue_leaf: float = 0.2
    wet: float = -0.35
    blue_dark: float = 0.42
    #: deviations between the two sides of an edge
    edge_sigma: float = 6.0
    #: bare ground is parted along lines whose sides differ by so much
    cut_sigma: float = 10.0
    #: a rim lies on an edge within this
    edge_slack_m: float = 1.5
    #: cells that clouds, soils and the light of both days are judged by
    cell_m: float = 4.0
    #: clouds and their shadows are at least so wide, their rims fall off over more than one cell
    cloud_width_m: float = 16.0
    cloud_grow_m: float = 12.0
    #: narrower parts of a patch are cut off, smaller patches and holes are left out
    min_width_m: float = 2.0
    min_area_m2: float = 50.0
    min_hole_m2: float = 30.0
    #: a patch has new edges on at least this part of its rim: clouds and moisture fade out
    new_edges: float = 0.75
    #: and the steps there are at least this part of what changed; those of a roof that is not dark, that part
    crisp: float = 0.3
    crisp_built: float = 0.65
    #: a patch of a soil as farmed whose rim lies on old edges to this part is a field in another season
    old_edges: float = 0.5
    #: unless less than this part of what is seen turned otherwise: no season lies between such images
    season_part: float = 0.05
    #: moved earth is brighter than farmed soil by this (logarithms) and lies this many deviations from it on the mean;
    #: what is to pass for strange is brighter by that
    earth_bright: float = 0.05
    earth_sigma: float = 1.3
    strange_bright: float = 0.25
    #: what was odd before to this part, within the old outline to that part, is the same roof under another sun
    old_roof: float = 0.5
    old_outline: float = 0.8
    #: logarithms against farmed soil: bluer or greyer, redder, brighter than earth is
    built_blue: float = 0.16
    built_red: float = 0.45
    built_bright: float = 1.25
    #: patches of bare soil as farmed are told from this size
    soil_area_m2: float = 200.0
    #: corners move no further when outlines are made simple
    simplify_m: float = 0.5

    @property
    def tones(self) -> NDArray[np.float64]:
        """What is told by colour beside farmed soil."""
        return np.array([self.blue_leaf, self.wet, self.blue_dark, self.built_blue, self.built_red, self.built_bright])

    def told(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)
