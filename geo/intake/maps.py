"""Column maps as small files: how one surveying company names its columns, for the next file of the same company."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from geo.intake import encoding as encodings
from geo.intake.units import PER_M2
from geo.model import LAYERS, TABLES

#: A map is some dozen lines; more is no map.
_LONGEST: Final = 64 << 10
_LONGEST_NAME: Final = 80


class BadMap(Exception):
    """A file that is no column map; the message says in both languages what is wrong."""


@dataclass(frozen=True)
class ColumnMap:
    """What a person decided about the files of one company; `columns` and `units` go by the standard's names."""

    name: str
    layer: str
    columns: Mapping[str, str]
    units: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    crs: int | None = None

    def __post_init__(self) -> None:
        _expect(0 < len(self.name) <= _LONGEST_NAME, "name")
        _expect(self.layer in (*LAYERS, *TABLES), "layer")
        _expect(all(ours and theirs for ours, theirs in self.columns.items()), "columns")
        _expect(all(unit in PER_M2 for unit in self.units.values()), "units")
        _expect(self.encoding is None or encodings.known(self.encoding) is not None, "encoding")
        _expect(self.crs is None or 1024 <= self.crs <= 998999, "crs")

    def asked(self) -> dict[str, Any]:
        """The map as the decisions that a reader takes."""
        made = {"layer": self.layer, "columns": dict(self.columns), "units": dict(self.units)}
        return made | {"encoding": self.encoding, "crs": self.crs}


def written(made: ColumnMap) -> str:
    """A map as a small file of YAML."""
    head = "# 定心字段对照 / a column map of Dingxin: ./dingxin check FILE --map-file THIS\n"
    facts = {name: value for name, value in asdict(made).items() if value}
    return head + yaml.safe_dump(facts, allow_unicode=True, sort_keys=False)


def parsed(text: str) -> ColumnMap:
    """Read a map from YAML or JSON; BadMap where it is none."""
    _expect(len(text) <= _LONGEST, "file")
    try:
        facts = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError):
        raise _bad("file") from None
    _expect(isinstance(facts, dict) and set(facts) <= set(ColumnMap.__dataclass_fields__), "file")
    _expect({"name", "layer", "columns"} <= set(facts), "file")
    for name in ("columns", "units"):
        pairs = facts.get(name, {})
        _expect(isinstance(pairs, dict) and all(isinstance(one, str) for pair in pairs.items() for one in pair), name)
    for name, kind in (("name", str), ("layer", str), ("encoding", str), ("crs", int)):
        _expect(facts.get(name) is None or (isinstance(facts[name], kind) and facts[name] is not True), name)
    return ColumnMap(**facts)


def opened(path: Path) -> ColumnMap:
    """Read a map from a file; BadMap where it is none or cannot be read."""
    try:
        with path.open("rb") as file:
            return parsed(file.read(_LONGEST + 1).decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        raise _bad("file") from None


def _expect(right: bool, name: str) -> None:
    if not right:
        raise _bad(name)


def _bad(name: str) -> BadMap:
    return BadMap(f"字段对照文件有误：{name}。 This is no column map: {name}.")
