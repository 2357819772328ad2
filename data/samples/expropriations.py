"""What was taken from the collectives of a township, and what they had for it: most in order, three that are not."""

from datetime import date
from typing import Any

import pandas as pd

from data.samples.site import Site, Wish
from data.samples.survey import Survey
from data.samples.township import issuer_code

#: Every expropriation was carried out on this day, years before any day of judging.
_CARRIED_OUT = date(2020, 5, 1)
#: Compensation in yuan for a square metre of the area taken; invented.
_YUAN_PER_M2, _PENSION_SHARE = 84.0, 0.2


class _Books:
    """Rows of the ledger, of grants and of payments."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.grants: list[dict[str, Any]] = []
        self.paid: list[dict[str, Any]] = []

    def expropriation(
        self, issuer: str, approval: str, project: str, area_m2: float, ratio: float = 0.1, short_yuan: float = 0.0
    ) -> str:
        """Write an expropriation with what was paid for it, all but `short_yuan`; returns its code."""
        code = f"{issuer}ZD{len(self.taken) + 1:04d}"
        due = round(area_m2 * _YUAN_PER_M2, 2)
        pension = round(due * _PENSION_SHARE, 2)
        self.taken.append(
            {
                "ZDTZBH": code,
                "ZDPZWH": approval,
                "FBFBM": issuer,
                "XMMC": project,
                "PZRQ": date(2020, 1, 10),
                "GGSSRQ": _CARRIED_OUT,
                "SZMJ": area_m2,
                "LYBL": ratio,
                "HDMJ": round(area_m2 * ratio, 2),
                "BCYF": due,
                "BCYFRQ": date(2020, 8, 1),
                "SBYF": pension,
                "SBYFRQ": date(2020, 8, 1),
                "SBSF": pension,
            }
        )
        for share in (0.5, 0.5):
            number = f"{issuer}SF{len(self.paid) + 1:04d}"
            paid = round(due * share - short_yuan * share, 2)
            row = {"SFKBH": number, "HTBM": code, "KXLX": "3", "YSRQ": date(2020, 8, 1), "YSJE": round(due * share, 2)}
            self.paid.append(row | {"SSRQ": date(2020, 7, 1), "SSJE": paid, "SKRBM": None, "SKRLX": "2"})
        return code

    def grant(self, code: str, form: str, area_m2: float, piece: str | None = None) -> None:
        """Write what was returned for an expropriation."""
        number = f"{code[:14]}LS{len(self.grants) + 1:04d}"
        worth = round(area_m2 * 300.0, 2) if form != "1" else None
        row = {"LSBH": number, "ZDTZBH": code, "LSFS": form, "LYDBH": piece, "LSMJ": area_m2, "ZSJE": worth}
        self.grants.append(row | {"LSRQ": date(2021, 3, 1)})


def expropriations(site: Site, surveyed: Survey) -> dict[str, pd.DataFrame]:
    """The ledger, grants and payments of a township; every piece of reserved land was granted for one of them."""
    books = _Books()
    for piece in surveyed.rows["LYD"]:
        code = books.expropriation(piece["FBFBM"], piece["ZDPZWH"], "县道改造", piece["ZDMJ"])
        books.grant(code, "1", piece["LSMJ"], piece["LYDBH"])
    one, two, three, four = (issuer_code(village, 0) for village in range(4))
    owed = books.expropriation(one, "粤府土审〔2019〕901号", "变电站", 20_000.0)
    books.grant(owed, "2", 1200.0)
    site.plant(
        "QY-06-owed", "Of 2000 m² owed 1200 were paid for", Wish("QY-06", f"expropriation:{owed}", None, "medium")
    )
    short = books.expropriation(two, "粤府土审〔2019〕902号", "排洪渠", 10_000.0, short_yuan=40_000.0)
    books.grant(short, "3", 1000.0)
    site.plant("QY-07-short", "40,000 yuan were not paid", Wish("QY-07", f"expropriation:{short}", None, "high"))
    little = books.expropriation(three, "粤府土审〔2019〕903号", "加油站", 10_000.0, ratio=0.05)
    books.grant(little, "2", 500.0)
    site.plant("QY-08-little", "Five per cent were fixed", Wish("QY-08", f"expropriation:{little}", None, "low"))
    whole = books.expropriation(four, "粤府土审〔2019〕904号", "中学", 10_000.0, ratio=0.15)
    books.grant(whole, "2", 900.0)
    books.grant(whole, "3", 600.0)
    site.plant("reserved-in-money", "All was returned in money and property", parties=(f"expropriation:{whole}",))
    return {
        "ZDTZ": pd.DataFrame(books.taken),
        "LYDLS": pd.DataFrame(books.grants),
        "SFK": pd.DataFrame(books.paid),
    }
