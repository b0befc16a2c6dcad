"""What can be wrong with a budget in another notation; words in ``error_texts/bex.json``.

InvalidInput
├── Unreadable
│   └── ArchiveNotReadable
├── NotSayableInArchive, SheetNotUsable
├── NotOneQuantity, WithoutUncertainty
└── NotSayableInCertificate, NoBudgetAttached
"""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, Unreadable


class ArchiveNotReadable(Unreadable):
    """The file is no archive of GTC that we know; facts: ``member``, ``reason``."""

    code = "JL-BEX-001"


class NotSayableInArchive(InvalidInput):
    """GTC has no such thing; facts: ``what``."""

    code = "JL-BEX-002"


class SheetNotUsable(InvalidInput):
    """A cell or a sheet of a workbook cannot be taken; facts: ``place``, ``reason``."""

    code = "JL-BEX-003"


class NotOneQuantity(InvalidInput):
    """A reference leads to no value of the certificate, or to several; facts: ``reference``, ``count``, ``known``."""

    code = "JL-BEX-004"


class WithoutUncertainty(InvalidInput):
    """The quantity of a certificate states neither u nor U and k; facts: ``reference``."""

    code = "JL-BEX-005"


class NotSayableInCertificate(InvalidInput):
    """The unit of an output has no spelling in the D-SI; facts: ``name``, ``unit``."""

    code = "JL-BEX-006"


class NoBudgetAttached(InvalidInput):
    """A certificate carries no budget document that can be read, or several; facts: ``count``."""

    code = "JL-BEX-007"
