"""Digital certificates of measurement standards: what a DCC says, mapped to what the ledger of standards keeps.

The values, U and k are taken from the first column with uncertainties in a unit of the standard's quantity. The U
to compute with is the largest of the column, with its own k, written in the standard's unit (a DCC states it of a
temperature difference in kelvin): certain, if not the tightest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_CEILING, Context
from typing import Any, get_args

from cryptography import x509

from jialiang.base.measurement_standards.errors import CertificateNotGenuine, CertificateTells
from jialiang.base.measurement_standards.facts import CertificateFacts
from jialiang.base.measurement_standards.views import DigestProcedure, StandardView
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.content import CertificateReference
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.dcc.view import CertificateView, EquipmentView, QuantityView, ReferenceView, TableView
from jialiang.formats.xades.errors import NotSigned
from jialiang.formats.xades.findings import Finding, SignatureFindings
from jialiang.formats.xades.verification import verify
from jialiang.formats.xml.canonicalization import canonical_document
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.clock import iso_seconds
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import read_decimal
from jialiang.science.rounding import plain_text
from jialiang.science.units import are_convertible, convert

QUESTIONS = ("integrity", "signer", "chain", "time", "revocation")
PROCEDURES: dict[str, DigestProcedure] = {name: name for name in get_args(DigestProcedure)}
_UPWARDS = Context(prec=12, rounding=ROUND_CEILING)  # a conversion that never ends must not make U smaller
REFERENCE_EQUIPMENT = "basic_normalUsed"
NOMINAL = ("basic_referenceValue", "basic_nominalValue", "basic_calibrationValue")
_REASONS = {
    "serial": Text("证书所载器具为 {found}，而该标准的出厂编号是 {wanted}", "it is of {found}, not of {wanted}"),
    "values": Text("未给出单位为 {unit} 的量值及其 U 和 k", "it gives no values with U and k in the unit {unit}"),
    "upward": Text("其上级证书 {found} 在校准时已失效", "the certificate above it, {found}, was out of validity"),
    "date": Text("日期“{found}”无法识别", "the date “{found}” cannot be read"),
}


def canonical_digest(xml: bytes) -> str:
    """Return the SHA-256 of the canonical form (C14N 1.1, no comments) of a document: procedure ``c14n-sha256``."""
    return sha256_hex(canonical_document(parse_xml(xml)))


def facts_from_dcc(
    xml: bytes,
    standard: StandardView,
    *,
    trusted: Sequence[x509.Certificate],
    at: datetime,
    valid_until: date | None = None,
    revocation_lists: Sequence[x509.CertificateRevocationList] = (),
) -> CertificateFacts:
    """Read a DCC as the certificate of ``standard``; ``valid_until`` is the keeper's where the file has no due date.

    Raises the errors of ``formats.xml`` and ``formats.dcc`` for what cannot be read; CertificateNotGenuine when a
    signature is there and does not hold; CertificateTells when it is another thing's, has no values with U and k in
    a unit of the standard's quantity, or rests on a certificate that was out of validity. An unsigned file or an
    unknown signer is no error: the findings say so, and the keeper decides.
    """
    view = read_certificate(xml)
    findings = verify(xml, trusted, at, revocation_lists=revocation_lists)
    _require_genuine(view, findings)
    _require_same_thing(view, standard)
    table, column = _values_of(view, standard)
    largest = max(range(len(column.expanded_uncertainties)), key=lambda i: _number(column, i))
    return CertificateFacts(
        number=view.number,
        issuer=view.institute.name,
        form="dcc",
        digest_procedure="c14n-sha256",
        digest=canonical_digest(xml),
        stored_digest=sha256_hex(xml),
        expanded_uncertainty=_in_unit(column.expanded_uncertainties[largest], column.unit, standard.unit),
        coverage_factor=column.coverage_factors[largest],
        unit=standard.unit,
        measured_values=_rows(table, column),
        valid_from=_date(view, view.issue_date or view.end_date or view.begin_date),
        valid_until=_date(view, view.due_date) or valid_until,
        upward=_upward(view),
        signature_findings=findings_plain(findings),
    )


def findings_plain(findings: SignatureFindings) -> dict[str, Any]:
    """Return the findings about a signature as JSON, in words of both languages."""
    signer = findings.signer_certificate
    return {
        "holds": findings.holds,
        "signed": findings.signer_certificate is not None,
        "signed_by": signer.subject.rfc4514_string() if signer else "",
        "signing_time": iso_seconds(findings.signing_time) if findings.signing_time else "",
        **{question: _plain(getattr(findings, question)) for question in QUESTIONS},
    }


def _plain(finding: Finding) -> dict[str, Any]:
    words = finding.problem.what.to_json() if finding.problem else {}
    return {"outcome": finding.outcome, "code": finding.code, "what": words}


def _require_genuine(view: CertificateView, findings: SignatureFindings) -> None:
    problem = findings.integrity.problem or findings.revocation.problem
    failed = "failed" in (findings.integrity.outcome, findings.revocation.outcome)
    if failed and problem is not None and not isinstance(problem, NotSigned):
        raise CertificateNotGenuine(number=view.number, reason=problem.what)


def _require_same_thing(view: CertificateView, standard: StandardView) -> None:
    known = {i.number for item in view.items for i in item.identifications}
    if standard.serial_number not in known:
        found = ", ".join(item.serial_number or item.model for item in view.items) or "—"
        raise _tells(view, "serial", found=found, wanted=standard.serial_number)


def _values_of(view: CertificateView, standard: StandardView) -> tuple[TableView, QuantityView]:
    for table in view.results:
        for column in table.quantities:
            complete = column.expanded_uncertainties and all(column.expanded_uncertainties)
            if complete and column.coverage_factors and are_convertible(column.unit, standard.unit):
                return table, column
    raise _tells(view, "values", unit=standard.unit)


def _rows(table: TableView, column: QuantityView) -> tuple[dict[str, str], ...]:
    nominal = next((q for q in table.quantities if q.ref_type in NOMINAL and q is not column), column)
    rows = zip(
        nominal.quantity_values,
        column.quantity_values,
        column.expanded_uncertainties,
        column.coverage_factors,
        strict=True,
    )
    return tuple(
        {
            "nominal": point,
            "measured": measured,
            "expanded_uncertainty": spread,
            "coverage_factor": factor,
            "ref_type": column.ref_type,
            "unit": column.unit,
        }
        for point, measured, spread, factor in rows
    )


def _upward(view: CertificateView) -> CertificateReference | None:
    marked = [e for e in view.equipment if e.certificate is not None and e.ref_type == REFERENCE_EQUIPMENT]
    found = marked or [e for e in view.equipment if e.certificate is not None]
    if not found:
        return None
    _require_valid_above(view, found[0])
    return _reference(found[0].certificate)


def _require_valid_above(view: CertificateView, equipment: EquipmentView) -> None:
    above = equipment.certificate
    if above is not None and above.in_validity is False:
        raise _tells(view, "upward", found=above.number)


def _reference(seen: ReferenceView | None) -> CertificateReference | None:
    if seen is None:
        return None
    known = PROCEDURES.get(seen.procedure, "analogue")
    return CertificateReference(
        referral=seen.referral,
        number=seen.number,
        procedure=known,
        digest="" if known == "analogue" else seen.digest,
        in_validity=seen.in_validity is not False,
        linked=_reference(seen.linked),
    )


def _in_unit(text: str, source: str, target: str) -> str:
    """Return an uncertainty in another unit; its digits stay as they are where the two units are equally large."""
    if convert(1, source=source, target=target, difference=True) == 1:
        return text
    number = convert(read_decimal(text).number, source=source, target=target, difference=True)
    return plain_text(_UPWARDS.plus(number))


def _number(column: QuantityView, row: int) -> Any:
    return read_decimal(column.expanded_uncertainties[row]).number


def _date(view: CertificateView, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise _tells(view, "date", found=text) from None


def _tells(view: CertificateView, why: str, **facts: object) -> CertificateTells:
    return CertificateTells(number=view.number, reason=_REASONS[why].format(**facts))
