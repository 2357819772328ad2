"""Work `accuracy`: how many of the planted findings each method finds, and how many more it invents.

The county's scenes are for ground, the sample townships beside them for papers too. Other methods answer which pairs
conflict, or what stands on a parcel; they are asked only what they can express, on shapes repaired as ours are.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd

from data.samples import papers as written
from data.samples import write_township
from data.samples.county import SCENES, County, Finding, county
from data.samples.papers.forms import CHECKS
from geo.detect import detect
from geo.intake import read_confined
from geo.intake.ground import ground_of, main_layer
from geo.rules import book

OURS, OURS_IN_TOWNSHIPS, OURS_ON_PAPERS = "dingxin", "dingxin, townships", "dingxin, papers"
OURS_ON_FORMS = "dingxin, forms"
#: Any of these is a conflict between two parcels; OV-05 is the same pair once more.
PAIR_RULES = ("OV-01", "OV-02", "OV-03", "OV-04", "OV-08")
#: The rule under which pairs stand whichever rule they fall under.
ANY_PAIR = "OV-01…04, 08"
#: The day of judging, and the townships: so many parcels each, with these seeds.
DAY, TOWNSHIP_PARCELS, TOWNSHIP_SEEDS = written.JUDGED, 800, (1, 2)

#: Rules that a peer answers, and its function in `peers.accuracy`.
PEERS: dict[str, tuple[tuple[str, ...], str]] = {
    "PostGIS ST_Overlaps": (PAIR_RULES, "overlaps"),
    "PostGIS ST_Intersects ≥ 1 m²": ((*PAIR_RULES, "OV-09", "OV-10", "OV-14"), "intersects"),
    "geopandas overlay ≥ 1 m²": ((*PAIR_RULES, "OV-09", "OV-10", "OV-14"), "overlay"),
    "shapely coverage_invalid_edges": (PAIR_RULES, "coverage"),
    "shrink by 1 mm, intersects": (PAIR_RULES, "shrunk"),
    "PostGIS SQL with approvals": (("ZZ-01", "ZZ-02", "ZZ-05"), "construction"),
    "geopandas overlay, approvals": (("ZZ-01", "ZZ-02", "ZZ-05"), "construction_overlay"),
    "PostGIS SQL with registers": (("OV-06", "OV-07", "OV-11", "OV-12", "OV-13"), "registers"),
    "geopandas overlay, registers": (("OV-11", "OV-12", "OV-13"), "registers_overlay"),
}
#: What is asked of papers, and its function in `peers.papers`.
PAPER_PEERS = {"spreadsheet filter": "filtered", "SQL over all tables": "joined"}
#: Rules on papers that neither asks about: they look at ground too.
NO_PEER_ON_PAPERS = ("ZL-15", "ZM-09", "ZZ-04", "ZZ-05")


@dataclass(frozen=True)
class Score:
    """One line of the result, as others script against it; what a method cannot tell by rule is null."""

    rule: str
    method: str
    ours: bool
    planted: int
    found: int
    missed: int
    invented: int | None
    precision: float | None
    recall: float | None


@dataclass(frozen=True)
class Error:
    """How often a method missed, or invented, something in scenes of a name."""

    method: str
    rule: str
    what: str
    scene: str
    count: int


@dataclass
class Result:
    """All lines, all errors, and how many papers by rule only look so."""

    scores: list[Score] = field(default_factory=list)
    errors: list[Error] = field(default_factory=list)
    #: How many look-alikes of each rule were written in papers, and drawn in the county; none of them may be told.
    alike: Counter[str] = field(default_factory=Counter)
    cleared: Counter[str] = field(default_factory=Counter)

    def add(self, method: str, rule: str, wanted: set, found: set, scene_of: Callable[[Finding], str]) -> None:
        """Compare what was found under a rule with what was planted for it."""
        self.scores.append(score(rule, method, wanted, found))
        for what, some in (("missed", wanted - found), ("invented", found - wanted)):
            counts = Counter(map(scene_of, some))
            self.errors += [Error(method, rule, what, scene, count) for scene, count in sorted(counts.items())]


def score(rule: str, method: str, wanted: set, found: set, invents: bool = True) -> Score:
    """Count what was found of what was planted, and what more."""
    hit, more = len(wanted & found), len(found - wanted)
    return Score(
        rule=rule,
        method=method,
        ours=method.startswith(OURS),
        planted=len(wanted),
        found=hit,
        missed=len(wanted) - hit,
        invented=more if invents else None,
        precision=_share(hit, hit + more) if invents else None,
        recall=_share(hit, len(wanted)),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def measure(parcels: int, seed: int, url: str, seeds: Iterable[int] = TOWNSHIP_SEEDS) -> Result:
    """Plant, let every method look, and compare."""
    from api.bench.peers import accuracy as peers

    made, result = county(parcels, seed), Result()
    result.cleared.update(rule for rule, _, _ in made.cleared)
    seen = ours(made)

    def scene(finding: Finding) -> str:
        return made.scene_of.get(finding[1], "")

    for rule in sorted({one[0] for one in made.expected | seen}):
        result.add(OURS, rule, _of(made.expected, rule), _of(seen, rule), scene)
    planted = _pairs(made.expected)
    result.add(OURS, ANY_PAIR, planted, _pairs(seen), scene)
    _read(result, written.papers(seed), url)
    _checked(result, written.forms(seed))
    there, here = _townships(seeds)
    for rule in sorted({one[0] for one in there | here}):
        result.add(OURS_IN_TOWNSHIPS, rule, _of(there, rule), _of(here, rule), lambda _: "")
    repaired = peers.loaded(made, url)
    for method, (rules, name) in PEERS.items():
        answer: set[Finding] = getattr(peers, name)(repaired, url)
        if any(one[0] == ANY_PAIR for one in answer):
            result.add(method, ANY_PAIR, planted, _of(answer, ANY_PAIR), scene)
        for rule in rules:
            if rule in PAIR_RULES:
                told = {(rule, a, b) for _, a, b in _of(answer, ANY_PAIR)}
                result.scores.append(score(rule, method, _of(made.expected, rule), told, invents=False))
            else:
                result.add(method, rule, _of(made.expected, rule), _of(answer, rule), scene)
    return result


def _read(result: Result, papers: written.Papers, url: str) -> None:
    """Compare what was written in papers with what we, and others, find there."""
    from api.bench.peers import papers as peers

    def scene(finding: Finding) -> str:
        return papers.scene_of.get(finding[1], "")

    result.alike.update(rule for rule, *_ in papers.alike)
    peers.loaded(papers, url)
    told = {OURS_ON_PAPERS: _said(_conflicts(papers.ground))}
    told |= {method: getattr(peers, name)(url, DAY) for method, name in PAPER_PEERS.items()}
    for method, answer in told.items():
        asked = papers.expected | answer if method == OURS_ON_PAPERS else answer
        for rule in sorted({one[0] for one in asked}):
            result.add(method, rule, _of(papers.expected, rule), _of(answer, rule), scene)


def _checked(result: Result, forms: written.Papers) -> None:
    """Compare what was filled in wrongly in forms with what the checks of quality find there."""
    result.alike.update(rule for rule, *_ in forms.alike)
    told = _said(_conflicts(forms.ground, CHECKS))
    for rule in CHECKS:
        found = _of(forms.expected, rule), _of(told, rule)
        result.add(OURS_ON_FORMS, rule, *found, lambda finding: forms.scene_of.get(finding[1], ""))


def _townships(seeds: Iterable[int]) -> tuple[set[Finding], set[Finding]]:
    """What was planted in townships and what was found there; their codes are the same, so that each keeps its seed."""
    sides: tuple[set[Finding], set[Finding]] = set(), set()
    for seed in seeds:
        for side, findings in zip(sides, township(seed), strict=True):
            side.update((rule, f"{seed}/{subject}", against) for rule, subject, against in findings)
    return sides


def _of(findings: set[Finding], rule: str) -> set[Finding]:
    return {one for one in findings if one[0] == rule}


def _pairs(findings: set[Finding]) -> set[Finding]:
    """Pairs of parcels that conflict, whichever rule says so."""
    return {(ANY_PAIR, a, b) for rule, a, b in findings if rule in PAIR_RULES}


def ours(made: County, only: Iterable[str] | None = None) -> set[Finding]:
    """What the rules on conflicts find in the county."""
    return _said(_conflicts(made.ground, only))


def _conflicts(ground: Mapping[str, pd.DataFrame], only: Iterable[str] | None = None) -> gpd.GeoDataFrame:
    chosen = list(only or (rule.id for rule in book().values() if rule.category != "quality"))
    return detect(ground, day=DAY, only=chosen).findings


def township(seed: int) -> tuple[set[Finding], set[Finding]]:
    """What was planted in a sample township, and what all rules find in it."""
    with tempfile.TemporaryDirectory() as folder:
        truth = write_township(Path(folder), TOWNSHIP_PARCELS, seed)
        reading = read_confined(f"{folder}/township.zip", rest=True, fallback="parcel", office=False)
        ground = ground_of(main_layer(reading, "parcel"), reading, []).ground
    return truth.findings(1), _said(detect(ground, day=DAY).findings)


def _said(findings: gpd.GeoDataFrame) -> set[Finding]:
    against = findings["against"].astype(object).where(findings["against"].notna(), None)
    return set(zip(findings["rule"], findings["subject"], against, strict=True))


def write(result: Result, file: Path) -> None:
    """Write the result by the contract that stands: a list of lines."""
    told = [asdict(one) for one in result.scores]
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def stories() -> dict[str, str]:
    """What each scene shows, in one sentence."""
    return {
        scene.__name__: (scene.__doc__ or "").splitlines()[0] for scene in (*SCENES, *written.SCENES, *written.FORMS)
    }
