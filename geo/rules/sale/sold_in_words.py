"""ZM-05: a paper calls itself a sale, or gives land away for good."""

import pandas as pd

from geo.rules import Thresholds, rule
from geo.rules._deals import ASSIGNMENT, EXCHANGE, are
from geo.rules._prices import paid_in_advance
from geo.rules._reading import dates, iso, no_days, texts, years_after
from geo.rules._transfers import FOR_GOOD, last_days

#: Where each table puts into words what was agreed, and the day of it.
_WORDS = {
    "transfer": (("title_text", "price_text"), "signed_on"),
    "right_change": (("reason",), "changed_on"),
    "title_document": (("name",), "dated_on"),
}
#: What a sale is called.
_SALE = r"(买卖|卖断|买断|绝卖|出卖|卖给|卖与|变卖|出售|永久性?(?:转让|出让|流转|使用|归)|永远(?:转让|使用|归))"
#: Sales that are forbidden by the same paper, or are of something else than the land.
_NO_SALE = (
    r"(?:不得|不能|禁止|严禁|不准|不允许|并非|不是)(?:[^，。；,;]{0,6})(?:买卖|卖断|买断|出卖|变卖|出售|永久性?转让)",
    r"(?:青苗|苗木|作物|果树|林木|产品|粮食|附着物|设施|设备|房屋)的?(?:一次性)?(?:买卖|买断|变卖|出售)",
)


@rule(
    "ZM-05",
    category="sale",
    severity="high",
    subject=("transfer", "right_change", "title_document"),
    requires=("transfer.title_text|price_text|term_to", "right_change.reason", "title_document.name"),
    better_with=("transfer.title_text", "transfer.price_text", "transfer.upfront_share"),
    basis=("RLCL-4", "LAL-2", "LAL-74"),
    since="2003-03-01",
    min_years=50,
    min_upfront_share=0.9,
    advance_days=30,
    title=("买卖、永久转让或一次性买断", "Called a sale, or given away for good"),
    zh="{a}疑似买卖承包地：{why_zh}",
    en="{a} may be a sale of contracted land: {why_en}",
)
def sold_in_words(
    rows: pd.DataFrame,
    p: Thresholds,
    layer: str,
    contract: pd.DataFrame | None = None,
    payment: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """A title, price or reason speaks of a sale; or a transfer has no end, or fifty years paid for at once.

    An exchange lasts by its nature, and an assignment as long as its contract: they are not asked about their end
    unless the contract is known to end sooner. A paper that forbids sales, or sells a crop, sells no land.
    """
    columns, acted = _WORDS[layer]
    words = _words_of_sale(rows, columns)
    ends = dates(rows, "term_to") if layer == "transfer" else no_days(rows.index)
    endless = long = pd.Series(False, index=rows.index)
    if layer == "transfer":
        endless = (ends >= FOR_GOOD) & ~are(EXCHANGE, rows) & (~are(ASSIGNMENT, rows) | _beyond(rows, ends, contract))
        lump = paid_in_advance(rows, payment, p.advance_days) >= p.min_upfront_share
        long = (ends >= years_after(dates(rows, "term_from"), p.min_years)) & ~endless & lump & ~are(EXCHANGE, rows)
    at = rows.index[words.notna() | endless | long]
    return _told(words[at], iso(ends[at]), endless[at], long[at]).assign(acted_on=dates(rows, acted)[at])


def _words_of_sale(rows: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """The first words of a sale in each row; null where there are none."""
    found = pd.Series(pd.NA, index=rows.index, dtype="string")
    for name in columns:
        said = texts(rows, name)
        likely = said.str.contains(_SALE.replace("(", "(?:", 1)).fillna(False).to_numpy(dtype=bool)
        plain = said[likely]
        for innocent in _NO_SALE:
            plain = plain.str.replace(innocent, "", regex=True)
        found = found.fillna(plain.str.extract(_SALE, expand=False).reindex(rows.index))
    return found


def _beyond(rows: pd.DataFrame, ends: pd.Series, contract: pd.DataFrame | None) -> pd.Series:
    """Which transfers are known to run past their contract."""
    if contract is None or not {"code", "term_to"} <= set(contract.columns) or "contract_code" not in rows.columns:
        return pd.Series(False, index=rows.index)
    return (ends > rows["contract_code"].map(last_days(contract)).astype("datetime64[s]")).fillna(False)


def _told(words: pd.Series, ends: pd.Series, endless: pd.Series, long: pd.Series) -> pd.DataFrame:
    """Why each paper is suspected, in both languages."""
    said = words.notna().to_numpy(dtype=bool)
    clauses = {
        "zh": ("文字写有“{}”", "期限到 {}，等于没有期限", "期限到 {}，价款一次付清"),
        "en": ("its words say “{}”", "it runs to {}, which is for good", "it runs to {}, paid for at once"),
    }
    why = {
        lang: [
            "；".join(text for text, so in zip((a.format(w), b.format(e), c.format(e)), flags, strict=True) if so)
            for w, e, *flags in zip(words, ends, said, endless, long, strict=True)
        ]
        for lang, (a, b, c) in clauses.items()
    }
    return pd.DataFrame(
        {
            "words": words.astype(object).where(said, None),
            "transfer_ends": ends,
            "why_zh": why["zh"],
            "why_en": [text.replace("；", "; ") for text in why["en"]],
        },
        index=words.index,
    )
