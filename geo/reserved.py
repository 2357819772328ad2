"""The ledger of reserved land (留用地): what an expropriation took, what is owed for it, what was given, what is left.

Reserved land is construction land returned to a collective after expropriation. It is never to be mixed with flexible
land (机动地), which is farmland that a collective keeps.
"""

from typing import Any

import numpy as np
import pandas as pd

#: Codes of LSFS: how reserved land is returned.
FORMS = {"1": "land", "2": "money", "3": "property"}
#: No area in m² and no sum in yuan of one expropriation is as large.
_BEYOND = 1e13
#: Codes of KXLX: what a payment is for, where it answers to an expropriation.
_COMPENSATION, _PENSION = "3", "4"
#: What the ledger says of one expropriation; areas in m², sums in yuan.
COLUMNS = (
    "code", "issuer_code", "approval_no", "name", "approved_on", "implemented_on", "taken_m2", "ratio", "quota_m2",
    "owed_m2", "land_m2", "money_m2", "property_m2", "granted_m2", "left_m2", "compensation_due_yuan",
    "compensation_due_on", "compensation_paid_yuan", "pension_due_yuan", "pension_due_on", "pension_paid_yuan",
)  # fmt: skip


def ledger(
    expropriation: pd.DataFrame | None,
    reserved: pd.DataFrame | None = None,
    reserved_grant: pd.DataFrame | None = None,
    payment: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row for each expropriation (COLUMNS), and one for each piece of reserved land that no expropriation claims.

    Owed is what was fixed (HDMJ), else area taken times ratio. Granted is what the grants say, by form; a piece of
    reserved land that names the same approval and issuer counts where no grant speaks of it. What is left may be
    negative: more was given than was owed. Payments count where the expropriation itself does not say what was paid.
    """
    pieces = _pieces(reserved)
    taken = _columns(expropriation, COLUMNS)
    grants = _grants(reserved_grant, pieces, taken)
    alone = pieces[~pieces["code"].isin(grants["reserved_code"])]
    own = pd.DataFrame(
        {
            "code": alone["code"],
            "issuer_code": alone["issuer_code"],
            "approval_no": alone["expropriation_no"],
            "implemented_on": alone["agreed_on"],
            "taken_m2": alone["expropriated_m2"],
            "ratio": alone["ratio"],
            "quota_m2": alone["quota_m2"],
        }
    )
    by_itself = pd.DataFrame(
        {"expropriation_code": alone["code"], "form": alone["form"].fillna("1"), "area_m2": alone["granted_m2"]}
    )
    rows = pd.concat([taken, _columns(own, COLUMNS)], ignore_index=True)
    given = _by_form(pd.concat([grants, by_itself], ignore_index=True)).reindex(rows["code"]).fillna(0.0)
    for form in FORMS.values():
        rows[f"{form}_m2"] = given[form].to_numpy()
    for name in ("taken_m2", "ratio", "quota_m2", "compensation_due_yuan", "pension_due_yuan"):
        rows[name] = figure(rows[name])
    rows["owed_m2"] = rows["quota_m2"].fillna(rows["taken_m2"] * rows["ratio"]).round(2)
    rows["granted_m2"] = rows[[f"{form}_m2" for form in FORMS.values()]].sum(axis=1).round(2)
    rows["left_m2"] = (rows["owed_m2"] - rows["granted_m2"]).round(2)
    for name, kind in (("compensation_paid_yuan", _COMPENSATION), ("pension_paid_yuan", _PENSION)):
        said = figure(rows[name])
        rows[name] = said.fillna(_paid(payment, kind).reindex(rows["code"]).reset_index(drop=True))
    return rows.sort_values("code", ignore_index=True)


def figure(values: "pd.Series[Any]") -> "pd.Series[float]":
    """Areas or sums as numbers; what is none, or larger than a country, is missing."""
    numbers = pd.to_numeric(values, errors="coerce").astype(float)
    return numbers.where(numbers.abs() < _BEYOND)


def _columns(frame: pd.DataFrame | None, names: tuple[str, ...]) -> pd.DataFrame:
    """A frame with these columns and no others, empty ones where they were not delivered."""
    given = pd.DataFrame(columns=list(names)) if frame is None else pd.DataFrame(frame)
    return given.reindex(columns=list(names)).astype(object).reset_index(drop=True)


def _pieces(reserved: pd.DataFrame | None) -> pd.DataFrame:
    """Reserved land as the ledger needs it; a piece that was granted and does not say how much counts whole."""
    names = ("code", "issuer_code", "expropriation_no", "expropriated_m2", "ratio", "quota_m2", "form", "granted_m2")
    pieces = _columns(reserved, (*names, "agreed_on", "state", "area_m2"))
    granted = figure(pieces["granted_m2"])
    whole = figure(pieces["area_m2"]).where(pieces["state"].isin(["3", "4"]))
    return pieces.assign(granted_m2=granted.fillna(whole).fillna(0.0))


def _grants(reserved_grant: pd.DataFrame | None, pieces: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    """Every grant with its form and area: those on record, and pieces that name the approval of an expropriation."""
    names = ("expropriation_code", "form", "reserved_code", "area_m2")
    known = _columns(reserved_grant, names)
    area_of = pieces.drop_duplicates("code").set_index("code")["granted_m2"]
    area = figure(known["area_m2"]).fillna(known["reserved_code"].map(area_of))
    known = known.assign(area_m2=area)
    free = pieces[~pieces["code"].isin(known["reserved_code"])]
    by_approval = free.merge(
        taken[["code", "approval_no", "issuer_code"]].drop_duplicates(["approval_no", "issuer_code"]),
        left_on=["expropriation_no", "issuer_code"],
        right_on=["approval_no", "issuer_code"],
        suffixes=("", "_taken"),
    )
    named = pd.DataFrame(
        {
            "expropriation_code": by_approval["code_taken"],
            "form": by_approval["form"].fillna("1"),
            "reserved_code": by_approval["code"],
            "area_m2": by_approval["granted_m2"],
        }
    )
    return pd.concat([known, named], ignore_index=True)


def _by_form(grants: pd.DataFrame) -> pd.DataFrame:
    """Area granted for each expropriation, a column a form."""
    form = grants["form"].astype("string").map(FORMS)
    area = figure(grants["area_m2"]).fillna(0.0)
    table = pd.DataFrame({"of": grants["expropriation_code"], "form": form, "area_m2": area}).dropna()
    wide = table.pivot_table(index="of", columns="form", values="area_m2", aggfunc="sum", fill_value=0.0)
    return wide.reindex(columns=list(FORMS.values()), fill_value=0.0)


def _paid(payment: pd.DataFrame | None, kind: str) -> "pd.Series[float]":
    """Payments of a kind, added up by the expropriation that they answer to."""
    paid = _columns(payment, ("contract_code", "kind", "paid_yuan"))
    of_kind = paid[paid["kind"].eq(kind)]
    yuan = figure(of_kind["paid_yuan"])
    return yuan.groupby(of_kind["contract_code"]).sum(min_count=1).astype(np.float64)
