"""The walls hold: arrows between the rooms, style, and types on the ground floor."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
CHECKS = {
    "layers": [Path(sys.prefix, "bin", "lint-imports")],
    "style": [sys.executable, "-m", "ruff", "check", "."],
    "format": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "types": [sys.executable, "-m", "mypy"],
}


@pytest.mark.parametrize("check", CHECKS)
def test_check(check):
    """Each check prints what is wrong where."""
    done = subprocess.run(CHECKS[check], cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
