# ruff: noqa: E501 (one case a line)
"""A: attributes as nobody should write them, and as some do."""

import json
from typing import Any

from tests.badinput.corpus import Case, Elsewhere
from tests.badinput.shapefiles import table
from tests.intake.build import CODE, DK, delivery, parcels
from tests.intake.build import dbf as written

FIRST = CODE.format(0)


def coded(*codes: str | bytes):
    """Four parcels with these codes."""
    return table(DK, parcels(4, DKBM=codes))


def called(name: str):
    """One parcel of this name, as GeoJSON, which holds any text."""
    return geojson(json.dumps(name))


def geojson(name: str, code: str = FIRST):
    """One parcel whose name is written into the JSON as it stands."""
    corners = [[111.98, 21.85], [111.9801, 21.85], [111.9801, 21.8501], [111.98, 21.8501], [111.98, 21.85]]
    shape: dict[str, Any] = {"type": "Polygon", "coordinates": [corners]}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    feature = {"type": "Feature", "properties": {"DKBM": code, "DKMC": "@"}, "geometry": shape}
    text = json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}, ensure_ascii=False)

    def build(folder):
        (folder / "DK.geojson").write_text(text.replace('"@"', name), encoding="utf-8")
        return folder / "DK.geojson"

    return build


def issued(day: str):
    """One issuer, surveyed on a day."""
    fields = {"FBFBM": ("C", 14), "FBFMC": ("C", 50), "FBFDCRQ": ("D", 8)}
    row = {"FBFBM": FIRST[:14], "FBFMC": "村", "FBFDCRQ": day}
    return lambda folder: delivery(folder / "a.zip", FBF={".dbf": written(fields, [row])})


CASES = [
    Case(76, "代码少一位", "a code with a digit too few", coded(FIRST[:-1], *map(CODE.format, (1, 2, 3))), "code_malformed", rows=(0,), stored=3),
    Case(76, "代码含字母", "a code with a letter", coded(FIRST[:-1] + "O", *map(CODE.format, (1, 2, 3))), "code_malformed", rows=(0,), stored=3),
    Case(76, "代码含全角数字", "a code with full-width digits", geojson('"x"', FIRST[:-1] + "０"), "code_malformed", rows=(0,)),
    Case(76, "没有代码", "no code", coded("", *map(CODE.format, (1, 2, 3))), "code_missing", rows=(0,), stored=3),
    Case(78, "文件内代码重复", "a code twice in the file", coded(FIRST, FIRST, *map(CODE.format, (2, 3))), "code_duplicate", rows=(0, 1), stored=2),
    Case(80, "2 月 30 日", "30 February", issued("20150230"), "date_unreadable", stored=1),
    Case(80, "日期为零", "a date of zeros", issued("00000000"), "date_unreadable", stored=1),
    Case(81, "面积写成文字", "an area that is no number", table(DK, parcels(4, SCMJ=["nan", "1", "1", "1"])), "number_unreadable", stored=4),
    Case(82, "名称里的 SQL", "SQL in a name", called("'); DROP TABLE parcel;--"), None, stored=1),
    Case(83, "名称里的网页代码", "HTML in a name", called("<img src=x onerror=alert(1)>${alert(1)}{{7*7}}"), None, stored=1),
    Case(84, "名称里的公式", "a formula in a name", called("＝HYPERLINK(\"http://127.0.0.1\")"), None, stored=1),
    Case(85, "一百万字的名称", "a name of a million characters", called("x" * 10**6), "text_too_long"),
    Case(86, "生僻字与表情", "rare characters", called("𠮷\U0002b81a😀\ue000"), None, stored=1),
    Case(87, "名称含 NUL", "a NUL in a name", geojson('"地块\\u0000x"'), "json_nul"),
    Case(87, "DBF 名称含 NUL", "a NUL in a name of a DBF", table(DK, parcels(4, DKMC=["a", b"b\0c", b"d\0\0", "e"])), "text_nul", stored=4),
    Case(87, "写出的反斜杠与 u0000", "a backslash and u0000, written out", geojson('"地块\\\\u0000x"'), None, stored=1),
    Case(88, "半个代理对", "half of a surrogate pair", geojson('"地\\ud800块"'), None, stored=1),
    Case(89, "看不见的字符", "characters that nobody sees", called("地\u200b块\u202e\u0007"), "text_unseen", stored=1),
    Case(90, "形似的代码", "a code of look-alikes", geojson('"x"', FIRST[:-1] + "О"), "code_malformed", rows=(0,)),
]  # fmt: skip
#: What a house, a queue or a page is needed for.
ELSEWHERE = [
    Elsewhere(2, "展开总量超限", "each below its limit, all together above it", "tests/intake/test_archive.py::test_limits_are_counted_on_real_bytes"),
    Elsewhere(50, "八百个点的乱线", "a scribble of hundreds of vertices", "tests/geo/test_loop.py::test_a_shape_beyond_the_limits_is_listed_and_the_others_go_on"),
    Elsewhere(66, "落在受托范围之外", "outside of the assigned area", "tests/api/test_walk.py"),
    Elsewhere(67, "大量地块压在一处", "very many parcels on one place", "tests/geo/test_pairs.py"),
    Elsewhere(74, "数据库里坐标系混用", "systems mixed in the database", "tests/data/test_constraints.py"),
    Elsewhere(75, "实测面积与图形不符", "an area that is not the shape's", "tests/rules/test_cases.py"),
    Elsewhere(77, "代码不属于本村", "a code of another village", "tests/api/test_walk.py"),
    Elsewhere(79, "身份证号校验错误", "a number of a card that fails its check", "tests/rules/test_cases.py"),
    Elsewhere(99, "同一文件同时上传两次", "the same file twice at once", "tests/api/test_killed.py::test_the_same_file_twice_at_once_is_one_import"),
    Elsewhere(100, "中断或残缺的上传", "an upload that breaks off", "tests/api/test_bad_input.py"),
    Elsewhere(101, "磁盘已满", "a full disk", "tests/api/test_refused.py::test_a_full_disk_is_told_and_what_comes_later_is_taken"),
    Elsewhere(102, "中途断电杀进程", "kill -9 in the middle", "tests/api/test_killed.py::test_a_killed_worker_loses_and_doubles_nothing"),
]  # fmt: skip
