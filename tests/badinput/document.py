"""`docs/bad-inputs.md`, written from what the corpus led to: `python -m tests.badinput.document`."""

import functools
import tempfile
from pathlib import Path

from geo.intake.reader import read
from tests.badinput.corpus import LATER, NUMBERS, Case, Outcome, cases, outcome
from tests.badinput.rows import ELSEWHERE

DOCUMENT = Path(__file__).parents[2] / "docs" / "bad-inputs.md"
HEAD = """# Bad inputs

Written by `python -m tests.badinput.document` from what `tests/badinput` builds and the reader answers; a test holds
both alike. *file*: the file is refused and nothing of it is written. *row*: the row is rejected, its raw shape stays
with the upload. *note*: it is told, and stored. Where no code stands the file is stored as it came, and what the rules
then find stands behind it. Rows count from 0. Numbers 91 to 98 are images (`./dingxin image`).

| No. | Input | Code | 说明 | What is said | Level | Kept |
|--:|---|---|---|---|---|---|
"""


@functools.cache
def led_to(number: int) -> Outcome:
    """What a case, by its place in the list, leads to."""
    case = cases()[number]
    with tempfile.TemporaryDirectory(prefix="dingxin-corpus-") as folder:
        return outcome(case, read, case.build(Path(folder)))


def document() -> str:
    """The whole document."""
    lines = {number: [] for number in NUMBERS}
    for at, case in enumerate(cases()):
        lines[case.number].append(_line(case, led_to(at)))
    for one in ELSEWHERE:
        lines[one.number].append(f"| {one.number} | {one.zh}<br>{one.en} | | | held by `{one.test}` | | |")
    for number, what in LATER.items():
        lines[number].append(f"| {number} | {what} | | | comes with a later work | | |")
    return HEAD + "\n".join(line for number in NUMBERS for line in lines[number]) + "\n"


def _line(case: Case, found: Outcome) -> str:
    kept = "nothing" if found.level == "file" else f"{found.stored} rows" if found.stored != 1 else "1 row"
    if case.kind and found.stored:
        kept = "1 image"
    if found.rows:
        kept += f"; rejected: row {', '.join(map(str, found.rows))}"
    if case.findings:
        kept += f"; finding {', '.join(case.findings)}"
    code = f"`{found.code}`" if found.code else ""
    cells = (case.number, f"{case.zh}<br>{case.en}", code, _cell(found.zh), _cell(found.en), found.level, kept)
    return "| " + " | ".join(map(str, cells)) + " |"


def _cell(text: str) -> str:
    """A sentence within a table; what nobody sees is shown by its number."""
    shown = "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)
    return (shown if len(shown) <= 300 else f"{shown[:300]}…").replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
