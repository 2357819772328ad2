"""The picturing child: looks at one image in a cell and leaves a cloud-optimised GeoTIFF of it in its folder."""

import errno
import json
import sys
from pathlib import Path
from typing import Any

from geo import cell


def main() -> int:
    """Read one image as asked; a refusal is an answer too."""
    request: dict[str, Any] = json.load(sys.stdin)
    folder = Path(request["folder"])
    try:
        landlocked = cell.enter(
            cell.Limits(**request["limits"]), read=[Path(request["path"])], listed=[folder], write=[folder]
        )
    except cell.CannotRestrain as why:
        print(why, file=sys.stderr)
        return cell.UNCONFINED
    if not landlocked:
        (folder / "no_landlock").touch()
    try:
        return _picture(request, folder)
    except MemoryError:
        return cell.TOO_HEAVY


def _picture(request: dict[str, Any], folder: Path) -> int:
    """Look and convert within the cell; libraries are loaded here too, since some start threads."""
    from geo.imagery import cog
    from geo.imagery.picture import looked
    from geo.intake.errors import IntakeError

    source = Path(request["path"])
    try:
        picture = looked(source, **request["asked"])
        _, look = cog.make(source, picture, folder)
    except IntakeError as refused:
        (folder / "refused.json").write_text(json.dumps(refused.told(), ensure_ascii=False), encoding="utf-8")
        return 0
    except OSError as error:
        if error.errno not in (errno.EFBIG, errno.ENOSPC, errno.EDQUOT):
            raise
        return cell.TOO_HEAVY if error.errno == errno.EFBIG else cell.DISK_FULL
    told = {"picture": picture.told(), "look": look}
    (folder / "told.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
