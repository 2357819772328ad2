"""Leases, exchanges and assignments: many that are in order, and one of each kind that is not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from data.samples.books import PILOT, Books, in_mu, term
from data.samples.site import Parcel, Site, Wish
from data.samples.township import CORRECTED, issuer_code

_LEASE, _ASSIGNMENT, _EXCHANGE = ("900", "1"), ("200", "4"), ("300", "5")
#: Leases end with the contracts, or not long before, so that none is about to end before the middle of 2028.
_BEGIN, _END = date(2022, 1, 1), date(2028, 12, 31)
_ENDS = (date(2028, 10, 31), date(2028, 11, 30), _END)
_TITLES = {_LEASE: "土地经营权出租合同", _ASSIGNMENT: "土地承包经营权转让合同", _EXCHANGE: "土地承包经营权互换合同"}
#: A household or a cooperative takes land in.
_HOUSEHOLD, _COOPERATIVE = "1", "3"
#: Where only papers matter, parcels of any kind will do.
_ANY = "terrace brick strip quad"


@dataclass
class Market:
    """The transfers of a township, and what each contractor may give away."""

    site: Site
    books: Books
    given: pd.Series
    contracts: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    last_of: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.area = self.books.tables["CBDKXX"]["HTMJ"]
        self._serials: dict[str, int] = {}

    def transfer(
        self,
        parcels: list[Parcel],
        to: str,
        begins: date = _BEGIN,
        ends: date = _END,
        *,
        method: tuple[str, str] = _LEASE,
        share: float = 1.0,
        uses: tuple[str, str] = ("1", "1"),
        approval: str | None = None,
        linked: bool = True,
        upstream: str | None = None,
        **instead: Any,
    ) -> str:
        """Write one transfer of parcels of one holder; returns its reference.

        `upstream` is the reference of a transfer that this one passes on, with the holder's consent; `instead` are
        columns that say something else than they should.
        """
        holder = self.books.holders[parcels[0]]
        contract = f"{holder}J"
        above = upstream and upstream.removeprefix("transfer:")
        if above:
            holder = next(row["SRFBM"] for row in self.contracts if row["LZHTBM"] == above)
        self._serials[holder[:14]] = self._serials.get(holder[:14], 0) + 1
        code = f"{holder[:14]}{self._serials[holder[:14]]:04d}"
        areas = [round(float(self.area[at]) * share, 2) for at in parcels]
        self.contracts.append(
            {
                "CBHTBM": contract,
                "LZHTBM": code,
                "CBFBM": holder,
                "SRFBM": to,
                "LZFS": method[0],
                "LZLX": method[1],
                "LZQX": f"{max(1, round((ends - begins).days / 365.25))}年",
                "LZQXKSRQ": begins,
                "LZQXJSRQ": ends,
                "LZMJ": round(sum(areas), 2),
                "LZDKS": len(parcels),
                "LZQTDYT": uses[0],
                "LZHTDYT": uses[1],
                "LZJGSM": "每年每亩600元，每年1月付清" if method == _LEASE else "双方自愿，已结清",
                "HTQDRQ": date(begins.year - 1, 12, 10),
                "FBFTYRQ": date(begins.year - 1, 12, 5) if method != _LEASE else None,
                "BARQ": date(begins.year - 1, 12, 20),
                "PZWH": approval,
                "HTMC": _TITLES[method],
                "SRFLX": _COOPERATIVE if to[14] == "9" else _HOUSEHOLD,
                "SJLZHTBM": above,
                "CBFTYRQ": date(begins.year - 1, 12, 8) if above else None,
                "QDRBM": holder,
                "QLYWTK": "1",
                "ZSBCTK": "1",
                "WYZRTK": "1",
                "SFDG": "2",
            }
            | instead
        )
        for at, area in zip(parcels, areas, strict=True):
            self.last_of[self.given[at]] = code
            if linked:
                row = {"LZHTBM": code, "DKBM": self.given[at], "LZMJ": area, "LZQXKSRQ": begins, "LZQXJSRQ": ends}
                self.links.append(row)
        return f"transfer:{code}"

    def host(
        self, village: int | None = None, fits: Callable[[Parcel], bool] | None = None, kind: str = "quad"
    ) -> Parcel:
        """Take a free parcel of some kinds that somebody holds, outside the group of the early extension."""
        held, pilot = self.books.holders.index, issuer_code(*PILOT)

        def suits(at: Parcel) -> bool:
            return at in held and self.given[at][:14] != pilot and (fits is None or fits(at))

        return self.site.one(kind, village, suits)

    def neighbour(self, at: Parcel, number: int = 1) -> str:
        """Another household of the holder's group."""
        holder = self.books.holders[at]
        others = self.books.names.index
        others = others[others.str.startswith(holder[:14]) & (others != holder) & (others.str[14] != "9")]
        return str(others[(int(holder[14:]) * 7 + number) % len(others)])

    def household(self, village: int, group: int) -> str:
        """The third household of a group."""
        return f"{issuer_code(village, group)}0003"

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables of transfers, and the rights with the number of the last transfer of each parcel."""
        contracts = pd.DataFrame(self.contracts)
        rights = self.books.tables["CBDKXX"]
        return {
            "LZHT": contracts.assign(LZMJM=in_mu(contracts["LZMJ"])).sort_values("LZHTBM"),
            "LZDK": pd.DataFrame(self.links).sort_values(["LZHTBM", "DKBM"]),
            "CBDKXX": rights.assign(LZHTBM=rights["DKBM"].map(self.last_of)),
        }


def trade(site: Site, books: Books, given: pd.Series, approval: str) -> dict[str, pd.DataFrame]:
    """Write a township's transfers; `approval` is the number of an approval of changed use."""
    market = Market(site, books, given)
    _assignments(market)
    _sold_twice(market)
    _leases(market)
    _uses(market, approval)
    _papers(market)
    _passed_on(market)
    _lawful(market)
    _everyday(market)
    return market.tables()


def _assignments(market: Market) -> None:
    """Contract rights that went to another collective."""
    site = market.site
    for name, story, severity, to in (
        ("group", "A right was assigned to a household of another group of the village", "medium", (1, 1)),
        ("village", "A right was assigned to a household of another village", "high", (3, 1)),
    ):
        at = market.host(1, lambda one: site.parcels.at[one, "group"] == 2)
        sold = market.transfer([at], market.household(*to), method=_ASSIGNMENT)
        site.plant(f"ZM-01-{name}", story, Wish("ZM-01", sold, None, severity), parties=(at,))


def _sold_twice(market: Market) -> None:
    """One parcel, promised whole to two."""
    site = market.site
    for name, method in (("assigned", _ASSIGNMENT), ("leased", _LEASE)):
        at = market.host()
        market.transfer([at], market.neighbour(at, 1), method=method)
        market.transfer([at], market.neighbour(at, 2), date(2024, 6, 1), method=method)
        site.plant(
            f"ZM-10-{name}-twice",
            f"The same parcel was {name} whole to two households whose terms overlap",
            Wish("ZM-10", at, None, "high"),
            Wish("ZL-09", at, None, "high"),
        )


def _leases(market: Market) -> None:
    """Leases that run too long, or over more ground than there is."""
    site = market.site
    at = market.host(1)
    long = market.transfer([at], market.neighbour(at), date(2023, 1, 1), date(2033, 12, 31))
    site.plant(
        "ZL-01-too-long", "A lease to 2033 on a contract to 2028", Wish("ZL-01", long, None, "high"), parties=(at,)
    )
    at = market.host(CORRECTED)
    day = market.transfer([at], market.neighbour(at), date(2024, 1, 1), date(2029, 1, 1))
    site.plant(
        "ZL-01-one-day", "A lease that ends one day after the contract", Wish("ZL-01", day, None, "high"), parties=(at,)
    )
    at = market.host()
    market.transfer([at], market.neighbour(at), share=1.3)
    site.plant("ZL-09-too-much", "A lease over 1.3 times the confirmed area", Wish("ZL-09", at, None, "high"))
    at = market.host()
    to = market.neighbour(at)
    market.transfer([at], to, share=0.7)
    market.transfer([at], to, date(2023, 7, 1), share=0.5)
    site.plant(
        "ZL-09-same-transferee", "Two leases to one household, 1.2 times the area", Wish("ZL-09", at, None, "high")
    )


def _uses(market: Market, approval: str) -> None:
    """Leases that change the use of the land."""
    site = market.site
    for name, story, uses in (
        ("not-farming", "A field was leased for a use that is no farming", ("1", "5")),
        ("unapproved", "A field was leased as a fish pond, with no approval", ("1", "4")),
    ):
        at = market.host()
        changed = market.transfer([at], market.neighbour(at), uses=uses)
        site.plant(f"ZL-06-{name}", story, Wish("ZL-06", changed, None, "high"), parties=(at,))
    at = market.host()
    changed = market.transfer([at], market.neighbour(at), uses=("1", "4"), approval=approval)
    site.plant("use-approved", "A field was leased as a fish pond, with an approval", parties=(at, changed))


def _papers(market: Market) -> None:
    """Leases whose papers are not in order, and some whose papers look worse than they are."""
    site = market.site
    for rule, name, story, term_of, instead in (
        ("ZL-02", "turned", "A lease that ends the day before it begins", (date(2024, 1, 1), date(2023, 12, 31)), {}),
        ("ZL-04", "clauses", "A lease with nothing on duties and breach", (), {"QLYWTK": "2", "WYZRTK": None}),
        ("ZL-04", "compensation", "A lease with nothing on compensation", (), {"ZSBCTK": None}),
        ("ZL-05", "unfiled", "A lease that was never filed", (), {"BARQ": None}),
    ):
        at = market.host(kind=_ANY)
        lease = market.transfer([at], market.neighbour(at), *term_of, **instead)
        site.plant(f"{rule}-{name}", story, Wish(rule, lease, None, "medium"), parties=(at,))
    at = market.host(kind=_ANY)
    late = market.transfer([at], market.neighbour(at), BARQ=date(2021, 12, 26))
    site.plant(
        "ZL-05-late", "A lease that was filed on the sixteenth day", Wish("ZL-05", late, None, "low"), parties=(at,)
    )
    for number in (1, 2):
        at = market.host(kind=_ANY)
        signed = market.transfer([at], market.neighbour(at), QDRBM=market.given[at][:14])
        story = "The group signed for a household that gave it no mandate"
        site.plant(f"ZL-12-group-{number}", story, Wish("ZL-12", signed, None, "high"), parties=(at,))
    at = market.host(kind=_ANY)
    given = market.transfer([at], market.neighbour(at), QDRBM=market.given[at][:14], WTSBH="委托〔2021〕1号")
    site.plant("signed-with-mandate", "The group signed for a household, with its mandate", parties=(at, given))
    at = market.host(kind=_ANY)
    last = market.transfer([at], market.neighbour(at), BARQ=date(2021, 12, 25))
    site.plant("filed-on-the-last-day", "A lease that was filed on the fifteenth day", parties=(at, last))
    at = market.host(kind=_ANY)
    year = (date(2023, 1, 1), date(2023, 12, 31))
    bare = {"SFDG": "1", "QLYWTK": None, "ZSBCTK": None, "WYZRTK": None, "BARQ": None}
    tilled = market.transfer([at], market.neighbour(at), *year, **bare)
    site.plant("tilled-for-a-year", "A neighbour tilled a field for a year, with no papers", parties=(at, tilled))


def _passed_on(market: Market) -> None:
    """Leases that were passed on without consent, or for longer than they run."""
    site = market.site
    for name, story, begins, ends, instead in (
        ("unasked", "A lessee passed a parcel on and asked nobody", date(2024, 1, 1), _ENDS[0], {"CBFTYRQ": None}),
        ("too-long", "A lessee passed a parcel on for longer than the own lease", date(2024, 1, 1), _END, {}),
    ):
        at = market.host(kind=_ANY)
        first = market.transfer([at], market.neighbour(at, 1), ends=_ENDS[0])
        again = market.transfer([at], market.neighbour(at, 2), begins, ends, upstream=first, **instead)
        site.plant(f"ZL-07-{name}", story, Wish("ZL-07", again, None, "high"), parties=(at,))


def _lawful(market: Market) -> None:
    """Transfers that look like trouble and are in order."""
    site = market.site
    at = market.host()
    market.transfer([at], market.neighbour(at, 1), date(2018, 1, 1), date(2020, 12, 31))
    market.transfer([at], market.neighbour(at, 2), date(2021, 1, 1), date(2024, 12, 31))
    market.transfer([at], market.neighbour(at, 3), date(2025, 1, 1))
    site.plant("leases-one-after-another", "Three leases of one parcel follow each other", parties=(at,))
    at = market.host()
    market.transfer([at], market.neighbour(at, 1), share=0.55)
    market.transfer([at], market.neighbour(at, 2), share=0.45)
    site.plant("leases-side-by-side", "Two households lease half of a parcel each", parties=(at,))
    at = market.host()
    market.transfer([at], market.neighbour(at), share=1.008)
    site.plant("lease-within-one-percent", "A lease 0.8 % over the confirmed area", parties=(at,))
    at = market.host()
    first = market.transfer([at], market.neighbour(at, 1))
    again = market.transfer([at], market.neighbour(at, 2), date(2024, 1, 1), _ENDS[0], upstream=first)
    site.plant("passed-on-with-consent", "A lessee passed a parcel on, with its holder's consent", parties=(at, again))
    at = market.host(1)
    last = market.transfer([at], market.neighbour(at), ends=term(1, 1).ends)
    site.plant("lease-to-the-last-day", "A lease ends with its contract", parties=(at, last))
    in_pilot = (site.parcels["village"] == PILOT[0]) & (site.parcels["group"] == PILOT[1])
    at = site.one("quad strip terrace", PILOT[0], lambda one: bool(in_pilot[one]))
    long = market.transfer([at], market.neighbour(at), date(2024, 7, 1), date(2035, 12, 31))
    site.plant("lease-under-extension", "A lease to 2035 on a contract that was extended early", parties=(at, long))


def _everyday(market: Market) -> None:
    """What villages do: one household in eight leases out, a few exchange or assign within their group."""
    site, books = market.site, market.books
    free = site.untouched()
    held = books.holders[free.reindex(books.holders.index)]
    held = held[held.str[:14] != issuer_code(*PILOT)]
    traders = {row["CBFBM"] for row in market.contracts}
    for number, (holder, parcels) in enumerate(held.groupby(held)):
        chosen = [int(at) for at in parcels.index[: 1 + number % 3]]
        begins = date(2019 + number % 6, 1, 1)
        if number % 8 == 0:
            cooperative = f"{holder[:12]}019001"
            to = cooperative if number % 24 == 0 else market.neighbour(chosen[0])
            linked = number % 40 != 0 or holder in traders
            market.transfer(chosen if linked else chosen[:1], to, begins, _ENDS[number % 3], linked=linked)
        elif number % 60 == 1:
            market.transfer(chosen[:1], market.neighbour(chosen[0]), begins, _END, method=_ASSIGNMENT)
    site.take(*(int(at) for at in np.asarray(held.index)))
    _exchanges(market, held)


def _exchanges(market: Market, held: pd.Series) -> None:
    """In every group two households swap a parcel each."""
    traded = set(market.last_of)
    rest = held[~market.given[held.index].isin(traded)]
    for _, parcels in rest.groupby(rest.str[:14]):
        (a, of_a), (b, of_b) = parcels.drop_duplicates().tail(2).items()
        market.transfer([int(a)], of_b, date(2020, 1, 1), date(2028, 12, 31), method=_EXCHANGE)
        market.transfer([int(b)], of_a, date(2020, 1, 1), date(2028, 12, 31), method=_EXCHANGE)
