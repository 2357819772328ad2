"""Odd and broken files of others' tests: each is read as GDAL counts it, or refused with a reason."""

import pyogrio
import pytest

from tests.badinput.strangers import DATA, DOCUMENT, document, files, known, outcome

KNOWN = known()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("expected", KNOWN, ids=lambda one: one["file"])
def test_a_stranger(expected):
    found = outcome(DATA / expected["file"])
    assert found == expected
    if expected["rows"] and not expected["file"].endswith(".zip"):
        counted = pyogrio.read_info(DATA / expected["file"], force_feature_count=True)["features"]
        assert int(found["rows"].partition("/")[2]) == counted


def test_every_file_has_its_outcome():
    assert [one["file"] for one in KNOWN] == [path.relative_to(DATA).as_posix() for path in files()]


def test_the_document_lists_them():
    assert DOCUMENT.read_text(encoding="utf-8") == document(KNOWN)
