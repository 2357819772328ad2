"""Access databases: two readers that share no line of code agree, or the lesser one refuses."""

import gzip
from pathlib import Path

import pytest

from geo.intake import IntakeError
from geo.intake.mdb import MdbTable, table_names

FOREIGN = Path(__file__).parent / "foreign"


@pytest.fixture(scope="module")
def databases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mdb")
    for packed in FOREIGN.glob("*.mdb.gz"):
        (folder / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    return folder


def values(path, table, tools):
    read = MdbTable(path, table, table, 10**6, tools)
    return {name: read.column(name, "char").values.tolist() for name in read.names}


TABLES = [
    ("testV1997.mdb", "Table1", 2), ("testV1997.mdb", "Table2", 0), ("claroty.mdb", "ClarotyTable", 2),
    *(("package.mdb", table, rows) for table, rows in (
        ("FBF", 1), ("CBF", 1), ("CBF_JTCY", 2), ("CBDKXX", 4), ("CBHT", 1), ("LZHT", 0), ("QSLYZLFJ", 1),
        ("CBJYQZ", 1), ("CBJYQZ_QZBF", 1), ("CBJYQZ_QZHF", 0), ("CBJYQZ_QZZX", 0), ("BDCDYH", 2),
    )),
]  # fmt: skip


@pytest.mark.parametrize(("file", "table", "rows"), TABLES)
def test_both_readers_give_the_same_rows(databases, file, table, rows):
    by_tools, by_parser = (values(databases / file, table, tools) for tools in (True, False))
    assert by_tools == by_parser
    assert {len(column) for column in by_tools.values()} == {rows}


@pytest.mark.parametrize(("file", "table"), [("overflowTestV2000.mdb", "Table1"), ("delColTestV2000.mdb", "Table1")])
def test_what_the_lesser_reader_would_get_wrong_it_refuses(databases, file, table):
    """Rows on other pages it loses, and where a column was deleted it takes the next one's values."""
    with pytest.raises(IntakeError) as refused:
        values(databases / file, table, False)
    assert refused.value.code == "mdb_needs_tools"


def test_a_term_without_end_is_read_though_mdbtools_cannot(databases):
    read = MdbTable(databases / "package.mdb", "CBJYQZDJB", "CBJYQZDJB", 10)
    assert str(read.column("CBQXZ", "date").values[0]) == "9999-01-01 00:00:00"


def test_what_arcgis_keeps_for_itself_is_not_read(databases):
    assert "GDB_Items" not in table_names(databases / "package.mdb", "package")
    assert "OBJECTID" not in MdbTable(databases / "package.mdb", "FBF", "FBF", 10).names


def test_what_is_no_database_is_refused(tmp_path):
    path = tmp_path / "a.mdb"
    path.write_bytes(b"PK\3\4")
    with pytest.raises(IntakeError) as refused:
        table_names(path, "a")
    assert refused.value.code == "magic"
    path.write_bytes(b"\0\1\0\0Standard Jet DB\0" + bytes(5000))
    with pytest.raises(IntakeError) as refused:
        MdbTable(path, "FBF", "a", 10)
    assert refused.value.code == "mdb_broken"
