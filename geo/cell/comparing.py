"""The comparing child: lays two images over each other in a cell, leaves patches as Arrow and the rest as JSON."""

import errno
import json
import shutil
import sys
from pathlib import Path
from typing import Any, Final

from geo import cell

#: With less than so many bytes left, a disk is full.
_ROOM: Final = 64 << 20


def main() -> int:
    """Compare two images as asked; a refusal is an answer too."""
    request: dict[str, Any] = json.load(sys.stdin)
    folder = Path(request["folder"])
    # Compiled loops are looked for where they are kept when they are first named; in the cell nothing is written there.
    import geo.kernel.pixels
    import geo.kernel.regions  # noqa: F401

    try:
        landlocked = cell.enter(
            cell.Limits(**request["limits"]), read=map(Path, request["read"]), listed=[folder], write=[folder]
        )
    except cell.CannotRestrain as why:
        print(why, file=sys.stderr)
        return cell.UNCONFINED
    if not landlocked:
        (folder / "no_landlock").touch()
    try:
        return _compare(request, folder)
    except MemoryError:
        return cell.TOO_HEAVY


def _compare(request: dict[str, Any], folder: Path) -> int:
    """Compare within the cell; libraries are loaded here too, since some start threads."""
    import pyarrow.feather
    import rasterio
    import shapely
    from rasterio.errors import RasterioError

    from geo.imagery.change import find_change
    from geo.imagery.layer import told
    from geo.imagery.pair import ImagesRefused
    from geo.imagery.picture import ALONE
    from geo.imagery.settings import ChangeSettings

    kept = pyarrow.feather.read_table(folder / "parcels.arrow", memory_map=False)["geometry"]
    parcels = shapely.from_wkb(kept.to_numpy(zero_copy_only=False)) if len(kept) else None
    try:
        with rasterio.Env(**ALONE):
            found = find_change(
                Path(request["before"]),
                Path(request["after"]),
                ChangeSettings(**request["settings"]),
                parcels,
                scratch=folder,
            )
    except ImagesRefused as refused:
        said = {"code": refused.code, "zh": refused.zh, "en": refused.en}
        (folder / "refused.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        return 0
    except RasterioError:  # what is set aside finds no room: GDAL does not say which
        return cell.DISK_FULL if shutil.disk_usage(folder).free < _ROOM else cell.TOO_HEAVY
    except OSError as error:
        if error.errno not in (errno.EFBIG, errno.ENOSPC, errno.EDQUOT):
            raise
        return cell.TOO_HEAVY if error.errno == errno.EFBIG else cell.DISK_FULL
    patches = found.patches[["kind", "area_m2", "width_m", "confidence"]]
    patches = patches.assign(geometry=shapely.to_wkb(found.patches["geometry"].to_numpy(dtype=object)))
    pyarrow.feather.write_feather(patches, folder / "patches.arrow")
    answer = {
        "method": told(found),
        "crs": found.images.crs.to_wkt(),
        "seen_m2": round(found.seen_m2, 1),
        "unseen_m2": round(found.unseen_m2, 1),
    }
    (folder / "told.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
