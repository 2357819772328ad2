"""A contest compares results before times: a faster wrong answer is a failure."""

import json

import pytest
import typer

from api.bench.contest import Limits, MethodFailed, Work, contest, same_pairs, write
from api.bench.pairs import same
from api.command.bench import count
from tests.api.contenders import pairs


def same_above_1(ours, theirs):
    return same_pairs(ours, theirs, threshold=1.0)


def test_the_order_of_rows_and_of_sides_does_not_matter():
    assert same(pairs((1, 2, 5.0), (3, 4, 6.0)), pairs((4, 3, 6.0), (2, 1, 5.0)))


@pytest.mark.parametrize(
    "theirs",
    [
        pytest.param(pairs((1, 2, 5.0)), id="one missed"),
        pytest.param(pairs((1, 2, 5.0), (3, 4, 6.0), (5, 6, 2.0)), id="one invented"),
        pytest.param(pairs((1, 2, 5.0), (3, 4, 6.0), (3, 4, 6.0)), id="one twice"),
        pytest.param(pairs((1, 2, 5.002), (3, 4, 6.0)), id="an area 2e-3 m² off"),
    ],
)
def test_a_different_answer_is_not_equal(theirs):
    assert not same_above_1(pairs((1, 2, 5.0), (3, 4, 6.0)), theirs)


def test_a_pair_on_the_border_of_the_threshold_may_be_missing():
    assert same_above_1(pairs((1, 2, 5.0), (3, 4, 1.0005)), pairs((1, 2, 5.0009)))


def test_large_areas_may_differ_by_a_millionth():
    assert same_above_1(pairs((1, 2, 10_000.0)), pairs((1, 2, 10_000.009)))
    assert not same_above_1(pairs((1, 2, 10_000.0)), pairs((1, 2, 10_000.011)))


def run(tmp_path, beyond=None, **methods):
    targets = {name.replace("_", " "): f"tests.api.contenders:{target}" for name, target in methods.items()}
    work = Work("pairs", targets, same_above_1, beyond or {})
    entries = contest(work, 1000, tmp_path, 1, Limits(6, 2), tell=lambda line: None)
    return {entry.method: entry for entry in entries}


def test_a_method_that_is_wrong_endless_or_greedy_gets_its_line_and_the_others_go_on(tmp_path):
    entries = run(
        tmp_path, dingxin="three", wrong="wrong", endless="endless", greedy="greedy", chatty="chatty", missing="nobody"
    )
    assert list(entries) == ["dingxin", "wrong", "endless", "greedy", "chatty", "missing"]
    assert entries["dingxin"].ours
    assert entries["dingxin"].ratio == 1.0
    assert entries["dingxin"].runs >= 2
    assert entries["wrong"].equal is False
    assert entries["chatty"].equal
    assert not entries["chatty"].ours
    assert entries["endless"].median_s is None
    assert "6 s" in entries["endless"].why
    assert "MemoryError" in entries["greedy"].why
    assert "nobody" in entries["missing"].why


def test_requests_have_a_median_and_a_p95_a_floor_no_result_and_a_short_first_run_only_warms_up(tmp_path):
    entries = run(tmp_path, dingxin="requests", peer="other_at_first", floor="wrong")
    assert (entries["dingxin"].median_s, entries["dingxin"].p95_s) == (0.5, 0.5)
    assert entries["dingxin"].runs == 3 * 20
    assert entries["peer"].equal
    assert entries["peer"].p95_s is None
    assert entries["floor"].equal is None


def test_what_would_break_the_limits_is_not_started(tmp_path):
    entries = run(tmp_path, beyond={"slow": (999, "hours")}, dingxin="three", slow="endless", quick="three")
    assert (entries["slow"].median_s, entries["slow"].runs, entries["slow"].why) == (None, 0, "hours")
    assert entries["quick"].equal


def test_without_a_result_of_ours_there_is_no_contest(tmp_path):
    with pytest.raises(MethodFailed, match="nobody"):
        run(tmp_path, dingxin="nobody", peer="three")


def test_the_result_is_written_by_the_contract(tmp_path):
    write(list(run(tmp_path, dingxin="three", wrong="wrong").values()), tmp_path / "out.json")
    ours, wrong = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert set(ours) == {
        "work", "size", "method", "ours", "median_s", "p95_s", "runs", "peak_gb", "equal", "ratio", "why",
    }  # fmt: skip
    assert (ours["ours"], ours["ratio"], ours["size"]) == (True, 1.0, 1000)
    assert (wrong["ours"], wrong["equal"]) == (False, False)


def test_sizes_are_written_as_people_do():
    assert [count(text) for text in ("10000", "100k", "3M")] == [10_000, 100_000, 3_000_000]
    for text in ("", "k", "99", "1.5M", "1G", "-1000"):
        with pytest.raises(typer.BadParameter):
            count(text)
