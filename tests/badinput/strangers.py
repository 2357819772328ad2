"""`docs/adversarial.md` and the outcomes it lists: `python -m tests.badinput.strangers` writes both anew."""

import csv
from pathlib import Path

from geo.intake.reader import read
from tests.badinput.corpus import ORDINARY

DATA = Path(__file__).parents[1] / "data"
STRANGERS, TRAPS = DATA / "adversarial", DATA / "crs_traps"
OUTCOMES = STRANGERS / "outcomes.csv"
DOCUMENT = Path(__file__).parents[2] / "docs" / "adversarial.md"
COMPANIONS = (".shx", ".dbf", ".prj", ".cpg")
#: What a person might choose for a file that names no system: a British grid, a zone of UTM.
CHOSEN = (None, 27700, 32631)
HEAD = """# Files of others' tests

What becomes of the odd and broken files of GDAL's and pyshp's tests and of broken archives
([where they come from](../tests/data/adversarial/README.md)); written by `python -m tests.badinput.strangers`, held by
`tests/badinput/test_strangers.py`, which counts the features of every file that is read with GDAL itself. They are read
as a check of files would, as parcels or, a table alone, as issuers; where a file names no coordinate system, one that
fits was chosen. The [traps about coordinate systems and text](../tests/data/crs_traps/README.md) are read as the office
reads a delivery to its county, with nothing chosen: their land lies there, and so they are refused where it would not.

| File | Outcome | Rows | Told |
|---|---|--:|---|
"""


def files() -> list[Path]:
    """Every file that somebody might hand in: companions come along with their shapefile."""
    both = (path for folder in (STRANGERS, TRAPS) for path in folder.rglob("*"))
    every = sorted(path for path in both if path.suffix not in (".md", ".csv") and path.is_file())
    main = {path.with_suffix("") for path in every if path.suffix.lower() == ".shp"}
    return [path for path in every if path.suffix.lower() not in COMPANIONS or path.with_suffix("") not in main]


def outcome(path: Path) -> dict[str, str]:
    """The code that refuses a file, or how many rows were read and stored and what was told."""
    from geo.intake import IntakeError

    fallback = "issuer" if path.suffix == ".dbf" else "parcel"
    asked = {"office": False, "fallback": fallback, "judge_codes": False, "box": None}
    as_office = path.is_relative_to(TRAPS)
    name = path.relative_to(DATA).as_posix()
    for crs in (None,) if as_office else CHOSEN:
        try:
            found = read(path, layer="parcel") if as_office else read(path, crs=crs, **asked)
        except IntakeError as refused:
            code = refused.code
            continue
        (layer,) = found.layers
        told = {row.code for row in layer.rejected} | {note["code"] for note in (*found.notes, *layer.notes)}
        rows = f"{len(layer.frame)}/{layer.read}"
        return {"file": name, "code": "", "rows": rows, "told": " ".join(sorted(told - set(ORDINARY)))}
    return {"file": name, "code": code, "rows": "", "told": ""}


def known() -> list[dict[str, str]]:
    """The outcomes that were written down."""
    with OUTCOMES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def document(outcomes: list[dict[str, str]]) -> str:
    """The page that lists them."""
    lines = []
    for one in outcomes:
        said = f"`{one['code']}` refused" if one["code"] else "read"
        lines.append(f"| `{one['file']}` | {said} | {one['rows']} | {one['told']} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    found = [outcome(path) for path in files()]
    with OUTCOMES.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, ["file", "code", "rows", "told"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
    DOCUMENT.write_text(document(found), encoding="utf-8")
