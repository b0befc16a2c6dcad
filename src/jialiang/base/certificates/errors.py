"""What can stop the issuing or changing of a certificate."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound


class CertificateUnknown(NotFound):
    """There is no such certificate here."""

    code = "JL-CER-001"


class WrongCertificateState(Conflict):
    """The certificate is in a state in which this is not possible."""

    code = "JL-CER-002"


class ContentChanged(Conflict):
    """What would be issued is not what the signatory saw."""

    code = "JL-CER-003"


class ReasonRequired(InvalidInput):
    """A certificate is not voided, amended or withdrawn without a reason."""

    code = "JL-CER-004"


class AlreadyIssued(Conflict):
    """The record has its certificate already."""

    code = "JL-CER-005"


class AmendmentOpen(Conflict):
    """An amending record of this certificate is already under way."""

    code = "JL-CER-006"


class FileNotIssued(NotFound):
    """The certificate has no such file (yet)."""

    code = "JL-CER-007"


class FileDiffers(Conflict):
    """A file made again differs from the one that was registered: issuing stops."""

    code = "JL-CER-008"


class NotRenderable(Conflict):
    """There is no renderer for the pages of a certificate on this installation."""

    code = "JL-CER-009"


class InstituteIncomplete(Conflict):
    """The institute lacks something that its certificates need."""

    code = "JL-CER-010"


class ReasonRefused(InvalidInput):
    """A reason cannot be stored as it was given; facts: ``number``, ``action``, ``reason``."""

    code = "JL-CER-012"


class FakeReportEmpty(InvalidInput):
    """A report of a fake names neither a number nor what was seen."""

    code = "JL-CER-011"


class ConformityAttested(Conflict):
    """The certificate has its certificate of conformity already; facts: ``number``, ``digest``."""

    code = "JL-CER-013"


class AttestationExpired(Conflict):
    """The certificate has passed its date, so no conformity is attested by it any more; facts: ``number``, ``day``."""

    code = "JL-CER-014"


class AttestationRefused(InvalidInput):
    """What was given for the attestation breaks a rule of its documents; facts: ``number``, ``rule``, ``reason``."""

    code = "JL-CER-015"
