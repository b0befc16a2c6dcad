"""What is known of measurement standards, their certificates and their checks, and how it is checked."""

from __future__ import annotations

import re
from calendar import isleap
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from jialiang.base.measurement_standards.errors import StandardIncomplete, StandardMember
from jialiang.base.measurement_standards.models import (
    CheckObservation,
    MeasurementStandard,
    StandardCertificate,
)
from jialiang.formats.canonical import to_plain
from jialiang.formats.content import CertificateReference
from jialiang.governance import data_elements as elements
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import read_decimal
from jialiang.science.units import parse_unit

STANDARD_MANDATORY = ("name", "level", "model", "serial_number", "quantity", "unit", "measuring_interval")
CERTIFICATE_MANDATORY = (
    "number", "issuer", "expanded_uncertainty", "coverage_factor", "unit", "valid_from", "valid_until",
)  # fmt: skip
CHECK_MANDATORY = ("observed_on", "measured_value", "unit")
VALUE_MEMBERS = ("nominal", "measured", "expanded_uncertainty", "coverage_factor")
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardFacts:
    """A measurement standard. Limits and ``drift_half_width`` (since the certificate) are decimals in ``unit``."""

    name: Text
    level: str
    model: str
    serial_number: str
    quantity: Text
    unit: str
    measuring_interval: Text = Text()
    measuring_interval_minimum: str = ""
    measuring_interval_maximum: str = ""
    drift_half_width: str = ""
    code: str = ""
    manufacturer: Text = Text()
    inventory_number: str = ""
    keeper_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """The certificate of a standard.

    ``measured_values`` are ``{"nominal", "measured", "expanded_uncertainty", "coverage_factor"}`` of decimal texts
    in ``unit``; ``expanded_uncertainty`` with ``coverage_factor`` is the one to compute with (the largest).
    ``digest_procedure`` is ``analogue`` for paper, ``sha256`` of a file, ``c14n-sha256`` of a digital certificate.
    """

    number: str
    issuer: Text
    expanded_uncertainty: str
    coverage_factor: str
    unit: str
    valid_from: date | None
    valid_until: date | None
    form: str = "paper"
    digest_procedure: str = "analogue"
    digest: str = ""
    stored_digest: str = ""
    measured_values: tuple[dict[str, str], ...] = ()
    upward: CertificateReference | None = None
    signature_findings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """One check observation as entered; ``observed_on`` is an ISO date or a number of years (``75.884``)."""

    observed_on: str
    measured_value: str
    unit: str
    standard_deviation: str = ""
    source: str = ""


def standard_columns(facts: StandardFacts) -> dict[str, Any]:
    """Return the columns of a standard. Raises StandardIncomplete (naming all), StandardMember."""
    written = _plain_checks("measurement_standard", facts, MeasurementStandard, STANDARD_MANDATORY)
    _unit("measurement_standard", written)
    for name in ("measuring_interval_minimum", "measuring_interval_maximum"):
        written[name] = _decimal("measurement_standard", written, name)
    written["drift_half_width"] = _decimal("measurement_standard", written, "drift_half_width", least=Decimal(0))
    low, high = written["measuring_interval_minimum"], written["measuring_interval_maximum"]
    if low and high and Decimal(low) >= Decimal(high):
        raise refused("measurement_standard", "measuring_interval_maximum", high, "limits_reversed", lower=low)
    return written


def certificate_columns(facts: CertificateFacts) -> dict[str, Any]:
    """Return the columns of a certificate. Raises StandardIncomplete (naming all), StandardMember."""
    noun = "standard_certificate"
    plain = _plain_checks(noun, facts, StandardCertificate, CERTIFICATE_MANDATORY)
    _unit(noun, plain)
    for name in ("expanded_uncertainty", "coverage_factor"):
        plain[name] = _decimal(noun, plain, name, above=Decimal(0))
    if plain["valid_until"] < plain["valid_from"]:
        raise refused(noun, "valid_until", plain["valid_until"], "dates_reversed", earlier=plain["valid_from"])
    for name in ("digest", "stored_digest"):
        if plain[name] and not _DIGEST.fullmatch(plain[name]):
            raise refused(noun, name, plain[name], "not_a_digest")
    plain["measured_values"] = [_checked_value(entry) for entry in facts.measured_values]
    plain["upward"] = to_plain(facts.upward) if facts.upward else {}
    return plain


def check_columns(facts: CheckFacts) -> dict[str, Any]:
    """Return the columns of a check observation, its texts as entered. Raises StandardIncomplete, StandardMember."""
    noun = "check_observation"
    written = _plain_checks(noun, facts, CheckObservation, CHECK_MANDATORY)
    _unit(noun, written)
    written["measured_value"] = _decimal(noun, written, "measured_value")
    written["standard_deviation"] = _decimal(noun, written, "standard_deviation", least=Decimal(0))
    if moment_of(written["observed_on"]) is None:
        raise refused(noun, "observed_on", written["observed_on"], "not_a_moment")
    return written


def moment_of(observed_on: str) -> float | None:
    """Return the moment of a check in years: of an ISO date with its fraction, of a number as it stands."""
    try:
        day = date.fromisoformat(observed_on)
    except ValueError:
        try:
            return float(read_decimal(observed_on).number)
        except InvalidInput:
            return None
    return day.year + (day - date(day.year, 1, 1)).days / (366 if isleap(day.year) else 365)


def refused(noun: str, member: str, given: object, why: str, **facts: object) -> StandardMember:
    """Return the error that a member cannot be stored, with its reason in words."""
    return StandardMember(
        member=elements.element_name(noun, member), given=str(given), reason=elements.reason(why, **facts)
    )


def _plain_checks(noun: str, facts: Any, table: Any, mandatory: tuple[str, ...]) -> dict[str, Any]:
    missing = elements.missing_members(facts, mandatory)
    if missing:
        raise StandardIncomplete(members=elements.element_names(noun, missing))
    written = elements.columns(facts)
    for problem in elements.problems(noun, table, written):
        raise StandardMember(member=problem.member, given=problem.given, reason=problem.reason)
    return written


def _unit(noun: str, written: dict[str, Any]) -> None:
    try:
        parse_unit(written["unit"])
    except InvalidInput as problem:
        raise refused(noun, "unit", written["unit"], "unknown_unit") from problem


def _decimal(
    noun: str, written: dict[str, Any], name: str, *, least: Decimal | None = None, above: Decimal | None = None
) -> str:
    if not written[name]:
        return ""
    try:
        number = read_decimal(written[name])
    except InvalidInput as problem:
        raise refused(noun, name, written[name], "not_a_decimal") from problem
    if above is not None and number.number <= above:
        raise refused(noun, name, written[name], "not_positive")
    if least is not None and number.number < least:
        raise refused(noun, name, written[name], "negative")
    return number.text


def _checked_value(entry: dict[str, str]) -> dict[str, str]:
    if not set(entry) >= set(VALUE_MEMBERS):
        raise refused("standard_certificate", "measured_values", entry, "incomplete_value")
    for name in VALUE_MEMBERS:
        least = Decimal(0) if name == "expanded_uncertainty" else None
        above = Decimal(0) if name == "coverage_factor" else None
        _decimal("standard_certificate", entry, name, least=least, above=above)
    return dict(entry)
