"""Deals in the right itself, assignments and exchanges, as contracts and as changes of rights tell them."""

from dataclasses import dataclass

import pandas as pd

from geo.codes import issuers_of, valid_id
from geo.rules._reading import dates, texts

#: A day of birth where a code has its town and village: an identity number, it may be.
_DATED = r"[0-9]{6}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"


@dataclass(frozen=True)
class Deal:
    """How a kind of deal is written down: way and kind of a transfer contract, kinds of a change of rights."""

    method: str
    kind: str
    changes: tuple[str, ...]


#: Of the right itself, for what is left of its term; all other transfers leave it with its holder.
ASSIGNMENT = Deal("200", "4", ("1021", "1022", "1023"))
EXCHANGE = Deal("300", "5", ("1041", "1042"))


def deals(
    deal: Deal, layer: str, transfer: pd.DataFrame | None, right_change: pd.DataFrame | None, links: pd.DataFrame | None
) -> pd.DataFrame:
    """The deals of one kind that a table tells, by its index; one told by both tables is the transfer's, once.

    Columns: code (of a transfer), contract_code, from_code, to_code, parcel_code and other_parcel_code (of a change),
    acted_on, consented_on, filed_on, transferee_kind.
    """
    written, changed = _written(deal, transfer), _changed(deal, right_change)
    named = parcels_of(written, links).merge(changed.rename_axis("change").reset_index(), on=["parcel_code", "to_code"])
    if layer == "right_change":
        return changed[~changed.index.isin(named["change"])]
    for column in ("consented_on", "filed_on"):
        written[column] = written[column].fillna(named.groupby("at")[column].max().astype("datetime64[s]"))
    return written


def parcels_of(acts: pd.DataFrame, links: pd.DataFrame | None) -> pd.DataFrame:
    """Each parcel of each act: at (the act), parcel_code, to_code; of a transfer by its links, else as the act says."""
    own = acts[["parcel_code", "to_code"]].rename_axis("at").reset_index()
    if links is None or not {"transfer_code", "parcel_code"} <= set(links.columns):
        return own.dropna(subset=["parcel_code"])
    known = links[["transfer_code", "parcel_code"]].astype("string").dropna().drop_duplicates()
    by_code = acts[["code", "to_code"]].rename_axis("at").reset_index().dropna(subset=["code"])
    linked = by_code.merge(known, left_on="code", right_on="transfer_code")
    return pd.concat([own.dropna(subset=["parcel_code"]), linked[["at", "parcel_code", "to_code"]]], ignore_index=True)


def homes(acts: pd.DataFrame, links: pd.DataFrame | None) -> pd.DataFrame:
    """The issuers of the parcels of each act (at, home_issuer); of who gave them where the parcels are not known."""
    parcels = parcels_of(acts, links)
    known = pd.DataFrame({"at": parcels["at"], "home_issuer": issuers_of(parcels["parcel_code"])}).dropna()
    givers = acts["from_code"].fillna(acts["contract_code"]).fillna(acts["code"])
    others = pd.DataFrame({"at": acts.index, "home_issuer": issuers_of_parties(givers).to_numpy()})
    return pd.concat([known, others[~others["at"].isin(known["at"])]], ignore_index=True).drop_duplicates()


def issuers_of_parties(codes: pd.Series) -> pd.Series:
    """The issuer that a party's code begins with; null for one who is named by an identity number in its place."""
    text = codes.astype("string")
    likely = text.str.fullmatch(_DATED).fillna(False).to_numpy(dtype=bool)
    people = [code for code in text[likely].unique() if valid_id(code)]
    return issuers_of(text.mask(text.isin(people)))


def are(deal: Deal, transfer: pd.DataFrame) -> pd.Series:
    """Which transfers are deals of a kind."""
    by_method, by_kind = texts(transfer, "method").eq(deal.method), texts(transfer, "kind").eq(deal.kind)
    return by_method.fillna(False).astype(bool) | by_kind.fillna(False).astype(bool)


def _written(deal: Deal, transfer: pd.DataFrame | None) -> pd.DataFrame:
    """Transfers that are such a deal."""
    table = _of(transfer, ["code", "contract_code", "contractor_code", "transferee_code", "transferee_kind"])
    table = table[are(deal, table).to_numpy(dtype=bool)]
    begun = table["signed_on"].fillna(table["term_from"])
    told = table.rename(columns={"contractor_code": "from_code", "transferee_code": "to_code"})
    return told.assign(
        from_code=told["from_code"].fillna(told["contract_code"].str[:18]),
        acted_on=begun,
        parcel_code=pd.Series(pd.NA, index=told.index, dtype="string"),
        other_parcel_code=pd.Series(pd.NA, index=told.index, dtype="string"),
    )


def _changed(deal: Deal, right_change: pd.DataFrame | None) -> pd.DataFrame:
    """Changes of rights that are such a deal."""
    table = _of(right_change, ["from_code", "to_code", "parcel_code", "other_parcel_code"])
    table = table[table["kind"].isin(deal.changes).to_numpy(dtype=bool)]
    nothing = pd.Series(pd.NA, index=table.index, dtype="string")
    return table.assign(code=nothing, contract_code=nothing, transferee_kind=nothing, acted_on=table["changed_on"])


def _of(table: pd.DataFrame | None, names: list[str]) -> pd.DataFrame:
    """Some columns of a table, with how a deal is written down and its days; an empty one for none."""
    given = pd.DataFrame() if table is None else table
    days = ("signed_on", "term_from", "changed_on", "consented_on", "filed_on")
    told = {name: texts(given, name) for name in (*names, "method", "kind")}
    return pd.DataFrame(told | {name: dates(given, name) for name in days}, index=given.index)
