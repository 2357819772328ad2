"""What was planted in a sample, and what must therefore be found: each rule, at which delivery, on which reference."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

Reference = tuple[str, str | None]


@dataclass(frozen=True)
class Expected:
    """One finding that must stand, or one row that must be rejected, from a delivery on.

    `until` is the delivery that mends it. A finding has subject and against (None where the rule has no other side),
    a rejected row has layer, row (from 0) and the code as delivered.
    """

    rule: str
    delivery: int = 1
    until: int | None = None
    subject: str | None = None
    against: str | None = None
    severity: str | None = None
    layer: str | None = None
    row: int | None = None
    code: str | None = None

    @property
    def is_rejected_row(self) -> bool:
        """Whether the row is not stored at all, so that no finding can stand on it."""
        return self.row is not None


@dataclass(frozen=True)
class Planted:
    """One thing planted by intention: its story, and all that it must lead to (nothing, for a distractor)."""

    name: str
    story: str
    expected: tuple[Expected, ...] = ()
    refs: tuple[str, ...] = ()


@dataclass
class Truth:
    """The whole of a sample: its deliveries in order, and everything planted in them."""

    seed: int
    crs: str
    deliveries: list[dict[str, object]]
    planted: list[Planted] = field(default_factory=list)
    distractors: list[Planted] = field(default_factory=list)

    def findings(self, after: int = 1) -> set[tuple[str, str | None, str | None]]:
        """Every (rule, subject, against) that must stand, and no other, once delivery `after` is in."""
        return {
            (one.rule, one.subject, one.against)
            for one in self._expected()
            if not one.is_rejected_row and one.delivery <= after and (one.until is None or one.until > after)
        }

    def rejected(self, delivery: int = 1) -> set[tuple[str | None, int | None, str | None]]:
        """Every (layer, row, code) that a delivery must have rejected."""
        return {
            (one.layer, one.row, one.code)
            for one in self._expected()
            if one.is_rejected_row and one.delivery == delivery
        }

    def rules(self) -> set[str]:
        """The rules that something was planted for."""
        return {one.rule for one in self._expected()}

    def _expected(self) -> Iterable[Expected]:
        return (one for planted in self.planted for one in planted.expected)

    def write(self, path: Path) -> None:
        """Write the truth as JSON, empty values left out."""
        text = json.dumps(asdict(self, dict_factory=_filled), ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")


def read_truth(path: Path) -> Truth:
    """Read a truth back from its JSON."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for name in ("planted", "distractors"):
        content[name] = [
            Planted(
                name=one["name"],
                story=one["story"],
                expected=tuple(Expected(**expected) for expected in one.get("expected", ())),
                refs=tuple(one.get("refs", ())),
            )
            for one in content.get(name, ())
        ]
    return Truth(**content)


def _filled(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return {name: value for name, value in pairs if value is not None and value != ()}
