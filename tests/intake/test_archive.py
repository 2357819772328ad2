"""Archives: what an honest one never does refuses it, before anything outside its own folder is touched."""

import io
import stat
import struct
import zipfile

import pytest

from geo.intake import IntakeError
from geo.intake.archive import Limits, unpack
from tests.intake.build import layer, zipped


def members(name: str = "DK") -> dict[str, bytes]:
    return {f"{name}{suffix}": content for suffix, content in layer().items()}


def refusal(path, folder, **limits) -> str:
    with pytest.raises(IntakeError) as refused:
        unpack(path, folder, Limits(**limits))
    return refused.value.code


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "unpacked").mkdir()
    return tmp_path / "unpacked"


def test_parts_get_names_of_our_own(tmp_path, folder):
    junk = {"DK.sbn": b"x", "DK.shp.xml": b"<x/>", "__MACOSX/._DK.shp": b"x", ".DS_Store": b"x", "Thumbs.db": b"x"}
    unpacked = unpack(zipped(tmp_path / "a.zip", members() | junk), folder)
    found, passed_over = unpacked.members, unpacked.passed_over
    assert sorted(member.name for member in found) == ["DK.dbf", "DK.prj", "DK.shp", "DK.shx"]
    assert {member.path.name for member in found} == {"0.shp", "1.shx", "2.dbf", "3.prj"}
    assert sorted(passed_over) == sorted(junk)
    assert {path.name for path in folder.iterdir()} == {member.path.name for member in found}


@pytest.mark.parametrize(
    "name",
    ["../../evil.shp", "/abs.shp", "C:\\x.shp", "a\\..\\..\\w.shp", "a//b.shp", "\\\\server\\x.shp", "a/../DK.shp"],
)
def test_paths_that_lead_out(tmp_path, folder, name):
    assert refusal(zipped(tmp_path / "a.zip", {name: b"x"} | members()), folder) == "zip_path"
    assert not list(folder.iterdir())


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices(tmp_path, folder, kind):
    entry = zipfile.ZipInfo("DK.prj")
    entry.create_system, entry.external_attr = 3, (kind | 0o777) << 16
    others = [(name, content) for name, content in members().items() if name != entry.filename]
    assert refusal(zipped(tmp_path / "a.zip", [(entry, b"/etc/passwd"), *others]), folder) == "zip_link"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("twin", ["DK.shp", "dk.SHP"])
def test_names_that_differ_in_case_at_most(tmp_path, folder, twin):
    assert refusal(zipped(tmp_path / "a.zip", [*members().items(), (twin, b"x")]), folder) == "ambiguous_layer"


@pytest.mark.parametrize("name", ["inner.zip", "a.7z", "pack.tar", "DK.dbf"])
def test_archives_within(tmp_path, folder, name):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x", "x")
    assert refusal(zipped(tmp_path / "a.zip", members() | {name: inner.getvalue()}), folder) == "nested_archive"


def test_limits_are_counted_on_real_bytes(tmp_path, folder):
    blank = {"a.shp": bytes(3 << 20), "b.shp": bytes(3 << 20)}
    path = zipped(tmp_path / "a.zip", blank)
    assert refusal(path, folder, total_bytes=5 << 20) == "zip_total"
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 5 << 20


def test_blank_padded_tables_expand_a_hundredfold_and_more(tmp_path, folder):
    path = zipped(tmp_path / "a.zip", {"a.dbf": b" " * (3 << 20)})
    assert len(unpack(path, folder).members) == 1
    for file in folder.iterdir():
        file.unlink()
    assert refusal(path, folder, free_bytes=2 << 20) == "zip_ratio"


def test_many_entries(tmp_path, folder):
    many = {f"{number}.txt": b"" for number in range(65)}
    assert refusal(zipped(tmp_path / "a.zip", many), folder) == "zip_entries"
    most = {f"{number}.txt": b"" for number in range(60)} | members()
    assert len(unpack(zipped(tmp_path / "b.zip", most), folder).members) == 4


def test_folders_one_deep(tmp_path, folder):
    one = {f"数据/{name}": content for name, content in members().items()}
    assert len(unpack(zipped(tmp_path / "a.zip", one), folder).members) == 4
    two = {f"a/b/{name}": content for name, content in members().items()}
    assert refusal(zipped(tmp_path / "b.zip", two), folder) == "zip_depth"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_methods(tmp_path, folder, method):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("DK.shp", bytes(1000))
    assert refusal(path, folder) == "zip_method"


def test_passwords(tmp_path, folder):
    path = zipped(tmp_path / "a.zip", members())
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[at + 8] |= 1
    path.write_bytes(content)
    assert refusal(path, folder) == "zip_encrypted"


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"Rar!\x1a\x07\x00" + bytes(100), b"7z\xbc\xaf\x27\x1c", b"<html></html>", b"P" * 70_000],
)
def test_what_is_no_zip(tmp_path, folder, content):
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert refusal(path, folder) == "not_zip"


def test_cut_off_and_prepended(tmp_path, folder):
    path = zipped(tmp_path / "a.zip", members())
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert refusal(path, folder) == "not_zip"
    path.write_bytes(b"GIF89a" + whole)
    assert refusal(path, folder) == "zip_prepended"
    path.write_bytes(b"PK\x03\x04" + bytes(40) + whole)
    assert refusal(path, folder) == "zip_prepended"


def test_an_empty_archive(tmp_path, folder):
    assert refusal(zipped(tmp_path / "a.zip", {}), folder) == "no_layer"


def test_names_told_twice_must_agree(tmp_path, folder):
    path = zipped(tmp_path / "a.zip", members())
    content = path.read_bytes()
    at = content.index(b"PK\x01\x02") + 46
    path.write_bytes(content[:at] + b"XK" + content[at + 2 :])
    assert refusal(path, folder) == "zip_names"


def test_two_entries_over_the_same_bytes(tmp_path, folder):
    path = zipped(tmp_path / "a.zip", {"a.shp": bytes(100), "a.shx": bytes(100)})
    content = bytearray(path.read_bytes())
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    struct.pack_into("<I", content, second + 42, 0)
    content[second + 46 : second + 51] = b"a.shp"
    path.write_bytes(content)
    assert refusal(path, folder) in ("zip_overlap", "ambiguous_layer")


def test_an_entry_that_swallows_the_next(tmp_path, folder):
    path = zipped(tmp_path / "a.zip", {"a.shp": bytes(100), "a.shx": bytes(100)})
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 20, 200)
    path.write_bytes(content)
    assert refusal(path, folder) == "zip_overlap"


@pytest.mark.parametrize("claimed", [50, 200, 2**32 - 2])
def test_a_size_that_lies(tmp_path, folder, claimed):
    path = zipped(tmp_path / "a.zip", {"a.shp": b"x" * 100})
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, claimed)
    path.write_bytes(content)
    assert refusal(path, folder) == "zip_broken"


def test_a_zip64_header_that_claims_everything(tmp_path, folder):
    path = zipped(tmp_path / "a.zip", {"a.shp": b"x" * 100})
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    struct.pack_into("<II", content, at + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", content, at + 30, 20)
    extra = struct.pack("<2H2Q", 1, 16, 2**63, 2**63)
    name_end = at + 46 + 5
    content[name_end:name_end] = extra
    end = content.index(b"PK\x05\x06")
    struct.pack_into("<I", content, end + 12, end - at)
    path.write_bytes(content)
    assert refusal(path, folder) in ("zip_overlap", "zip_broken", "not_zip")


@pytest.mark.parametrize("name", ["a\x00.shp", "a\r\nb.shp", "a\u202efdp.shp", "x" * 252 + ".shp"])
def test_names_that_deceive(tmp_path, folder, name):
    path = tmp_path / "a.zip"
    placeholder = "#" * len(name.encode())
    zipped(path, {placeholder: b"x"})
    content = path.read_bytes().replace(placeholder.encode(), name.encode())
    if not name.isascii():  # declare the names as UTF-8
        at = content.index(b"PK\x01\x02")
        content = content[:7] + b"\x08" + content[8 : at + 9] + b"\x08" + content[at + 10 :]
    path.write_bytes(content)
    assert refusal(path, folder) == "zip_name"


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_chinese_names_without_the_utf8_flag(tmp_path, folder, encoding):
    path = tmp_path / "a.zip"
    name = "承包地.shp".encode(encoding)
    zipped(path, {"#" * len(name): b"x"})
    path.write_bytes(path.read_bytes().replace(b"#" * len(name), name))
    (member,) = unpack(path, folder).members
    assert member.name == "承包地.shp"


def test_names_in_no_encoding(tmp_path, folder):
    path = zipped(tmp_path / "a.zip", {"####.shp": b"x"})
    path.write_bytes(path.read_bytes().replace(b"####", b"\xff\xff\xff\xff"))
    assert refusal(path, folder) == "zip_name"
