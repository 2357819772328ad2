"""Files on their way out: there whole or not at all, and readable by this account alone."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.errors import Refused


@contextmanager
def taking_shape(out: Path) -> Iterator[Path]:
    """Lend a folder of which all that is written becomes the folder or the .zip `out`; if it fails, nothing does."""
    if out.is_file() or (out.exists() and any(out.iterdir())):
        raise there(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".dingxin-out-", dir=out.parent) as temporary:
        folder = Path(temporary, "package")
        folder.mkdir(mode=0o700)
        yield folder
        if out.suffix == ".zip":
            os.replace(_zipped(folder, Path(temporary, "package.zip")), out)
        else:
            if out.exists():
                out.rmdir()
            shutil.move(folder, out)


@contextmanager
def one_file(out: Path) -> Iterator[Path]:
    """Lend a folder for one file, which becomes `out` once it is written."""
    if out.exists():
        raise there(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".dingxin-out-", dir=out.parent) as temporary:
        folder = Path(temporary)
        yield folder
        (written,) = (path for path in folder.iterdir() if path.is_file())
        written.chmod(0o600)
        os.replace(written, out)


def there(out: Path) -> Refused:
    """The refusal to write over what is there."""
    return Refused(f"{out} 已存在。", f"{out} is there already.", "exists")


def _zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    target.chmod(0o600)
    return target
