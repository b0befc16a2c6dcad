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


class CommissionState(StrEnum):
    """State of a commission."""

    OPEN = "open"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


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
