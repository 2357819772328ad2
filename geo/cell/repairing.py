"""The repairing child: answers each shape that comes through its pipe with a valid copy, in a cell."""

import sys
from multiprocessing.connection import Connection
from typing import Final

from geo import cell

#: Time is counted shape by shape, by the one who waits; this is for a child that nobody waits for any more.
_SECONDS: Final = 3600


def main() -> int:
    """Repair shapes (structure method, collapsed parts dropped) until nobody sends any."""
    pipe_number, memory = map(int, sys.argv[1:])
    cell.enter(cell.Limits(seconds=_SECONDS, memory_bytes=memory, output_bytes=0, open_files=64))
    import shapely

    with Connection(pipe_number) as pipe:
        pipe.send_bytes(b"ready")
        while True:
            try:
                wkb = pipe.recv_bytes()
            except EOFError:
                return 0
            shape = shapely.make_valid(shapely.from_wkb(wkb), method="structure", keep_collapsed=False)
            pipe.send_bytes(shapely.to_wkb(shape))


if __name__ == "__main__":
    sys.exit(main())
