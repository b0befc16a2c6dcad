"""What may go wrong with pages: the words stand in ``kernel/error_texts/pdf.json``."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, JialiangError, Unavailable, Unreadable


class CharacterUnprintable(InvalidInput):
    """The content has a character that no font of the certificate can draw; ``character``, ``code_point``."""

    code = "JL-PDF-001"


class FontsMissing(Unavailable):
    """The fonts that certificates are set in are not there; ``missing`` names them."""

    code = "JL-PDF-002"


class TypesettingFailed(JialiangError):
    """The typesetter refused the pages; ``reason`` is its own message."""

    code = "JL-PDF-003"


class PdfUnreadable(Unreadable):
    """The bytes are no PDF that can be read; ``place`` says where reading stopped, ``reason`` why."""

    code = "JL-PDF-005"


class PdfTooLarge(InvalidInput):
    """A file, or what is embedded in it, exceeds a limit; ``thing``, ``size`` and ``limit`` in bytes or pieces."""

    code = "JL-PDF-006"


class PdfEncrypted(InvalidInput):
    """The PDF is encrypted, so it cannot be a certificate."""

    code = "JL-PDF-007"


class TooManyCells(InvalidInput):
    """The tables of a certificate have more cells than are set on pages; ``cells``, ``limit``."""

    code = "JL-PDF-009"
    http_status = 413


class ContentUnsuitable(InvalidInput):
    """A member of the content cannot be set on a page; ``member``, ``given``."""

    code = "JL-PDF-008"
