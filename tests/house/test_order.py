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


def test_a_check_of_one_file_waits_for_neither_web_server_nor_database():
    """What the verbs at files load; each library here costs everybody half a second at every call."""
    heavy = "{'fastapi', 'sqlalchemy', 'psycopg', 'folium', 'ezdxf'}"
    program = f"import sys, api.command.files; print({heavy} & sys.modules.keys() or 'none')"
    done = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True)
    assert done.stdout.strip() == "none", done.stdout + done.stderr
