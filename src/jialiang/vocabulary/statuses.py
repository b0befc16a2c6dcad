"""States, kinds and choices of stored things; their words in zh and en stand in ``data/statuses.json``."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib import resources

from jialiang.kernel.text import Text


class WorkKind(StrEnum):
    """What a customer asks for (校准, 检定, 检测)."""

    CALIBRATION = "calibration"
    LEGAL_VERIFICATION = "legal_verification"
    TESTING = "testing"


class InstrumentState(StrEnum):
    """Administrative state of an instrument; fitness for use is derived from evidence."""

    REGISTERED = "registered"
    IN_SERVICE = "in_service"
    AWAY = "away"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class FitnessForUse(StrEnum):
    """合格, 限用, 停用 of the QI guide, table 1, and 新登记 where there is no evidence yet."""

    FIT = "fit"
    LIMITED = "limited"
    OUT_OF_USE = "out_of_use"
    UNPROVEN = "unproven"


class Purpose(StrEnum):
    """The four uses under compulsory verification, and all others."""

    TRADE_SETTLEMENT = "trade_settlement"
    SAFETY_PROTECTION = "safety_protection"
    MEDICAL_CARE = "medical_care"
    ENVIRONMENTAL_MONITORING = "environmental_monitoring"
    OTHER = "other"


class DecisionRule(StrEnum):
    """Rule of a statement of conformity, agreed before work starts."""

    NONE = "none"
    SIMPLE_ACCEPTANCE = "simple_acceptance"
    GUARD_BAND_U = "guard_band_u"


class FeeKind(StrEnum):
    """Who bears the fee."""

    CHARGED = "charged"
    FREE_COMPULSORY = "free_compulsory"
    INTERNAL = "internal"


class BudgetState(StrEnum):
    """State of a version of an uncertainty budget."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class CommissionState(StrEnum):
    """State of a commission."""

    OPEN = "open"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class ComparisonRoundState(StrEnum):
    """State of a comparison round."""

    OPEN = "open"
    MEASURING = "measuring"
    EVALUATED = "evaluated"
    REPORTED = "reported"
    CANCELLED = "cancelled"


class AssignedValueMethod(StrEnum):
    """Where the assigned value of a comparison round comes from."""

    REFERENCE = "reference"
    WEIGHTED_MEAN = "weighted_mean"
    LARGEST_CONSISTENT_SUBSET = "largest_consistent_subset"
    ALGORITHM_A = "algorithm_a"


class CustodyState(StrEnum):
    """Where an item is."""

    EXPECTED = "expected"
    RECEIVED = "received"
    IN_LABORATORY = "in_laboratory"
    RETURNED = "returned"


class CalibrationState(StrEnum):
    """State of a calibration record: 填写中, 待核验, 待批准, 已批准."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"


class CertificateState(StrEnum):
    """State of a certificate: 签发中, 有效, 已被替代, 已撤销, 已作废 (expiry follows from the date)."""

    ISSUING = "issuing"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class StandardState(StrEnum):
    """State of a measurement standard."""

    IN_USE = "in_use"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class StandardLevel(StrEnum):
    """Place of a measurement standard in the hierarchy."""

    NATIONAL = "national"
    REFERENCE = "reference"
    WORKING = "working"


class OrganizationKind(StrEnum):
    """What an organization is to quality infrastructure."""

    NATIONAL_INSTITUTE = "national_institute"
    INSTITUTE = "institute"
    ENTERPRISE = "enterprise"
    REGULATOR = "regulator"


class ReadingSource(StrEnum):
    """How a reading came in."""

    MANUAL = "manual"
    FILE = "file"
    DEVICE = "device"


class PrefixLevel(StrEnum):
    """Place of a prefix in the tree of identifiers: 国家, 二级, 企业."""

    NATIONAL = "national"
    SECOND_LEVEL = "second_level"
    ENTERPRISE = "enterprise"


class PrefixState(StrEnum):
    """State of a prefix; a delegated one is answered for by another server, a withdrawn one is never given again."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELEGATED = "delegated"
    WITHDRAWN = "withdrawn"


class PrefixApplicationState(StrEnum):
    """State of an application for a prefix."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class HandleIdentityKind(StrEnum):
    """By what an identity of the Handle System shows who it is."""

    PUBLIC_KEY = "public_key"
    SECRET_KEY = "secret_key"  # noqa: S105 the word of a kind, no secret


class HandleIdentityState(StrEnum):
    """State of an identity of the Handle System."""

    ACTIVE = "active"
    REVOKED = "revoked"


class IdentifierTemplateState(StrEnum):
    """State of a template of identifier records."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class LabelTemplateState(StrEnum):
    """State of a template of labels."""

    IN_USE = "in_use"
    WITHDRAWN = "withdrawn"


class LabelSymbol(StrEnum):
    """The symbol on a label."""

    QR = "qr"
    DATA_MATRIX = "data_matrix"
    CODE_128 = "code_128"
    GS1_DATA_MATRIX = "gs1_data_matrix"
    GS1_128 = "gs1_128"


class LabelLanguage(StrEnum):
    """The language of the words on a label."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"


class MarkRole(StrEnum):
    """What a code or seal on an instrument is for."""

    PRODUCTION = "production"
    REPAIR = "repair"
    VERIFICATION = "verification"
    SEAL = "seal"
    IDENTIFIER = "identifier"


class MarkState(StrEnum):
    """Whether a code or seal is still on the instrument."""

    IN_PLACE = "in_place"
    REMOVED = "removed"


class MarkOutcome(StrEnum):
    """What a check of identity says of one code."""

    AGREES = "agrees"
    DIFFERS = "differs"
    MISSING = "missing"
    FOREIGN = "foreign"
    OTHER_ROLE = "other_role"
    UNKNOWN = "unknown"


class CarrierKind(StrEnum):
    """Whether the carrier of an identifier speaks by itself (主动标识载体, such as a module) or is only read."""

    ACTIVE_CARRIER = "active_carrier"
    PASSIVE_CARRIER = "passive_carrier"


class TemplateDataType(StrEnum):
    """What the data of a template's item are."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    FILE = "file"
    REFERENCE = "reference"


class ItemReaders(StrEnum):
    """Who may read an item of a template beside the administrators of the record."""

    PUBLIC = "public"
    HOLDER = "holder"
    ORGANIZATIONS = "organizations"


class IdentifierState(StrEnum):
    """State of the record of an identifier; a retired one is never given again."""

    RESERVED = "reserved"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class SubordinateNodeState(StrEnum):
    """Whether reports of a node below this one are taken."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class SiteProposalState(StrEnum):
    """What became of a server that a subordinate node tells of itself and that is not the delegated one."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPERSEDED = "superseded"


class ReportSignature(StrEnum):
    """What is known of who vouches for a received report; a wrong signature is never received."""

    VALID = "valid"
    UNPROVEN = "unproven"
    NONE = "none"


class NodeReportState(StrEnum):
    """How far a report to the node above has come; a refused one is not sent again by itself."""

    MADE = "made"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    file = resources.files("jialiang.vocabulary") / "data" / "statuses.json"
    words: dict[str, dict[str, dict[str, str]]] = json.loads(file.read_text(encoding="utf-8"))
    return words


def label(member: StrEnum) -> Text:
    """Return the word of a member in zh and en."""
    return Text.from_json(_words()[type(member).__name__][member.value])


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Return Django's choices of an enumeration, value and English word."""
    return [(member.value, label(member).en) for member in kind]
