"""Repaired copies of invalid shapes, for judging only, made in a child process that may be killed.

Making a shape valid can take hours for a few hundred crossing vertices, so it never happens in this process. What is
stored stays as delivered.
"""

import multiprocessing
import resource
from multiprocessing.connection import Connection

import numpy as np
import shapely

from geo.model import Shapes

#: Limits of one child and of one shape.
SECONDS_A_SHAPE = 10.0
MEMORY_BYTES = 2 << 30
MOST_VERTICES = 200_000


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
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    wkbs = [shapely.to_wkb(shapes[at]) for at in todo]
    child = context.Process(target=_repair, args=(theirs, wkbs, MEMORY_BYTES), daemon=True)
    child.start()
    theirs.close()
    answered = 0
    try:
        _expect_ready(ours)
        for at in todo:
            if not ours.poll(SECONDS_A_SHAPE):
                break
            result[at] = shapely.from_wkb(ours.recv_bytes())
            answered += 1
    except EOFError:
        pass
    finally:
        child.kill()
        child.join()
        ours.close()
    return answered


def _expect_ready(pipe: Connection) -> None:
    """Wait until the child has loaded its libraries, so that their loading is not counted against a shape."""
    if not pipe.poll(60):
        raise EOFError
    pipe.recv_bytes()


def _repair(pipe: Connection, wkbs: list[bytes], memory: int) -> None:
    """Answer each shape with its repaired copy, in order (runs in the child)."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    pipe.send_bytes(b"ready")
    for wkb in wkbs:
        shape = shapely.make_valid(shapely.from_wkb(wkb), method="structure", keep_collapsed=False)
        pipe.send_bytes(shapely.to_wkb(shape))
