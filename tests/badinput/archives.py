# ruff: noqa: E501 (one case a line)
"""Z: archives that no honest packer makes."""

import io
import stat
import struct
import zipfile
import zlib

from tests.badinput.corpus import Case
from tests.intake.build import layer, zipped

MEMBERS = {f"DK{suffix}": content for suffix, content in layer(2).items()}
DIRECTORY = b"PK\x01\x02"


def packed(**more: bytes):
    """A good layer with other members beside it, under names with a point for every double underscore."""
    others = {name.replace("__", "."): content for name, content in more.items()}
    return lambda folder: zipped(folder / "DK.zip", MEMBERS | others)


def named(name: str):
    return lambda folder: zipped(folder / "DK.zip", {name: b"x"} | MEMBERS)


def raw(content: bytes):
    def build(folder):
        (folder / "DK.zip").write_bytes(content)
        return folder / "DK.zip"

    return build


def changed(members, change):
    """An archive whose bytes are changed after it was packed."""

    def build(folder):
        path = zipped(folder / "DK.zip", members)
        path.write_bytes(change(bytearray(path.read_bytes())))
        return path

    return build


def put(at: int, kind: str, *values: int):
    """Numbers written behind the first entry of the directory."""

    def change(content: bytearray) -> bytearray:
        struct.pack_into(kind, content, content.index(DIRECTORY) + at, *values)
        return content

    return change


def bomb(folder):
    """Nothing but zeros, 600 MB of them, a thousand times smaller when packed."""
    packer, path = zlib.compressobj(9, zlib.DEFLATED, -15), folder / "DK.zip"
    block = packer.compress(bytes(20 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(20 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    content = block + again * 29 + packer.flush()
    name, size = b"DK.shp", 600 << 20
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, 0, len(content), size, len(name), 0) + name
    entry = struct.pack(
        "<4s6H3I5H2I", DIRECTORY, 20, 20, 0, 8, 0, 33, 0, len(content), size, len(name), 0, 0, 0, 0, 0, 0
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(entry) + len(name), len(local) + len(content), 0)
    path.write_bytes(local + content + entry + name + end)
    return path


def crowd(folder):
    """65,535 empty entries: as many as fit without zip64."""
    count, local, directory = 65_535, bytearray(), bytearray()
    for number in range(count):
        name = b"%05d" % number
        directory += (
            struct.pack("<4s6H3I5H2I", DIRECTORY, 20, 20, 0, 0, 0, 33, 0, 0, 0, 5, 0, 0, 0, 0, 0, len(local)) + name
        )
        local += struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 5, 0) + name
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(local), 0)
    (folder / "DK.zip").write_bytes(local + directory + end)
    return folder / "DK.zip"


def inner() -> bytes:
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as archive:
        archive.writestr("x", "x")
    return room.getvalue()


def special(kind: int):
    """An entry that says it is a link or a device."""

    def build(folder):
        entry = zipfile.ZipInfo("DK.prj")
        entry.create_system, entry.external_attr = 3, (kind | 0o777) << 16
        others = [pair for pair in MEMBERS.items() if pair[0] != entry.filename]
        return zipped(folder / "DK.zip", [(entry, b"/etc/passwd"), *others])

    return build


def lzma(folder):
    with zipfile.ZipFile(folder / "DK.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("DK.shp", bytes(1000))
    return folder / "DK.zip"


def secret(content: bytearray) -> bytearray:
    content[6] |= 1
    content[content.index(DIRECTORY) + 8] |= 1
    return content


def endless(content: bytearray) -> bytearray:
    """A size of 2^63 in the form for large files."""
    at = content.index(DIRECTORY)
    struct.pack_into("<II", content, at + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", content, at + 30, 20)
    content[at + 51 : at + 51] = struct.pack("<2H2Q", 1, 16, 2**63, 2**63)
    end = content.index(b"PK\x05\x06")
    struct.pack_into("<I", content, end + 12, end - at)
    return content


def gbk(folder):
    """A good layer called 承包地DK in GBK, with no flag that says so."""
    name = "承包地DK".encode("gbk")
    marks = b"#" * len(name)
    path = zipped(folder / "DK.zip", {f"{marks.decode()}{suffix}": part for suffix, part in layer(2).items()})
    path.write_bytes(path.read_bytes().replace(marks, name))
    return path


def swap(old: bytes, new: bytes):
    return lambda content: bytearray(bytes(content).replace(old, new))


JUNK = {"__MACOSX/._DK.shp": b"x", ".DS_Store": b"x", "Thumbs.db": b"x", "DK.sbn": b"x", "DK.shp.xml": b"<x/>"}
ONE = {"a.shp": b"x" * 100}
TWO = {"a.shp": bytes(100), "a.shx": bytes(100)}
CASES = [
    Case(1, "展开上千倍的压缩包", "600 MB of zeros in half a megabyte", bomb, "zip_ratio"),
    Case(3, "六万五千个空文件", "65,535 empty entries", crowd, "zip_entries"),
    Case(4, "压缩包内的压缩包", "an archive within", packed(inner__zip=inner()), "nested_archive"),
    Case(4, "改名为 .prj 的压缩包", "an archive within, under another name", packed(a__prj=inner()), "nested_archive"),
    Case(5, "一个文件的数据盖住下一个", "an entry that swallows the next", changed(TWO, put(20, "<I", 200)), "zip_overlap"),
    Case(6, "所写大小不实", "a size that lies", changed(ONE, put(24, "<I", 50)), "zip_broken"),
    Case(7, "指向上级文件夹的路径", "a path that leads out", named("../../x.shp"), "zip_path"),
    Case(7, "绝对路径", "an absolute path", named("/abs.shp"), "zip_path"),
    Case(7, "带盘符的路径", "a path with a drive", named("C:\\x.shp"), "zip_path"),
    Case(7, "反斜杠的上级路径", "a path that leads out by backslashes", named("a\\..\\..\\w.shp"), "zip_path"),
    Case(8, "指向 /etc/passwd 的符号链接", "a link to /etc/passwd", special(stat.S_IFLNK), "zip_link"),
    Case(9, "命名管道", "a named pipe", special(stat.S_IFIFO), "zip_link"),
    Case(9, "设备文件", "a device", special(stat.S_IFCHR), "zip_link"),
    Case(10, "只有大小写不同的两个文件", "names that differ in case only", named("dk.SHP"), "ambiguous_layer"),
    Case(11, "加密的压缩包", "an encrypted entry", changed(MEMBERS, secret), "zip_encrypted"),
    Case(12, "LZMA 压缩", "packed by LZMA", lzma, "zip_method"),
    Case(13, "空文件", "an empty file", raw(b""), "not_zip"),
    Case(13, "截断的压缩包", "an archive cut in half", changed(MEMBERS, lambda content: content[:500]), "not_zip"),
    Case(13, "其实是 RAR", "an archive of another kind", raw(b"Rar!\x1a\x07\x00" + bytes(100)), "not_zip"),
    Case(13, "其实是网页", "a web page", raw(b"<html></html>"), "not_zip"),
    Case(14, "自称 2 的 63 次方字节", "a size of 2^63 by its header", changed(ONE, endless), "zip_overlap"),
    Case(15, "目录与文件处的名称不同", "names told twice and not alike", changed(MEMBERS, put(46, "<2s", b"XK")), "zip_names"),
    Case(16, "前面附有图片", "an archive behind a picture", changed(MEMBERS, lambda content: b"GIF89a" + content), "zip_prepended"),
    Case(17, "GBK 文件名，没有 UTF-8 标志", "names in GBK without the flag", gbk, None, stored=2, asked={"layer": "parcel"}),
    Case(17, "任何编码都读不出的文件名", "names in no encoding", changed({"####.shp": b"x"}, swap(b"####", b"\xff" * 4)), "zip_name"),
    Case(18, "文件名含 NUL", "a name with a NUL", changed({"#.shp": b"x"}, swap(b"#", b"\0")), "zip_name"),
    Case(18, "文件名含换行", "a name with a line break", changed({"#.shp": b"x"}, swap(b"#", b"\n")), "zip_name"),
    Case(18, "文件名含反向书写标记", "a name that turns its direction", named("a\u202efdp.shp"), "zip_name"),
    Case(18, "四千字的文件名", "a name of 4,096 characters", named("x" * 4096 + ".shp"), "zip_name"),
    Case(20, "系统留下的文件", "what file managers leave behind", lambda folder: zipped(folder / "DK.zip", MEMBERS | JUNK), "ignored_files", stored=2),
]  # fmt: skip
