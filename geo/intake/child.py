"""The reading child: takes a request from standard input, reads under limits, leaves Parquet and JSON in its folder."""

import errno
import json
import resource
import sys
from pathlib import Path
from typing import Any


def main() -> int:
    """Read one file as asked; a refusal is an answer too."""
    request: dict[str, Any] = json.load(sys.stdin)
    _restrain(request["limits"])
    from geo.intake import reading
    from geo.intake.confined import DISK_FULL, TOO_HEAVY
    from geo.intake.errors import IntakeError
    from geo.intake.reader import read

    folder = Path(request["folder"])
    try:
        reading.write(read(request["path"], **request["asked"]), folder)
    except IntakeError as refused:
        (folder / "refused.json").write_text(json.dumps(refused.told(), ensure_ascii=False), encoding="utf-8")
    except MemoryError:
        return TOO_HEAVY
    except OSError as error:
        if error.errno not in (errno.EFBIG, errno.ENOSPC, errno.EDQUOT):
            raise
        return TOO_HEAVY if error.errno == errno.EFBIG else DISK_FULL
    return 0


def _restrain(limits: dict[str, int]) -> None:
    """Take the limits on before anything of the file is looked at."""
    for kind, most in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, limits["output_bytes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


if __name__ == "__main__":
    sys.exit(main())
