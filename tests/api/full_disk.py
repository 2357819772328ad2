"""A delivery to a house whose disk is full, and again when there is room: `python -m tests.api.full_disk HOME URL`.

To be run where `HOME/uploads` is a small disk of its own; it tells in JSON what was answered and what is left there.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.api.conftest import House


def main() -> None:
    """Hand in, make room, hand in again."""
    home, url = Path(sys.argv[1]), sys.argv[2]
    house = House(home, url)
    surveyor = house.signed_in("surveyor")
    path = home / "a.zip"
    path.write_bytes(os.urandom(1 << 20))
    told = []
    for size in ("64k", "16m"):
        subprocess.run(["mount", "-o", f"remount,size={size}", home / "uploads"], check=True)
        answer = house.hand_in(surveyor, path)
        told.append((answer.status_code, answer.json().get("code"), len(list((home / "uploads").iterdir()))))
    print(json.dumps(told))


if __name__ == "__main__":
    main()
