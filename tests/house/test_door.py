"""A stranger's file is opened in the cell alone, and a shape is repaired nowhere else."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "data", "geo", "web")
#: What reads files of others, by the last words of what is called.
READERS = re.compile(
    r"(^|\.)(read_dataframe|read_arrow|open_arrow|read_info|read_bounds|list_layers|read_file|raw\.read)$|rasterio\.open$"
    r"|AccessParser$|TarFile|tarfile\.open$"
)
#: Where it is neither a door nor the work behind it: contests and samples open, and repair by an engine that is
#: independent of ours, what they themselves have drawn.
OURS = {Path("api/bench"), Path("data/samples")}
REPAIR = re.compile(r"make_?valid\s*\(|buffer\(\s*0\s*[,)]", re.IGNORECASE)
#: The repairing child, and what the reader proposes: the reader itself is in the reading child (see above).
REPAIRERS = {Path("geo/cell/repairing.py"), Path("geo/intake/repairs.py")}


def sources(*packages: str) -> list[Path]:
    return [
        path.relative_to(ROOT)
        for package in packages
        for path in sorted((ROOT / package).rglob("*"))
        if path.suffix in (".py", ".sql")
    ]


def opens(source: str) -> bool:
    """Whether the reader is taken into this process, or another is called; an archive may be written."""
    if "from geo.intake.reader import" in source or re.search(r"from geo\.intake import .*\bread\b", source):
        return True
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func)
        written = [argument.value for argument in call.args[1:2] if isinstance(argument, ast.Constant)]
        if READERS.search(name) or (name.endswith("ZipFile") and written != ["w"]):
            return True
    return False


def is_ours(path: Path) -> bool:
    return not OURS.isdisjoint(path.parents)


def imported(path: Path) -> set[str]:
    """The modules, or what stands in them, that a file of Python imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{one.name}" for one in node.names} | {str(node.module)}
    return found


def repairing() -> set[Path]:
    return {path for path in sources(*PACKAGES) if REPAIR.search((ROOT / path).read_text())}


def test_no_door_opens_a_file():
    doors = [path for path in sources("api", "web") if path.suffix == ".py" and not is_ours(path)]
    assert len(doors) > 40
    assert [str(path) for path in doors if opens((ROOT / path).read_text())] == []


def test_nothing_but_the_child_repairs():
    assert {path for path in repairing() if not is_ours(path)} == REPAIRERS
    proposing = {path for path in sources(*PACKAGES) if "Proposing(" in (ROOT / path).read_text()}
    assert proposing == {Path("geo/intake/reader.py")}


def test_who_is_asked_beside_us_repairs_by_itself_and_never_for_us():
    """An oracle that went by our door would agree with our faults, and no delivery may come to it."""
    for path in filter(is_ours, repairing()):
        assert not [name for name in imported(path) if name.startswith(("geo.cell", "geo.intake"))]
        name = ".".join(path.with_suffix("").parts)
        users = {user for user in sources(*PACKAGES) if user.suffix == ".py" and name in imported(user)}
        assert users
        assert all(map(is_ours, users)), name


@pytest.mark.parametrize("line", ["SELECT ST_MakeValid(geom)", "shapely.make_valid(shape)", "shape.buffer(0)"])
def test_it_is_seen_when_another_does(line):
    assert REPAIR.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "zipfile.ZipFile(path)",
        "zipfile.ZipFile(path, 'r')",
        "pyogrio.raw.read(path)",
        "gpd.read_file(path)",
        "from geo.intake import IntakeError, read",
        "from geo.intake.reader import read",
        "rasterio.open(path)",
    ],
)
def test_it_is_seen_when_a_door_does(line):
    assert opens(line)
