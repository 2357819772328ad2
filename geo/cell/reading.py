"""The reading child: takes a request from standard input, reads in a cell, leaves Arrow and JSON in its folder."""

import errno
import json
import sys
from pathlib import Path
from typing import Any

from geo import cell


def main() -> int:
    """Read one file as asked; a refusal is an answer too."""
    request: dict[str, Any] = json.load(sys.stdin)
    folder = Path(request["folder"])
    try:
        landlocked = cell.enter(
            cell.Limits(**request["limits"]),
            read=map(Path, request["read"]),
            listed=map(Path, request["listed"]),
            write=[folder],
            programs=[Path(program) for program in request["programs"]],
        )
    except cell.CannotRestrain as why:
        print(why, file=sys.stderr)
        return cell.UNCONFINED
    if not landlocked:
        (folder / "no_landlock").touch()
    try:
        return _read(request, folder)
    except MemoryError:
        return cell.TOO_HEAVY


def _read(request: dict[str, Any], folder: Path) -> int:
    """Read within the cell; libraries are loaded here too, since some start threads and Landlock holds only one."""
    from geo.intake import reading
    from geo.intake.errors import IntakeError
    from geo.intake.reader import read

    try:
        reading.write(read(request["path"], **request["asked"], kept=folder), folder)
    except IntakeError as refused:
        (folder / "refused.json").write_text(json.dumps(refused.told(), ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        if error.errno not in (errno.EFBIG, errno.ENOSPC, errno.EDQUOT):
            raise
        return cell.TOO_HEAVY if error.errno == errno.EFBIG else cell.DISK_FULL
    return 0


if __name__ == "__main__":
    sys.exit(main())
