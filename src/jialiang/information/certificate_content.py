"""From a record to what its certificate says: one function for the preview and for the issue.

What the signatory sees is therefore what is issued; only the facts of :class:`IssueFacts` (number, code, moment)
come in on top, and :func:`reviewable_digest` leaves exactly those out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, cast
from uuid import UUID

from jialiang import __version__
from jialiang.base.calibrations.errors import RecordIncomplete
from jialiang.base.calibrations.selectors import Calibration, calibration, standards_used
from jialiang.base.certificates.selectors import certificate
from jialiang.base.measurement_standards.selectors import certificate_view, standard_view
from jialiang.base.organizations.selectors import own_organization, party_of
from jialiang.formats.canonical import canonical_json, sha256_hex, to_plain
from jialiang.formats.content import (
    CertificateContent,
    CertificateKind,
    Identification,
    InfluenceCondition,
    Item,
    MeasuringEquipment,
    Method,
    ResponsiblePerson,
    Trust,
)
from jialiang.information.certificate_results import conclusion_of, result_table, statements_of, words
from jialiang.kernel.clock import local_date
from jialiang.kernel.text import Text

SOFTWARE = "Jialiang 嘉量"
UNCERTAINTY_METHOD = "uncertainty"
WORK_METHOD = "method"
_Condition = Literal["temperature", "humidityRelative", "pressure"]
_CONDITIONS: tuple[tuple[str, _Condition, str], ...] = (
    ("temperature", "temperature", "\\degreecelsius"),
    ("humidity", "humidityRelative", "\\percent"),
    ("pressure", "pressure", "\\kilo\\pascal"),
)
_ON_ISSUE = ("number", "identifier", "check_code", "check_url", "issue_date", "signing_time", "due_date")


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """What a certificate gets only when it is issued; dates are ISO 8601, ``signing_time`` RFC 3339 in UTC."""

    number: str
    identifier: str
    check_code: str
    check_url: str
    issue_date: str
    signing_time: str
    time_zone: str
    due_date: str
    approver: Text
    trust: Trust


def content_for(calibration_id: UUID, issue: IssueFacts) -> CertificateContent:
    """Return what the certificate of an evaluated record says (twelve queries and three for each standard)."""
    record = calibration(calibration_id)
    commission, instrument = record.item.commission, record.item.instrument
    evaluation, begin_date, end_date = _evaluated(record)
    equipment = _equipment(calibration_id, end_date)
    references = tuple(e.key for e in equipment if e.is_reference)
    content = CertificateContent(
        kind=cast(CertificateKind, record.kind),
        number=issue.number,
        identifier=issue.identifier,
        check_code=issue.check_code,
        check_url=issue.check_url,
        institute=party_of(own_organization().id),
        customer=party_of(commission.customer_id),
        items=(_item(instrument, record.item.condition),),
        commission_number=commission.number,
        record_number=record.number,
        begin_date=begin_date.isoformat(),
        end_date=end_date.isoformat(),
        issue_date=issue.issue_date,
        signing_time=issue.signing_time,
        time_zone=issue.time_zone,
        performance_location="customer" if instrument.on_site else "laboratory",
        performance_address=_address(record),
        methods=_methods(record),
        equipment=equipment,
        conditions=_conditions(record.environment),
        results=(result_table(evaluation, references, (WORK_METHOD, UNCERTAINTY_METHOD)),),
        statements=statements_of(evaluation),
        persons=_persons(record, issue.approver),
        trust=issue.trust,
        software_name=SOFTWARE,
        software_release=__version__,
        receipt_date=_receipt_date(record, issue.time_zone),
        due_date=issue.due_date,
        conclusion=conclusion_of(evaluation, record.kind, instrument.accuracy_class),
    )
    return _amending(content, record)


def reviewable_digest(content: CertificateContent, evaluation_digest: str) -> str:
    """Return the SHA-256 over the evaluation and all of the content that does not wait for the issue."""
    plain = to_plain(content)
    kept = {name: member for name, member in plain.items() if name not in _ON_ISSUE}
    return sha256_hex(canonical_json({"evaluation": evaluation_digest, "content": kept}))


def _evaluated(record: Calibration) -> tuple[dict[str, Any], date, date]:
    """Return evaluation and dates of a submitted record. Raises RecordIncomplete for one that has none yet."""
    if record.evaluation is None or record.begin_date is None or record.end_date is None:
        missing = Text("提交后的评定结果", "the evaluation, which comes with submission")
        raise RecordIncomplete(number=record.number, count=1, missing=missing)
    return record.evaluation, record.begin_date, record.end_date


def _amending(content: CertificateContent, record: Calibration) -> CertificateContent:
    if record.amends_certificate_id is None:
        return content
    replaced = certificate(record.amends_certificate_id)
    return replace(
        content,
        supersedes_number=replaced.number,
        supersedes_identifier=replaced.identifier.text,
        amendment_reason=Text(record.amendment_reason_zh, record.amendment_reason_en),
    )


def _item(instrument: Any, condition: Text) -> Item:
    inventory = Identification("owner", instrument.inventory_number, words("identification.inventory"))
    return Item(
        name=instrument.name,
        manufacturer=Text(instrument.manufacturer_zh, instrument.manufacturer_en),
        model=instrument.model,
        identifications=(inventory,) if instrument.inventory_number else (),
        serial_number=instrument.serial_number,
        measuring_interval=Text(instrument.measuring_interval_zh, instrument.measuring_interval_en),
        accuracy_class=instrument.accuracy_class,
        condition_on_receipt=condition,
    )


def _equipment(calibration_id: UUID, on: date) -> tuple[MeasuringEquipment, ...]:
    used = standards_used(calibration_id)
    return tuple(
        standard_view(row.standard_id).equipment(
            f"standard-{position}",
            certificate_view(row.certificate),
            on,
            is_reference=row.is_reference,
        )
        for position, row in enumerate(used, start=1)
    )


def _methods(record: Calibration) -> tuple[Method, ...]:
    uncertainty = Method(
        UNCERTAINTY_METHOD, words("method.uncertainty"), words("norm.uncertainty").en, is_uncertainty_method=True
    )
    return (Method(WORK_METHOD, record.method, record.method_norm), uncertainty)


def _conditions(environment: dict[str, Any]) -> tuple[InfluenceCondition, ...]:
    return tuple(
        InfluenceCondition(
            quantity, words(f"condition.{key}"), environment[key]["minimum"], environment[key]["maximum"], unit
        )
        for key, quantity, unit in _CONDITIONS
        if key in environment
    )


def _persons(record: Calibration, approver: Text) -> tuple[ResponsiblePerson, ...]:
    calibrated = Text(record.calibrated_by_zh, record.calibrated_by_en)
    reviewed = Text(record.reviewed_by_zh, record.reviewed_by_en)
    return (
        ResponsiblePerson(calibrated, words("person.calibrated"), "calibrated"),
        ResponsiblePerson(reviewed, words("person.reviewed"), "reviewed"),
        ResponsiblePerson(approver, words("person.approved"), "approved", main_signer=True),
    )


def _address(record: Calibration) -> Text:
    if record.site is None:
        return Text()
    zh = " ".join(part for part in (record.site.address_zh, record.site.name_zh) if part)
    en = ", ".join(part for part in (record.site.name_en, record.site.address_en) if part)
    return Text(zh, en)


def _receipt_date(record: Calibration, time_zone: str) -> str:
    received = record.item.custody_events.filter(to_custody="received").order_by("at").first()
    return local_date(received.at, time_zone).isoformat() if received else ""
