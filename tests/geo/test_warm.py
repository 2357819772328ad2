"""What is compiled at set-up: every loop that anybody calls, so that no user waits for a compiler."""

from importlib import import_module
from pathlib import Path

from numba.core.dispatcher import Dispatcher

from data.samples.scenes import scene
from geo import kernel
from geo.imagery.change import find_change
from geo.warm import warm


def loops():
    """All loops of the kernel by name, those left out that only other loops call."""
    found = {}
    for file in Path(kernel.__file__).parent.glob("[a-z]*.py"):
        module = import_module(f"geo.kernel.{file.stem}")
        found |= {
            f"{file.stem}.{name}": loop
            for name, loop in vars(module).items()
            if isinstance(loop, Dispatcher) and loop.py_func.__module__ == module.__name__
        }
    inner = {name for loop in found.values() for name in loop.py_func.__code__.co_names}
    return {name: loop for name, loop in found.items() if name.partition(".")[2] not in inner}


def test_every_loop_is_compiled_at_set_up():
    warm()
    assert len(loops()) > 20
    assert [name for name, loop in loops().items() if not loop.signatures] == []


def test_whatever_images_are_like_no_loop_is_compiled_for_them(tmp_path):
    """They are compared in a child that may write nothing beside the code."""
    warm()
    known = {name: set(loop.signatures) for name, loop in loops().items()}
    for kind, pixel_m, bands in (("season", 1.0, 4), ("shift", 0.5, 3)):
        find_change(*scene(kind, pixel_m, bands, 41, 240.0).write(tmp_path))
    assert {name for name, loop in loops().items() if set(loop.signatures) - known[name]} == set()
