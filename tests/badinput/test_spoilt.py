"""Spoilt files: refused with a reason, or as they were, or the change is told; nothing else ever happens."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.intake.reader import read
from tests.badinput.spoilt import PARTS, judge, whole

#: Bytes that stand for ends, signs and limits are likelier than others to hurt.
BYTES = st.sampled_from([0, 1, 10, 32, 127, 128, 255]) | st.integers(0, 255)


@pytest.mark.parametrize("part", sorted(PARTS))
@settings(
    max_examples=25, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_spoilt_bytes(part, tmp_path, data):
    content = bytearray(whole(part))
    for _ in range(data.draw(st.integers(0, 4), "changes")):
        content[data.draw(st.integers(0, len(content) - 1), "place")] = data.draw(BYTES, "byte")
    if data.draw(st.booleans(), "cut"):
        del content[data.draw(st.integers(0, len(content)), "length") :]
    assert judge(read, part, bytes(content), tmp_path) in ("refused", "same", "told")


@pytest.mark.parametrize("part", sorted(PARTS))
def test_before_it_is_spoilt_it_is_as_it_was(part, tmp_path):
    assert judge(read, part, whole(part), tmp_path) == "same"


def test_what_fuzzing_found(tmp_path):
    """A latitude beyond the pole in one row of many; a name of an encoding with a NUL in it, and of none of texts."""
    far = whole(".geojson").replace(b"21.8", b"91.8", 1)
    assert judge(read, ".geojson", far, tmp_path) in ("refused", "told")
    for name in (b"GB\0K", b"base64", b"undefined"):
        assert judge(read, ".cpg", name, tmp_path) == "same"
