from datetime import date
from pathlib import Path

import pytest

from data.samples import Truth
from geo.detect import detect
from tests.samples import read


@pytest.mark.parametrize("after", [1, 2])
def test_all_that_was_planted_is_found_and_nothing_else(folder: Path, truth: Truth, after: int):
    ground = read.ground(folder, after)
    findings = detect(ground, day=date(2026, 11, 23)).findings
    against = findings["against"].where(findings["against"].notna(), None)
    severity = dict(
        zip(zip(findings["rule"], findings["subject"], against, strict=True), findings["severity"], strict=True)
    )
    assert set(severity) == truth.findings(after)
    for planted in truth.planted:
        for one in planted.expected:
            assert severity.get((one.rule, one.subject, one.against), one.severity) == one.severity, planted.name
