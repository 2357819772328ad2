"""The tables of the house. What is true of the ground and of findings is kept in versions and never overwritten."""

from data.tables.base import Base
from data.tables.deliveries import ColumnMap, ProposedRepair, RejectedRow, Run, Upload, UploadLayer, VanishedRow
from data.tables.details import DetailFeature
from data.tables.findings import Event, Finding, FindingVersion, LegalMove, Sighting
from data.tables.land import (
    FACTS,
    Certificate,
    CertificateCancelled,
    CertificateExchanged,
    CertificateReplaced,
    Contract,
    Contractor,
    HouseholdMember,
    Issuer,
    Parcel,
    ParcelRight,
    RegisterEntry,
    ReservedLand,
    TitleDocument,
    Transfer,
    TransferParcel,
    UnitCode,
)
from data.tables.maps import MAP_SQUARE, MAP_TILE
from data.tables.people import AccessToken, Account, SignIn
from data.tables.places import AdminUnit, AdminUnitAlias, Deployment
from data.tables.proofs import CertificateToken
from data.tables.survey import SurveyFeature

__all__ = [
    "FACTS",
    "MAP_SQUARE",
    "MAP_TILE",
    "AccessToken",
    "Account",
    "AdminUnit",
    "AdminUnitAlias",
    "Base",
    "Certificate",
    "CertificateCancelled",
    "CertificateExchanged",
    "CertificateReplaced",
    "CertificateToken",
    "ColumnMap",
    "Contract",
    "Contractor",
    "Deployment",
    "DetailFeature",
    "Event",
    "Finding",
    "FindingVersion",
    "HouseholdMember",
    "Issuer",
    "LegalMove",
    "Parcel",
    "ParcelRight",
    "ProposedRepair",
    "RegisterEntry",
    "RejectedRow",
    "ReservedLand",
    "Run",
    "Sighting",
    "SignIn",
    "SurveyFeature",
    "TitleDocument",
    "Transfer",
    "TransferParcel",
    "UnitCode",
    "Upload",
    "UploadLayer",
    "VanishedRow",
]
