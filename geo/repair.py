"""Repaired copies of invalid shapes, for judging only, made in a child process that may be killed.

Making a shape valid can take hours for a few hundred crossing vertices, so it never happens in this process. What is
stored stays as delivered.
"""

from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from geo.cell import launch
from geo.model import Shapes

#: Limits of one child and of one shape.
SECONDS_A_SHAPE = 10.0
MEMORY_BYTES = 2 << 30
MOST_VERTICES = 200_000
_SECONDS_TO_START: Final = 60.0
#: A repaired copy has fewer bytes than this, or was made by nobody of ours.
_MOST_BYTES: Final = 1 << 28


def repaired(shapes: Shapes) -> Shapes:
    """Make every shape valid (structure method, collapsed parts dropped); None for one beyond the limits."""
    result = np.full(len(shapes), None, dtype=object)
    todo = [at for at, shape in enumerate(shapes) if shapely.count_coordinates(shape) <= MOST_VERTICES]
    while todo:
        done = _run_child(shapes, todo, result)
        todo = todo[done + 1 :]  # the shape after the last answered one was too much: leave it None, go on behind it
    return result


def _run_child(shapes: Shapes, todo: list[int], result: Shapes) -> int:
    """Let one child work through the list until it is done, dies or takes too long; count what it answered."""
    ours, theirs = Pipe()
    answered = 0
    asked = (str(theirs.fileno()), str(MEMORY_BYTES))
    with ours, launch.started("geo.cell.repairing", *asked, folder=Path("/"), inherited=[theirs.fileno()]):
        theirs.close()
        try:
            _answer(ours, _SECONDS_TO_START)  # its libraries are loaded: that is not counted against a shape
            for at in todo:
                ours.send_bytes(shapely.to_wkb(shapes[at]))
                result[at] = shapely.from_wkb(_answer(ours, SECONDS_A_SHAPE))
                answered += 1
        except (EOFError, OSError):
            pass
    return answered


def _answer(pipe: Connection, seconds: float) -> bytes:
    """What the child says within some seconds; EOFError if it says nothing."""
    if not pipe.poll(seconds):
        raise EOFError
    return pipe.recv_bytes(_MOST_BYTES)
