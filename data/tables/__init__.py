"""The tables of the house. What is true of the ground and of findings is kept in versions and never overwritten."""

from data.tables.base import Base
from data.tables.comparisons import Comparison
from data.tables.deliveries import ColumnMap, ProposedRepair, RejectedRow, Run, Upload, UploadLayer, VanishedRow
from data.tables.details import DetailFeature
from data.tables.findings import Event, Finding, FindingVersion, LegalMove, Sighting
from data.tables.images import Image
from data.tables.land import (
    FACTS,
    Certificate,
    CertificateCancelled,
    CertificateExchanged,
    CertificateReplaced,
    CollectiveBid,
    CollectiveContract,
    Contract,
    Contractor,
    Expropriation,
    HouseholdMember,
    Issuer,
    Occupancy,
    Parcel,
    ParcelRight,
    Payment,
    RegisterEntry,
    ReservedGrant,
    ReservedLand,
    RightChange,
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
from data.tables.thresholds import ThresholdSet

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
    "CollectiveBid",
    "CollectiveContract",
    "ColumnMap",
    "Comparison",
    "Contract",
    "Contractor",
    "Deployment",
    "DetailFeature",
    "Event",
    "Expropriation",
    "Finding",
    "FindingVersion",
    "HouseholdMember",
    "Image",
    "Issuer",
    "LegalMove",
    "Occupancy",
    "Parcel",
    "ParcelRight",
    "Payment",
    "ProposedRepair",
    "RegisterEntry",
    "RejectedRow",
    "ReservedGrant",
    "ReservedLand",
    "RightChange",
    "Run",
    "Sighting",
    "SignIn",
    "SurveyFeature",
    "ThresholdSet",
    "TitleDocument",
    "Transfer",
    "TransferParcel",
    "UnitCode",
    "Upload",
    "UploadLayer",
    "VanishedRow",
]
