"""Reads of certificates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from jialiang.base.certificates.errors import CertificateUnknown, FileNotIssued
from jialiang.base.certificates.models import Certificate, CertificateFile, FakeReport, StatusChange
from jialiang.formats.handle.names import name_digest
from jialiang.formats.public_keys import normalized_number
from jialiang.security.tenancy.scope import everywhere
from jialiang.vocabulary.statuses import CertificateState

_WHOLE = ("customer", "instrument", "identifier", "calibration__item__commission", "supersedes")
_PUBLIC_REASON = "anyone may check a certificate; the institute that issued it is not known beforehand"


def certificate(certificate_id: UUID) -> Certificate:
    """Return a certificate with customer, instrument, identifier and record: one query by primary key."""
    found = Certificate.objects.select_related(*_WHOLE).filter(pk=certificate_id).first()
    if found is None:
        raise CertificateUnknown(certificate=certificate_id)
    return found


def certificate_by_number(number: str) -> Certificate:
    """Return a certificate by its number: one query by the unique index (tenant, number)."""
    found = Certificate.objects.select_related(*_WHOLE).filter(number=number).first()
    if found is None:
        raise CertificateUnknown(certificate=number)
    return found


def certificates(
    *, state: str = "", customer_id: UUID | None = None, search: str = ""
) -> QuerySet[Certificate]:
    """Return certificates, newest first: one query, index (tenant, state); slice it for a page."""
    found = Certificate.objects.select_related(*_WHOLE)
    if state:
        found = found.filter(state=state)
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    if search:
        by_text = Q(number__icontains=search) | Q(instrument__serial_number__icontains=search)
        by_customer = Q(customer__name_zh__icontains=search) | Q(customer__name_en__icontains=search)
        found = found.filter(by_text | by_customer)
    return found.order_by("-numbered_at", "-id")


def certificate_of_record(calibration_id: UUID) -> Certificate | None:
    """Return the certificate of a record that is not void, None before approval: one query by the foreign key."""
    found = Certificate.objects.select_related(*_WHOLE).filter(calibration_id=calibration_id)
    return found.exclude(state=CertificateState.VOID).first()


def certificates_of_records(calibration_ids: Iterable[UUID]) -> list[Certificate]:
    """Return the certificates of records that are not void, in the order of their numbers: one query."""
    found = Certificate.objects.select_related(*_WHOLE).filter(calibration_id__in=calibration_ids)
    return list(found.exclude(state=CertificateState.VOID).order_by("numbered_at", "id"))


def certificates_of_instrument(instrument_id: UUID) -> list[Certificate]:
    """Return the certificates of an instrument, newest first: one query by foreign key."""
    found = Certificate.objects.select_related("identifier").filter(instrument_id=instrument_id)
    return list(found.order_by("-issue_date", "-numbered_at"))


def certificates_with_records(instrument_ids: Iterable[UUID], *, most: int) -> list[Certificate]:
    """Return the latest certificates of instruments that hold, with their records, newest first: one query."""
    found = Certificate.objects.filter(
        instrument_id__in=list(instrument_ids),
        state__in=[CertificateState.IN_FORCE, CertificateState.ISSUING],
    )
    ordered = found.select_related("calibration").defer("content").order_by("-issue_date", "-numbered_at", "-id")
    return list(ordered[:most])


def successor_of(certificate_id: UUID) -> Certificate | None:
    """Return the finished certificate that supersedes this one: one query by the foreign key."""
    found = Certificate.objects.select_related("identifier").filter(supersedes_id=certificate_id)
    return found.exclude(state__in=[CertificateState.ISSUING, CertificateState.VOID]).first()


def files_of(certificate_id: UUID) -> list[CertificateFile]:
    """Return the files of a certificate, XML first: one query by foreign key."""
    order = {"xml": 0, "pdf_zh": 1, "pdf_en": 2, "dcoc": 3, "credential": 4}
    found = CertificateFile.objects.filter(certificate_id=certificate_id)
    return sorted(found, key=lambda file: order[file.kind])


def file_of(certificate_id: UUID, kind: str) -> CertificateFile:
    """Return one file (``xml``, ``pdf_zh``, ``pdf_en``, ``dcoc``, ``credential``). Raises FileNotIssued."""
    found = CertificateFile.objects.select_related("certificate").filter(certificate_id=certificate_id, kind=kind)
    file = found.first()
    if file is None:
        raise FileNotIssued(number=certificate(certificate_id).number, kind=kind)
    return file


def status_changes(certificate_id: UUID) -> list[StatusChange]:
    """Return the changes of a certificate's status, oldest first: one query by foreign key."""
    return list(StatusChange.objects.filter(certificate_id=certificate_id))


def stuck_certificates(before: datetime) -> list[Certificate]:
    """Return certificates in issue that were numbered before a moment: one query, index (tenant, state)."""
    found = Certificate.objects.filter(state=CertificateState.ISSUING, numbered_at__lt=before)
    return list(found.order_by("numbered_at"))


def fake_reports(state: str = "open") -> QuerySet[FakeReport]:
    """Return reports of fakes in a state, newest first: one query; slice it for a page."""
    return FakeReport.objects.select_related("certificate").filter(state=state).order_by("-reported_at", "-id")


def public_certificate(
    *, sha256: str = "", identifier: str = "", number: str = ""
) -> Certificate | None:
    """Find the certificate that a stranger's file or paper claims to be, in whichever institute.

    The first given of: digest of an issued file, identifier ``prefix/suffix``, number; one query by its index.
    Numbers may read alike in two institutes: such a number finds nothing, its identifier does. Certificates that
    are not out yet are not found. Only here, and in the two functions below, a public question looks across
    institutes.
    """
    with everywhere(_PUBLIC_REASON):
        found = list(_public_match(sha256, identifier, number).select_related(*_WHOLE)[:2])
    return found[0] if len(found) == 1 else None


def public_certificates_numbered(number: str) -> list[Certificate]:
    """Return the certificates of all institutes that bear a number; whoever asks must know the check code as well."""
    with everywhere(_PUBLIC_REASON):
        return list(_public_match("", "", number).select_related(*_WHOLE))


def issued_file(sha256: str) -> CertificateFile | None:
    """Return the issued file with these very bytes, in whichever institute: one query by the index of sha256."""
    with everywhere(_PUBLIC_REASON):
        found = CertificateFile.objects.select_related("certificate").filter(sha256=sha256)
        return found.exclude(certificate__published_at__isnull=True).first()


def number_issued(since: datetime, until: datetime) -> int:
    """Return how many came into force from ``since`` up to, not with, ``until``, in all institutes: one query."""
    with everywhere("the node tells of all its institutes together"):
        return StatusChange.objects.filter(to_state=CertificateState.IN_FORCE, at__gte=since, at__lt=until).count()


def _public_match(sha256: str, identifier: str, number: str) -> QuerySet[Certificate]:
    published = Certificate.objects.filter(published_at__isnull=False)
    if sha256:
        return published.filter(files__sha256=sha256)
    if "/" in identifier:
        return published.filter(identifier__digest=name_digest(identifier.strip()))
    return published.filter(number=normalized_number(number)) if number else published.none()
