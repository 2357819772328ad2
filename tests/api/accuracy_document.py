"""Write the tables of docs/accuracy.md anew: `python -m tests.api.accuracy_document`."""

from collections import defaultdict
from pathlib import Path

from api.bench.accuracy import (
    ANY_PAIR,
    OURS,
    OURS_IN_TOWNSHIPS,
    OURS_ON_FORMS,
    OURS_ON_PAPERS,
    PAIR_RULES,
    PAPER_PEERS,
    PEERS,
    Result,
    measure,
    stories,
)
from data.cluster import benchmark_database
from geo.rules import book

DOCUMENT = Path(__file__).parents[2] / "docs" / "accuracy.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end -->\n"
PARCELS, SEED = 5_000, 1
_ON = {OURS: "county", OURS_IN_TOWNSHIPS: "townships"}


def tables(result: Result) -> str:
    """Ours by rule, everybody on pairs and construction, and every error with what the scene shows."""
    lines = [
        "| rule | on | planted | look-alikes | found | missed | invented | precision | recall |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    own = [one for one in result.scores if one.ours and one.rule != ANY_PAIR]
    for one in sorted(own, key=lambda one: (one.rule, one.method)):
        if one.method in _ON:
            alike = str(result.cleared[one.rule]) if one.method == OURS else "–"
            planted, rest = _cells(one).split(" | ", 1)
            lines.append(f"| {one.rule} | {_ON[one.method]} | {planted} | {alike} | {rest} |")
    idle = sorted({rule.id for rule in book().values() if rule.category != "quality"} - {one.rule for one in own})
    if idle:
        lines += ["", f"Nothing is planted yet for {', '.join(idle)}: their drawn cases in tests/rules speak for them."]
    lines += ["", *on_papers(result), ""]
    peers = ["| what | method | planted | found | missed | invented | precision | recall |"]
    peers.append("|---|---|--:|--:|--:|--:|--:|--:|")
    compared = {rule for rules, _ in PEERS.values() for rule in rules} - {*PAIR_RULES}
    for what in (ANY_PAIR, *sorted(compared)):
        peers += [
            f"| {what} | {one.method} | {_cells(one)} |"
            for one in result.scores
            if one.rule == what and one.method != OURS_IN_TOWNSHIPS
        ]
    errors, told = defaultdict(list), stories()
    for error in result.errors:
        errors[error.method].append(
            f"{error.count} × {error.what} ({error.rule}): {told.get(error.scene, error.scene)}"
        )
    wrong = [f"\n**{method}**\n\n" + "\n".join(f"- {line}" for line in some) for method, some in errors.items()]
    return "\n".join([*lines, "", *peers, *wrong]) + "\n"


def on_papers(result: Result) -> list[str]:
    """Ours and the peers side by side on papers and forms: planted, what only looks so, and shares of each."""
    own = {one.rule: one for one in result.scores if one.method in (OURS_ON_PAPERS, OURS_ON_FORMS)}
    score_of = {(one.rule, one.method): one for one in result.scores}
    titles = " | ".join(f"{name}: precision | recall" for name in ("dingxin", *PAPER_PEERS))
    lines = [f"| on papers | planted | look-alikes | {titles} |", f"|---|{'--:|' * (4 + 2 * len(PAPER_PEERS))}"]
    for rule, ours in sorted(own.items()):
        found = [ours, *(score_of.get((rule, method)) for method in PAPER_PEERS)]
        shares = " | ".join("– | –" if one is None else f"{one.precision:g} | {one.recall:g}" for one in found)
        lines.append(f"| {rule} | {ours.planted} | {result.alike[rule]} | {shares} |")
    return lines


def _cells(one) -> str:
    numbers = (one.planted, one.found, one.missed, one.invented, one.precision, one.recall)
    return " | ".join("–" if number is None else f"{number:g}" for number in numbers)


def main() -> None:
    """Measure, and put the tables where they stand."""
    with benchmark_database() as url:
        result = measure(PARCELS, SEED, url)
    text = DOCUMENT.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{tables(result)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
