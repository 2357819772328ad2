"""Every rule against its drawn cases."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from geo.detect import detect
from geo.rules import book
from tests.rules.drawn import ground, written
from web import labels

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.yaml"))
CASES = [
    pytest.param(document["rule"], case, id=f"{document['rule']}: {name}")
    for document in map(written, FILES)
    for name, case in document["cases"].items()
]


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_case(rule, case):
    """A case says which findings of its rule there are, and may say their severity and measures."""
    overrides = {rule: case["set"]} if "set" in case else None
    found = detect(ground(case), day=case.get("day", date(2026, 1, 1)), only=[rule], overrides=overrides)
    if case.get("skipped"):
        assert found.rules[rule]["status"] == "skipped"
        assert found.rules[rule]["reason"]["zh"]
        return
    assert found.rules[rule]["status"] == "run", found.rules[rule]["reason"]
    assert json.loads(json.dumps(list(found.findings["evidence"]), allow_nan=False)) is not None
    said = {re.sub("_(zh|en)$", "", name) for evidence in found.findings["evidence"] for name in evidence}
    assert {name for name in said if f"column.{name}" not in labels.texts("zh")} == set()
    expected = [entry if isinstance(entry, dict) else {"of": entry} for entry in case["expect"]]
    assert _parties(found.findings) == sorted(str(entry["of"]) for entry in expected)
    for entry in expected:
        row = found.findings[[_spoken(row) == str(entry["of"]) for row in found.findings.to_dict("records")]].iloc[0]
        for name, value in entry.items():
            if name != "of":
                seen = row[name] if name in row.index else row["evidence"].get(name)
                assert seen == (pytest.approx(value, abs=1e-6) if isinstance(value, float) else value), name


@pytest.mark.parametrize("rule", book().values(), ids=book())
def test_rule_has_cases_under_its_own_name(rule):
    """Each rule has at least one case that fires, one that does not, and one at a threshold if it has any."""
    *_, category, name = rule.judge.__module__.split(".")
    file = HERE / category / f"{name}.yaml"
    document = written(file)
    assert document["rule"] == rule.id
    cases = [case for case in document["cases"].values() if not case.get("skipped")]
    assert any(case["expect"] for case in cases)
    assert any(not case["expect"] for case in cases)
    if rule.thresholds:
        assert any("threshold" in title or "exactly" in title for title in document["cases"])


def _parties(findings):
    return sorted(_spoken(row) for row in findings.to_dict("records"))


def _spoken(row):
    """The codes of both sides, without the name of the layer."""
    return " ".join(ref.rpartition(":")[2] for ref in (row["subject"], row["against"]) if ref)
