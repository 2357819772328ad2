"""A contest compares results before times: a faster wrong answer is a failure."""

import pandas as pd
import pytest

from api.bench.contest import Limits, contest, same_pairs


def pairs(*rows):
    return pd.DataFrame(rows, columns=["i", "j", "m2"])


def test_the_order_of_rows_and_of_sides_does_not_matter():
    assert same_pairs(pairs((1, 2, 5.0), (3, 4, 6.0)), pairs((4, 3, 6.0), (2, 1, 5.0)), threshold=1.0)


@pytest.mark.parametrize(
    "theirs",
    [
        pytest.param(pairs((1, 2, 5.0)), id="one missed"),
        pytest.param(pairs((1, 2, 5.0), (3, 4, 6.0), (5, 6, 2.0)), id="one invented"),
        pytest.param(pairs((1, 2, 5.002), (3, 4, 6.0)), id="an area 2e-3 m² off"),
    ],
)
def test_a_different_answer_is_not_equal(theirs):
    assert not same_pairs(pairs((1, 2, 5.0), (3, 4, 6.0)), theirs, threshold=1.0)


def test_a_pair_on_the_border_of_the_threshold_may_be_missing():
    assert same_pairs(pairs((1, 2, 5.0), (3, 4, 1.0005)), pairs((1, 2, 5.0009)), threshold=1.0)


def three(folder):
    return pairs((1, 2, 5.0))


def wrong(folder):
    return pairs((1, 2, 7.0))


def endless(folder):
    while True:
        pass


def test_a_method_that_is_wrong_or_endless_gets_its_line_and_the_others_go_on(tmp_path):
    methods = {
        name: f"tests.api.test_bench:{target}"
        for name, target in {"dingxin": "three", "wrong": "wrong", "endless": "endless", "right": "three"}.items()
    }
    entries = {
        entry.method: entry
        for entry in contest("pairs", 3, methods, tmp_path, threshold=1.0, runs=2, limits=Limits(10, 16))
    }
    assert entries["dingxin"].ours
    assert entries["dingxin"].ratio == 1.0
    assert not entries["wrong"].equal
    assert entries["right"].equal
    assert entries["endless"].median_s is None
    assert "10 s" in entries["endless"].why
