"""Why a file cannot be checked at all."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, Unreadable


class NotReadable(Unreadable):
    """Neither the file nor an identifier in it can be read; facts: reason (Text)."""

    code = "JL-CHK-001"


class NoCertificateInPdf(InvalidInput):
    """The PDF carries no certificate as XML."""

    code = "JL-CHK-002"


class SeveralCertificatesInPdf(InvalidInput):
    """The PDF carries more than one certificate; facts: count."""

    code = "JL-CHK-003"


class PdfNotSupported(InvalidInput):
    """PDFs cannot be opened here, because what opens them is not installed."""

    code = "JL-CHK-004"


class RootUnreadable(InvalidInput):
    """What was handed in as a root to trust holds no certificate in PEM; facts: file."""

    code = "JL-CHK-005"
