"""The statements that every certificate of this house carries beside those of its content."""

from __future__ import annotations

from collections.abc import Iterator

from jialiang.formats.content import CertificateContent, Statement
from jialiang.formats.dcc import profile
from jialiang.formats.dcc.profile import REJECTED, words


def certificate_title(content: CertificateContent) -> str:
    """Return the key of the certificate's title in the profile's words.

    A legal verification that is not accepted is no certificate but a 检定结果通知书.
    """
    rejected = any(s.conformity in REJECTED for s in content.statements)
    if content.kind == "legal_verification" and rejected:
        return "kind.legal_verification.fail"
    return f"kind.{content.kind}"


def profile_statements(content: CertificateContent) -> Iterator[Statement]:
    """Yield kind, place, conclusion, amendment, due date, trust and the notice of fiction, those that apply."""
    title = words(certificate_title(content))
    yield Statement(profile.KIND, words(profile.KIND), title, reference=content.kind)
    if content.performance_address:
        place = content.performance_address
        yield Statement(profile.PLACE, words(profile.PLACE), place, reference=content.time_zone)
    if content.conclusion:
        yield Statement(profile.CONCLUSION, words(profile.CONCLUSION), content.conclusion)
    if content.amendment_reason or content.supersedes_identifier:
        reason, replaced = content.amendment_reason, content.supersedes_identifier
        yield Statement(profile.AMENDMENT, words(profile.AMENDMENT), reason, reference=replaced)
    yield from _due_date(content)
    if content.trust.authority_fingerprint:
        yield _trust(content)
    if content.institute.fictional or content.customer.fictional:
        yield Statement(profile.FICTIONAL, words(profile.FICTIONAL), words("fictional.declaration"))


def _due_date(content: CertificateContent) -> Iterator[Statement]:
    # ISO/IEC 17025, 7.8.4.3: a recalibration date only where it was agreed; the content has one only then.
    already = any(s.ref_type == profile.RECALIBRATION and s.date for s in content.statements)
    if content.due_date and not already and content.kind != "type_evaluation":
        said = words(f"recalibration.{content.kind}")
        yield Statement(profile.RECALIBRATION, said, said, date=content.due_date)


def _trust(content: CertificateContent) -> Statement:
    trust = content.trust
    declaration = words("trust.declaration").format(
        signer=trust.signer,
        authority=trust.authority,
        fingerprint=trust.authority_fingerprint,
        domain=trust.domain,
    )
    return Statement(profile.TRUST, words(profile.TRUST), declaration)
