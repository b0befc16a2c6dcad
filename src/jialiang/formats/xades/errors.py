"""What can be wrong with a signature; the checker reports the second half as findings, not as exceptions."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, JialiangError


class AlreadySigned(Conflict):
    """The document carries a signature already."""

    code = "JL-SIG-001"


class UnfitKey(InvalidInput):
    """The signer's key is not on the curve P-256; facts: subject."""

    code = "JL-SIG-002"


class SigningFailed(JialiangError):
    """What the signer returned does not fit its certificate; facts: subject."""

    code = "JL-SIG-003"


class SignatureProblem(InvalidInput):
    """Why a signature does not hold: the root of all reasons that stand in findings."""


class NotSigned(SignatureProblem):
    """The document has no signature."""

    code = "JL-SIG-010"


class SeveralSignatures(SignatureProblem):
    """There is more than one signature; facts: count."""

    code = "JL-SIG-011"


class MisplacedSignature(SignatureProblem):
    """The signature is not the last child of the root; facts: line."""

    code = "JL-SIG-012"


class MalformedSignature(SignatureProblem):
    """The signature is not built as it should be; facts: line, part."""

    code = "JL-SIG-013"


class RefusedAlgorithm(SignatureProblem):
    """An algorithm is weak, symmetric or unknown; facts: line, algorithm."""

    code = "JL-SIG-014"


class RefusedReference(SignatureProblem):
    """The signature refers to something else than the whole document and itself; facts: line, uri."""

    code = "JL-SIG-015"


class DocumentChanged(SignatureProblem):
    """The content is not what was signed."""

    code = "JL-SIG-016"


class PropertiesChanged(SignatureProblem):
    """Signing time or signer certificate are not what was signed."""

    code = "JL-SIG-017"


class WrongSignatureValue(SignatureProblem):
    """The signature value does not fit the key of the embedded certificate."""

    code = "JL-SIG-018"


class CertificateExchanged(SignatureProblem):
    """An embedded certificate is not among those that were signed; facts: subject."""

    code = "JL-SIG-019"


class NoCertificate(SignatureProblem):
    """There is no readable certificate of the signer in the signature."""

    code = "JL-SIG-020"


class AmbiguousNamespaces(SignatureProblem):
    """Elements around the signature carry ``xml:`` attributes; facts: line."""

    code = "JL-SIG-021"


class SignerNotBound(SignatureProblem):
    """The signature does not itself say which certificate it is of."""

    code = "JL-SIG-022"


class NoTrustedRoot(SignatureProblem):
    """The signer's certificate leads to no trusted authority; facts: subject, issuer."""

    code = "JL-SIG-030"


class UnfitSignerCertificate(SignatureProblem):
    """The certificate may not be used to sign documents; facts: subject, part."""

    code = "JL-SIG-031"


class SigningTimeOutsideValidity(SignatureProblem):
    """The claimed time lies outside the validity of a certificate; facts: signing_time, subject, start, end."""

    code = "JL-SIG-040"


class SigningTimeInFuture(SignatureProblem):
    """The claimed time lies after the time of the check; facts: signing_time, at."""

    code = "JL-SIG-041"


class NoSigningTime(SignatureProblem):
    """The signature claims no time; facts: at."""

    code = "JL-SIG-042"


class SignerExpiredSince(SignatureProblem):
    """The signer's certificate ended after signing; only the claimed time speaks for it; facts: subject, end."""

    code = "JL-SIG-043"


class CertificateRevoked(SignatureProblem):
    """A certificate was revoked before signing, or its key is lost; facts: subject, revoked_at."""

    code = "JL-SIG-050"


class RevokedLater(SignatureProblem):
    """A certificate was revoked after the claimed time; facts: subject, revoked_at."""

    code = "JL-SIG-051"


class NoRevocationList(SignatureProblem):
    """No current revocation list of the issuer is at hand; facts: issuer."""

    code = "JL-SIG-052"
