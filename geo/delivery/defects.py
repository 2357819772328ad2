"""What a delivery going out cannot carry as it is: every such value is told, none is cut."""

from dataclasses import dataclass

#: How each kind of defect is told; a sentence is filled in with what the defect knows.
SENTENCES = {
    "too_wide": (
        "文字长 {size} 字节，超过字段宽度 {width} 字节，未写入（没有截断）",
        "the text takes {size} bytes and its field holds {width}; left empty, not cut",
    ),
    "out_of_range": (
        "数值超出字段宽度 {width}，未写入",
        "the number does not fit into the width {width} of its field; left empty",
    ),
    "rounded": (
        "{size} 个数值的小数多于字段的 {width} 位，按字段位数四舍五入",
        "{size} numbers have more than the {width} decimals of their field; rounded to it",
    ),
    "gb18030": (
        "有 GBK 以外的字，整个图层改用 GB18030 编码并附 .cpg",
        "there are characters outside of GBK: the whole layer is GB18030, with a .cpg that says so",
    ),
    "reprojected": (
        "{size} 行原为 {value}，已换算到本图层的坐标系",
        "{size} rows came in {value} and were brought into the system of their layer",
    ),
    "other_shape": (
        "图形类型 {value} 与本图层不同，只写属性",
        "a {value} is no shape of this layer; only its attributes were written",
    ),
    "longer_than_standard": (
        "文字长 {size} 字节，超过标准规定的 {width} 字节，已完整写入",
        "the text takes {size} bytes where the standard has {width}; written in full",
    ),
}


@dataclass(frozen=True)
class Defect:
    """One value (or, without a row, one column or layer) that goes out otherwise than it stands in the books."""

    kind: str
    table: str
    column: str | None = None
    row: int | None = None
    code: str | None = None
    value: str | None = None
    size: int | None = None
    width: int | None = None

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return SENTENCES[self.kind][0].format(**vars(self))

    @property
    def en(self) -> str:
        """The sentence in English."""
        return SENTENCES[self.kind][1].format(**vars(self))
