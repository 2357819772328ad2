"""The one detection loop: an upload, a nightly run, a cluster, a test and the command line all call `detect`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd

from geo.detect.describe import findings_of
from geo.detect.judge import judge
from geo.detect.plan import plan_for
from geo.detect.ready import ready
from geo.layer import Ground, Layer


@dataclass(frozen=True)
class Detection:
    """What a run found, what fell below tolerance, and what could not be run or compared."""

    findings: gpd.GeoDataFrame
    below_tolerance: dict[str, float]
    rules: dict[str, dict[str, Any]]
    not_compared: list[str]
    invalid: int


def detect(
    ground: Ground,
    *,
    day: date,
    only: Sequence[str] | None = None,
    overrides: Mapping[str, Mapping[str, float]] | None = None,
    names: Mapping[str, str] | None = None,
) -> Detection:
    """Run the rule book over a ground and give every suspicion.

    `ground` holds a frame, or a `Layer` whose rows are fetched when needed, for each layer and table, all in one metric
    CRS. A frame may have a column `mine`: rows where it is False are neighbours, looked at but not reported on by
    themselves; and a column `here`: where it is False another run answers for what begins there (a pair belongs to its
    first side). `only` names the rules to run (all by default), `overrides` their thresholds, `names` gives place names
    by code prefix. Raises UnknownThreshold for a rule or threshold that the book does not hold.
    """
    plan, status = plan_for(ground, day, only, overrides or {})
    prepared = ready(ground)
    parts = judge(prepared, plan)
    crs = next((given.crs for given in ground.values() if isinstance(given, gpd.GeoDataFrame | Layer)), None)
    findings = findings_of([part.fired for part in parts], plan, names or {}, crs)
    counts = findings["rule"].value_counts()
    for rule_id, entry in status.items():
        entry["findings"] = int(counts.get(rule_id, 0))
    for rule_id, reason in {rule_id: reason for part in parts for rule_id, reason in part.not_run.items()}.items():
        status[rule_id] |= {"status": "skipped", "reason": reason}
    for rule_id, names_left in [item for part in parts for item in part.not_asked.items()]:
        status[rule_id]["judged"] = [name for name in status[rule_id]["judged"] if name not in names_left]
    return Detection(
        findings=findings,
        below_tolerance={
            "pairs": sum(part.below_pairs for part in parts),
            "m2": round(sum(part.below_m2 for part in parts), 6),
        },
        rules=status,
        not_compared=prepared.not_compared,
        invalid=prepared.invalid,
    )
