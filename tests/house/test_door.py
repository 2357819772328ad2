"""A stranger's file is opened in the cell alone, and a shape is repaired nowhere else."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "data", "geo", "web")
#: What opens files, and what reads them outside of the cell.
OPENERS = {"pyogrio", "rasterio", "fiona", "osgeo", "zipfile", "tarfile", "access_parser", "geo.intake.reader"}
#: Where it is neither a door nor the work behind it: contests and samples open what they themselves have written.
OURS = {Path("api/bench")}
REPAIR = re.compile(r"make_?valid\s*\(|buffer\(\s*0\s*[,)]", re.IGNORECASE)
REPAIRERS = {Path("geo/cell/repairing.py")}


def sources(*packages: str) -> list[Path]:
    return [
        path.relative_to(ROOT)
        for package in packages
        for path in sorted((ROOT / package).rglob("*"))
        if path.suffix in (".py", ".sql")
    ]


def imported(source: str) -> set[str]:
    """Every module that is named in an import, and every name imported from one as `module.name`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return names


def opens(source: str) -> bool:
    names = imported(source)
    return bool(names & {*OPENERS, "geo.intake.read"}) or any(name.split(".")[0] in OPENERS for name in names)


def test_no_door_opens_a_file():
    doors = [path for path in sources("api", "web") if path.suffix == ".py" and not OURS & set(path.parents)]
    assert len(doors) > 40
    assert [str(path) for path in doors if opens((ROOT / path).read_text())] == []


def test_nothing_but_the_child_repairs():
    assert {path for path in sources(*PACKAGES) if REPAIR.search((ROOT / path).read_text())} == REPAIRERS


@pytest.mark.parametrize("line", ["SELECT ST_MakeValid(geom)", "shapely.make_valid(shape)", "shape.buffer(0)"])
def test_it_is_seen_when_another_does(line):
    assert REPAIR.search(line)


@pytest.mark.parametrize(
    "line", ["import zipfile", "from pyogrio import raw", "from geo.intake import read", "import geo.intake.reader"]
)
def test_it_is_seen_when_a_door_does(line):
    assert opens(line)
