"""What is compiled at set-up: every loop that anybody calls, so that no user waits for a compiler."""

from importlib import import_module
from pathlib import Path

from numba.core.dispatcher import Dispatcher

from geo import kernel
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
