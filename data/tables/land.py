"""Facts of the delivery standard: land, the people who hold it, and the papers that say so.

Their columns are those of the dictionary in `geo/vocabulary/fields.csv`; here stands only what it does not say.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Computed
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Placed, Recorded


class Parcel(Recorded, Placed, Base):
    """DK: a piece of land."""

    __tablename__ = "parcel"
    layer = "parcel"
    recalled_by = ("geom",)


class ReservedLand(Recorded, Placed, Base):
    """LYD 留用地: construction land owed or given back to a collective after expropriation, with its ledger."""

    __tablename__ = "reserved_land"
    layer = "reserved"
    recalled_by = ("geom",)

    outstanding_m2: Mapped[float | None] = mapped_column(
        Computed("quota_m2 - coalesce(granted_m2, 0)", persisted=True), comment="still owed to the collective"
    )


class Issuer(Recorded, Base):
    """FBF: the collective that contracts its land out."""

    __tablename__ = "issuer"
    layer = "issuer"


class Contractor(Recorded, Base):
    """CBF: the household, person or unit that holds contracted land."""

    __tablename__ = "contractor"
    layer = "contractor"


class HouseholdMember(Recorded, Base):
    """CBF_JTCY: a member of a contracting household; `code` is contractor/ID number, or contractor/name."""

    __tablename__ = "household_member"
    layer = "member"
    found_by = ("contractor_code",)


class Contract(Recorded, Base):
    """CBHT: a contract for a term; an extension is a contract of its own that names its predecessor."""

    __tablename__ = "contract"
    layer = "contract"
    found_by = ("predecessor_code", "contractor_code")


class ParcelRight(Recorded, Base):
    """CBDKXX: who holds which parcel, by which contract, and its three areas; `code` is parcel/contractor."""

    __tablename__ = "parcel_right"
    layer = "parcel_right"
    recalled_by = ("parcel_code",)
    found_by = ("parcel_code", "contractor_code", "certificate_code")

    surveyed_m2: Mapped[float | None] = mapped_column(comment="SCMJ of the parcel when the right was delivered")


class Transfer(Recorded, Base):
    """LZHT: a lease, exchange or assignment: price, term, use, consent, filing."""

    __tablename__ = "transfer"
    layer = "transfer"
    found_by = ("contract_code",)


class TransferParcel(Recorded, Base):
    """LZDK: one parcel of a transfer, with its area and term; `code` is transfer/parcel."""

    __tablename__ = "transfer_parcel"
    layer = "transfer_parcel"
    recalled_by = ("parcel_code",)
    found_by = ("transfer_code", "parcel_code")


class RegisterEntry(Recorded, Base):
    """CBJYQZDJB: the entry in the register that a certificate is drawn from; both bear one code."""

    __tablename__ = "register_entry"
    layer = "register_entry"


class Certificate(Recorded, Base):
    """CBJYQZ: the certificate, and who collected it."""

    __tablename__ = "certificate"
    layer = "certificate"


class TitleDocument(Recorded, Base):
    """QSLYZLFJ: a paper that a title rests on; `code` is certificate/number of the paper."""

    __tablename__ = "title_document"
    layer = "title_document"
    found_by = ("certificate_code",)


class CertificateReplaced(Recorded, Base):
    """CBJYQZ_QZBF: a lost certificate issued anew; `code` is certificate/day."""

    __tablename__ = "certificate_replaced"
    layer = "certificate_replaced"
    found_by = ("certificate_code",)


class CertificateExchanged(Recorded, Base):
    """CBJYQZ_QZHF: a certificate given for an old one; `code` is certificate/day."""

    __tablename__ = "certificate_exchanged"
    layer = "certificate_exchanged"
    found_by = ("certificate_code",)


class CertificateCancelled(Recorded, Base):
    """CBJYQZ_QZZX: a certificate that is no more; `code` is certificate/day."""

    __tablename__ = "certificate_cancelled"
    layer = "certificate_cancelled"
    found_by = ("certificate_code",)


class UnitCode(Recorded, Base):
    """BDCDYH: the bridge to the real-estate register: which unit a parcel is there, and what stands there of it."""

    __tablename__ = "unit_code"
    layer = "unit_code"
    found_by = ("unit_code",)


class CollectiveContract(Recorded, Base):
    """ZYHT 集体资源合同: a collective lets, contracts or sells what is not divided among its households."""

    __tablename__ = "collective_contract"
    layer = "collective_contract"
    found_by = ("parcel_code", "reserved_code")


class CollectiveBid(Recorded, Base):
    """ZYJB 集体资源竞投: how the other party of such a contract was found."""

    __tablename__ = "collective_bid"
    layer = "collective_bid"
    found_by = ("contract_code",)


class Payment(Recorded, Base):
    """SFK 收付款: what was due under a transfer or a collective's contract, what was paid, and to whom."""

    __tablename__ = "payment"
    layer = "payment"
    found_by = ("contract_code",)


class Expropriation(Recorded, Base):
    """ZDTZ 征地台账: what was taken from one collective by one approval, and what it is owed for it."""

    __tablename__ = "expropriation"
    layer = "expropriation"
    found_by = ("issuer_code",)


class ReservedGrant(Recorded, Base):
    """LYDLS 留用地落实: what was returned for an expropriation: land, money or property."""

    __tablename__ = "reserved_grant"
    layer = "reserved_grant"
    found_by = ("expropriation_code",)


class RightChange(Recorded, Base):
    """QSBG 权属变更: a parcel assigned, exchanged, given back, taken back or readjusted."""

    __tablename__ = "right_change"
    layer = "right_change"
    recalled_by = ("parcel_code",)
    found_by = ("parcel_code",)


class Occupancy(Recorded, Base):
    """JYQK 实际经营情况: who was seen to farm a parcel."""

    __tablename__ = "occupancy"
    layer = "occupancy"
    found_by = ("parcel_code",)


#: Where each layer or table of `geo.model` is kept.
FACTS: dict[str, Any] = {
    kept.layer: kept
    for kept in (
        Parcel,
        ReservedLand,
        Issuer,
        Contractor,
        HouseholdMember,
        Contract,
        ParcelRight,
        Transfer,
        TransferParcel,
        RegisterEntry,
        Certificate,
        TitleDocument,
        CertificateReplaced,
        CertificateExchanged,
        CertificateCancelled,
        UnitCode,
        CollectiveContract,
        CollectiveBid,
        Payment,
        Expropriation,
        ReservedGrant,
        RightChange,
        Occupancy,
    )
}
