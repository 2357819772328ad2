"""The books of the township: issuers, households and their members, contracts, rights, register and certificates."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely

from data.samples.people import Registry, household, shared_out
from data.samples.site import Parcel, Site
from data.samples.township import COUNTY, TOWN, VILLAGES, issuer_code
from geo.units import mu

_NUMERALS = dict(enumerate("一二三四五六七八九十", 1))
_POSTCODE = "529600"
#: The group whose contracts were extended early, as a trial.
PILOT = (0, 1)
#: Group number of an issuer that is not on record.
_NOBODY = 90


@dataclass(frozen=True)
class Term:
    """When a group surveyed, published, signed and registered, and how long its contracts run."""

    begins: date = date(1999, 1, 1)
    ends: date = date(2028, 12, 31)
    surveyed: date = date(2015, 4, 10)
    reviewed: date = date(2015, 11, 20)
    signed: date = date(2016, 9, 1)
    registered: date = date(2017, 5, 16)
    issued: date = date(2017, 6, 1)
    collected: date = date(2017, 8, 15)


_USUAL = Term()
_EARLY = Term(
    date(2024, 1, 1),
    date(2053, 12, 31),
    date(2023, 3, 6),
    date(2023, 7, 3),
    date(2023, 11, 20),
    date(2024, 3, 4),
    date(2024, 3, 18),
    date(2024, 5, 6),
)


def term(village: int, group: int) -> Term:
    """The dates of a group."""
    return _EARLY if (village, group) == PILOT else _USUAL


@dataclass
class Books:
    """Tables under the standard's names, and who holds which parcel."""

    tables: dict[str, pd.DataFrame]
    #: Contractor code by parcel; those without a right are missing.
    holders: pd.Series
    #: Name of the head by contractor code.
    names: pd.Series


def codes(parcels: pd.DataFrame) -> pd.Series:
    """Give each parcel its code as delivered: its issuer's, and a number that runs through the group."""
    group = parcels["group"].where(parcels["issuer_known"], _NOBODY)
    issuer = [issuer_code(village, number) for village, number in zip(parcels["village"], group, strict=True)]
    issuer = pd.Series(issuer, index=parcels.index)
    # later parcels get later numbers, whatever their group's order
    order = parcels.assign(issuer=issuer).sort_values(["issuer", "delivery"], kind="stable")
    serial = (order.groupby("issuer").cumcount() + 1).reindex(parcels.index)
    given = issuer + serial.map("{:05d}".format)
    for at, written in parcels["written_code"].dropna().items():
        given[at] = _miswritten(given, at, written)
    return given


def _miswritten(given: pd.Series, at: Any, written: Parcel | str) -> str:
    """A code as it was entered by mistake: too short, with a letter, or that of another parcel."""
    if written == "short":
        return str(given[at])[:-1]
    if written == "letter":
        return str(given[at]).replace("0", "O", 1)
    return str(given[written])


def keep_books(site: Site, given: pd.Series) -> Books:
    """Share the contracted parcels of every group out to households, and write all their papers."""
    registry = Registry(site.rng)
    parcels = site.parcels.assign(code=given)
    parcels["area"] = declared_areas(parcels)
    sound = parcels["written_code"].isna() & ~parcels["without_shape"] & parcels["issuer_known"]
    sound &= ~parcels.index.isin(parcels["written_code"][parcels["written_code"].map(lambda w: isinstance(w, int))])
    first = parcels[parcels["delivery"] == 1]
    holders = pd.Series(index=parcels.index, dtype=object)
    issuers, contractors, members = [], [], []
    for code, name in VILLAGES:
        issuers.append(_issuer(f"{code}00", f"{COUNTY[1]}{TOWN[1]}{name}民委员会", registry, _USUAL))
    for (village, group), rows in first.groupby(["village", "group"]):
        dates, code = term(village, group), issuer_code(village, group)
        where = f"{TOWN[1]}{VILLAGES[village][1]}第{_NUMERALS.get(group, group)}村民小组"
        issuers.append(_issuer(code, f"{COUNTY[1]}{where}", registry, dates))
        held = rows.index[sound[rows.index] & (rows["category"] == "10")]
        owners = shared_out(len(held), site.rng)
        holders[held] = [f"{code}{owner + 1:04d}" for owner in owners]
        for owner in range(int(owners.max()) + 1):
            number, people = f"{code}{owner + 1:04d}", household(registry, site.rng)
            contractors.append(_contractor(number, people, f"{COUNTY[1]}{where}", registry, dates))
            members += [{"CBFBM": number} | person for person in people]
        if group == 1:
            contractors.append(_cooperative(f"{code}9001", village, registry, dates))
    contractor_table = pd.DataFrame(contractors)
    rights = _rights(parcels, holders.dropna())
    tables = {
        "FBF": pd.DataFrame(issuers).sort_values("FBFBM", ignore_index=True),
        "CBF": contractor_table,
        "CBF_JTCY": pd.DataFrame(members),
        "CBDKXX": rights,
        "CBHT": _contracts(rights),
    }
    tables["CBJYQZDJB"] = _register(tables["CBHT"])
    tables["CBJYQZ"] = _certificates(tables["CBHT"], contractor_table)
    return Books(tables, holders.dropna(), contractor_table.set_index("CBFBM")["CBFMC"])


def declared_areas(parcels: pd.DataFrame) -> pd.Series:
    """The area that the parcels table declares: that of the shape, unless something else was planted."""
    drawn = np.round(shapely.area(parcels["geometry"].to_numpy(dtype=object)), 2)
    return parcels["declared"].fillna(pd.Series(drawn, index=parcels.index)).astype(float)


def in_mu(areas: pd.Series) -> pd.Series:
    """Areas in mu as the papers print them."""
    return areas.map(lambda area: float(mu(area)))


def _issuer(code: str, name: str, registry: Registry, dates: Term) -> dict[str, Any]:
    head, number = registry.elder()
    return {
        "FBFBM": code,
        "FBFMC": name,
        "FBFFZRXM": head,
        "FZRZJLX": "1",
        "FZRZJHM": number,
        "LXDH": registry.phone(),
        "FBFDZ": f"广东省{name}",
        "YZBM": _POSTCODE,
        "FBFDCY": "测一",
        "FBFDCRQ": dates.surveyed,
    }


def _contractor(code: str, people: list[dict[str, str]], where: str, registry: Registry, dates: Term) -> dict[str, Any]:
    head = people[0]
    return {
        "CBFBM": code,
        "CBFLX": "1",
        "CBFMC": head["CYXM"],
        "CBFZJLX": "1",
        "CBFZJHM": head["CYZJHM"],
        "CBFDZ": f"广东省{where}",
        "LXDH": registry.phone(),
        "CBFCYSL": len(people),
    } | _surveyed(dates)


def _cooperative(code: str, village: int, registry: Registry, dates: Term) -> dict[str, Any]:
    """A cooperative that takes land in; its registration number is of no form that is given out."""
    return {
        "CBFBM": code,
        "CBFLX": "3",
        "CBFMC": f"{VILLAGES[village][1]}虚构种养专业合作社",
        "CBFZJLX": "3",
        "CBFZJHM": f"XG{code}",
        "CBFDZ": f"广东省{COUNTY[1]}{TOWN[1]}{VILLAGES[village][1]}",
        "LXDH": registry.phone(),
        "CBFCYSL": 1,
    } | _surveyed(dates)


def _surveyed(dates: Term) -> dict[str, Any]:
    return {
        "YZBM": _POSTCODE,
        "CBFDCRQ": dates.surveyed,
        "CBFDCY": "测二",
        "GSJS": "公示期内无异议",
        "GSJSR": "测三",
        "GSSHRQ": dates.reviewed,
        "GSSHR": "测四",
    }


def _rights(parcels: pd.DataFrame, holders: pd.Series) -> pd.DataFrame:
    """One right for each contracted parcel: confirmed as surveyed, about a tenth more than the old contract said."""
    own = parcels.loc[holders.index]
    former = (in_mu(own["area"]) * 0.9).round(1).clip(lower=0.1)
    return pd.DataFrame(
        {
            "DKBM": own["code"],
            "FBFBM": holders.str[:14],
            "CBFBM": holders,
            "CBJYQQDFS": "110",
            "HTMJ": own["area"],
            "CBHTBM": holders + "J",
            "CBJYQZBM": holders + "J",
            "YHTMJ": (former / 0.0015).round(2),
            "HTMJM": in_mu(own["area"]),
            "YHTMJM": former,
            "SFQQQG": "2",
        }
    ).sort_values("DKBM")


def _contracts(rights: pd.DataFrame) -> pd.DataFrame:
    """One contract a household, over all its parcels."""
    sums = rights.groupby("CBHTBM").agg(
        FBFBM=("FBFBM", "first"),
        CBFBM=("CBFBM", "first"),
        HTZMJ=("HTMJ", "sum"),
        HTZMJM=("HTMJM", "sum"),
        YHTZMJ=("YHTMJ", "sum"),
        YHTZMJM=("YHTMJM", "sum"),
        CBDKZS=("DKBM", "size"),
    )
    table = sums.round(2).reset_index().assign(CBFS="110")
    dates = table["FBFBM"].map(_dates_of)
    return table.assign(
        CBQXQ=dates.map(lambda of: of.begins), CBQXZ=dates.map(lambda of: of.ends), QDSJ=dates.map(lambda of: of.signed)
    )


def _dates_of(issuer: str) -> Term:
    """The dates of the group that an issuer code means."""
    village = [code for code, _ in VILLAGES].index(issuer[:12])
    return term(village, int(issuer[12:]))


def _register(contracts: pd.DataFrame) -> pd.DataFrame:
    """One entry a contract, under the contract's number."""
    dates = contracts["FBFBM"].map(_dates_of)
    code = contracts["CBHTBM"]
    number = pd.Series(np.arange(1, len(code) + 1), index=code.index).map("{:06d}".format)
    year = dates.map(lambda of: of.registered.year).astype(str)
    return contracts[["FBFBM", "CBFBM", "CBFS", "CBQXQ", "CBQXZ"]].assign(
        CBJYQZBM=code,
        CBQX="30年",
        DKSYT="图件\\" + contracts["FBFBM"] + "\\DKSYT" + code + ".pdf",
        CBJYQZLSH="粤（" + year + f"）{COUNTY[1]}农村土地承包经营权证第" + number + "号",
        DBR="测五",
        DJSJ=dates.map(lambda of: of.registered),
    )


def _certificates(contracts: pd.DataFrame, contractors: pd.DataFrame) -> pd.DataFrame:
    """One certificate an entry, collected by the head of the household."""
    dates = contracts["FBFBM"].map(_dates_of)
    heads = contractors.set_index("CBFBM").loc[contracts["CBFBM"], ["CBFMC", "CBFZJHM"]]
    return pd.DataFrame(
        {
            "CBJYQZBM": contracts["CBHTBM"],
            "FZJG": f"{COUNTY[1]}人民政府",
            "FZRQ": dates.map(lambda of: of.issued),
            "QZSFLQ": "1",
            "QZLQRQ": dates.map(lambda of: of.collected),
            "QZLQRXM": pd.Series(heads["CBFMC"].to_numpy(), index=contracts.index),
            "QZLQRZJLX": "1",
            "QZLQRZJHM": pd.Series(heads["CBFZJHM"].to_numpy(), index=contracts.index),
        }
    )
