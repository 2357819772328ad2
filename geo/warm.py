"""`python -m geo.warm`: compiles the loops of the kernel once, so that no later process waits for it."""

import numpy as np
import shapely

from geo.kernel.wkb import begins_of
from geo.outlines import Outlines, outlines_of, outlines_of_wkb
from geo.pairs import shared_ground
from geo.validity import invalid


def warm() -> None:
    """Use every loop once, on outlines in memory and on some that are only mapped."""
    shapes = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)], dtype=object)
    data = np.frombuffer(b"".join(shapely.to_wkb(shapes)), dtype=np.uint8)
    read = outlines_of_wkb([(data, begins_of(data, len(shapes)))])
    mapped = Outlines(read.xy.copy(), read.rings, read.parts, read.features)
    mapped.xy.setflags(write=False)
    names = np.arange(len(shapes))
    for a in (outlines_of(shapes), mapped):
        invalid(a)
        shared_ground(a, names)
        for b in (read, mapped):
            shared_ground(a, names, b, names)


if __name__ == "__main__":
    warm()
