"""The tree of a county's delivery (NY/T 2539, 7.1 to 7.3): its folders, and what its files are called."""

from dataclasses import dataclass

from geo.fields import Layer, layers

VECTOR, TITLES, SUMMARIES, METADATA = "矢量数据", "权属数据", "汇总表格", "元数据"
OTHER = "其他资料"
#: Layers that rules look at and the standard's tree has no place for.
BESIDE = f"{OTHER}/补充图层"
REGISTRY = f"{OTHER}/不动产登记移交"
#: Layers of the standard, in its order; the raster layer is a folder of images.
STANDARD = (
    "KZD", "XJXZQ", "XJQY", "CJQY", "ZJQY", "QYJX", "DZDW", "XZDW", "MZDW", "DK", "JZD", "JZX", "JBNTBHQ", "ZJ",
)  # fmt: skip
NOTE = "说明.txt"
DEFECTS = "导出问题.csv"
#: Folders that we have nothing of our own to put in.
EMPTY = {
    "文字报告": (
        "工作报告、技术报告由测绘单位提供，本系统不生成。",
        "Reports are written by the surveyors, not by us.",
    ),
    "图件": ("地块示意图等图件保存在原始成果中。", "Sketches and maps stay in the deliveries as they came."),
    "栅格数据": ("影像保存在原始成果中。", "Images stay in the deliveries as they came."),
    OTHER: ("权属来源附件、点之记保存在原始成果中。", "Scanned papers stay in the deliveries as they came."),
}


@dataclass(frozen=True)
class County:
    """Whose delivery it is, and of which year."""

    code: str
    name: str
    year: str

    @property
    def root(self) -> str:
        """The folder that holds everything: `441781阳春市`."""
        return f"{self.code}{self.name}"

    @property
    def books(self) -> str:
        """What the attribute tables are called: `4417812026`."""
        return f"{self.code}{self.year}"

    def stem(self, table: str) -> str:
        """What the files of a layer are called: `DK4417812026`."""
        return f"{table}{self.books}"


def vector_layers() -> list[Layer]:
    """The layers of the standard's tree, in its order."""
    known = {layer.table: layer for layer in layers()}
    return [known[table] for table in STANDARD]


def layers_beside() -> list[Layer]:
    """All other layers with shapes."""
    shapes = ("Point", "Line", "Polygon")
    return [layer for layer in layers() if layer.geometry in shapes and layer.table not in STANDARD]


def attribute_tables() -> list[Layer]:
    """The tables without shapes: the standard's, then ours."""
    return [layer for layer in layers() if not layer.geometry]


def titles_note(county: County, tables: list[str]) -> str:
    """What is to be said of the attribute tables: that they are no .mdb, and why."""
    named = "、".join(tables)
    return (
        f"权属数据说明\n\n"
        f"标准要求 {county.books}.mdb（Access）。没有可自由使用的软件能够写出 .mdb，因此本包以 {county.books}.gpkg\n"
        f"（GeoPackage，即 SQLite 数据库，表名、字段名与标准相同）代替，并为每张表附一个同内容的 CSV（UTF-8）。\n"
        f"用 Access 导入 CSV，或用 GDAL 读取 .gpkg，即可转成 .mdb。两者内容以 .gpkg 为准：CSV 中以 = + - @ 开头的\n"
        f"文字前加了单引号，以免电子表格当作公式执行。权属单位代码表为 .xlsx（标准写作 .xls）。\n"
        f"标准以外的表（本系统自有）：LZDK 流转地块、BDCDYH 不动产单元代码（有数据时才有）。\n\n"
        f"The attribute tables\n\n"
        f"The standard asks for {county.books}.mdb (Access). No free software writes .mdb, so this package brings\n"
        f"{county.books}.gpkg instead (GeoPackage, an SQLite database; tables and fields as the standard names them)\n"
        f"and beside it each table as CSV (UTF-8). Import the CSV into Access, or read the .gpkg with GDAL, to make\n"
        f"an .mdb. The .gpkg is what counts: in the CSV a text that begins with = + - @ has an apostrophe before it,\n"
        f"so that no spreadsheet runs it. The table of units is .xlsx where the standard says .xls.\n"
        f"Tables beyond the standard (ours): LZDK parcels of transfers, BDCDYH unit codes, where there are any.\n\n"
        f"表 / tables: {named}\n"
    )
