"""Thresholds of counties: read whole, or refused with every defect at once."""

import pytest

from geo.thresholds import ThresholdsRefused, opened, parsed, written

GOOD = """
version: 2026 年度
counties:
  all: {OV-01: {min_area_m2: 2}}
  "441781": {OV-01: {min_width_m: 0.1}, ZZ-05: {min_area_m2: 20}}
"""


def test_a_county_has_what_it_set_over_what_all_have():
    told = parsed(GOOD)
    assert told.version == "2026 年度"
    assert told.of("441781") == {"OV-01": {"min_area_m2": 2.0, "min_width_m": 0.1}, "ZZ-05": {"min_area_m2": 20.0}}
    assert told.of("4417811132010100001") == told.of("441781")
    assert told.of("441702") == {"OV-01": {"min_area_m2": 2.0}}


def test_what_is_written_is_read_again():
    assert parsed(written(parsed(GOOD))) == parsed(GOOD)


def test_every_defect_is_told_at_once_with_its_place():
    with pytest.raises(ThresholdsRefused) as refused:
        parsed("""
counties:
  "44178": {}
  all:
    OV-99: {min_area_m2: 1}
    OV-01: {min_area_ha: 1, min_area_m2: -1, min_width_m: .nan}
    ZZ-05: {min_area_m2: true}
  "441702": [1]
owner: somebody
""")
    places = [place for place, _, _ in refused.value.defects]
    assert places == [
        "version",
        "owner",
        "44178",
        "all.OV-99",
        "all.OV-01.min_area_ha",
        "all.OV-01.min_area_m2",
        "all.OV-01.min_width_m",
        "all.ZZ-05.min_area_m2",
        "441702",
    ]


@pytest.mark.parametrize(
    "text", ["", "[]", "counties: 3", "a: [", "x" * 300_000, "counties: &a [*a]", "version: v\ncounties: {all: 1}"]
)
def test_what_is_no_such_file_is_refused(text):
    with pytest.raises(ThresholdsRefused):
        parsed(text)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(ThresholdsRefused):
        opened(tmp_path / "none.yaml")
    (tmp_path / "gbk.yaml").write_bytes("version: 阳春".encode("gbk"))
    with pytest.raises(ThresholdsRefused):
        opened(tmp_path / "gbk.yaml")
