"""docs/coverage.md says what GEOS tells of gaps and overlaps and what our rules tell: both are computed here."""

from collections import Counter
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
import yaml

from geo.detect import detect
from tests.rules.drawn import ORIGIN, ground

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "coverage.md").read_text(encoding="utf-8")
CASES = yaml.safe_load((HERE / "coverage.yaml").read_text(encoding="utf-8"))
RULES = [f"OV-0{n}" for n in (1, 2, 3, 4)] + [f"QC-G{n:02d}" for n in (1, 2, 3, 8, 9, 10, 11)]
#: As wide as gaps of QC-G11 may be.
GAP_M = 0.5
REAL = {"BRP": ("brp_fields.zip", 28992), "LINZ": ("linz_adjustments.gpkg", 2193)}


def told(heading):
    """The rows of the table under a heading of the page, cells as they stand, by their first cell."""
    lines = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {row[0]: row[1:] for row in rows[2:]}


def ours(frame):
    """Which rules fire, and the codes of all that they fire on."""
    findings = detect({"parcel": frame}, day=date(2026, 1, 1), only=RULES).findings
    counts = Counter(findings["rule"])
    named = {rule: set(some["a_code"]) | set(some["b_code"].dropna()) for rule, some in findings.groupby("rule")}
    return counts, named


def theirs(shapes):
    """Whether it is a coverage, also without thin gaps; the shapes with invalid edges; m² that cleaning moves."""
    plain, thin = (shapely.coverage_invalid_edges(shapes, gap_width=width) for width in (0.0, GAP_M))
    assert shapely.coverage_is_valid(shapes) == shapely.is_empty(plain).all()
    marked = [~shapely.is_empty(edges) for edges in (plain, thin)]
    # it cleans polygons that are valid, and gives as many back
    cleaned = shapely.coverage_clean(shapes, gap_width=GAP_M) if shapely.is_valid(shapes).all() else None
    moved = None if cleaned is None else np.abs(shapely.area(cleaned) - shapely.area(shapes)).sum()
    return marked[0], marked[1], moved


@pytest.mark.parametrize("case", CASES)
def test_drawn_cases_are_told_as_the_page_says(case):
    frame = ground(CASES[case])["parcel"]
    plain, thin, moved = theirs(shapely.transform(frame.geometry.to_numpy(), lambda xy: xy - ORIGIN))
    counts, _ = ours(frame)
    rules = ", ".join(f"{rule} ×{n}" if n > 1 else rule for rule, n in sorted(counts.items())) or "–"
    said = [str(plain.sum()), str(thin.sum()), "–" if moved is None else f"{moved:.2f}", rules]
    assert said == told("Drawn cases")[case]


def test_all_drawn_cases_stand_on_the_page():
    assert set(told("Drawn cases")) == set(CASES)


@pytest.mark.parametrize("name", REAL)
def test_real_files_are_told_as_the_page_says(name):
    file, crs = REAL[name]
    frame = gpd.read_file(HERE.parent / "data" / "real" / file).to_crs(crs)[["geometry"]]
    frame = frame.assign(code=[f"{row:05d}" for row in range(len(frame))], row=range(len(frame)))
    plain, thin, _ = theirs(frame.geometry.to_numpy())
    counts, named = ours(frame)
    marked = set(frame["code"][thin])
    hit = set().union(*named.values())
    said = {
        "features": len(frame),
        "with invalid edges": int(plain.sum()),
        "with invalid edges, gap_width 0.5": int(thin.sum()),
        "overlap (OV), pairs": sum(n for rule, n in counts.items() if rule.startswith("OV")),
        **{rule: counts[rule] for rule in ("QC-G03", "QC-G08", "QC-G09", "QC-G10", "QC-G11")},
        "told by both": len(hit & marked),
        "told by GEOS alone": len(marked - hit),
        "told by ours alone": len(hit - marked),
    }
    column = list(REAL).index(name)
    assert said == {row: int(cells[column]) for row, cells in told("Real files").items()}
