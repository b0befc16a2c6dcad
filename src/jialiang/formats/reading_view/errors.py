"""What may be wrong with a certificate that people want to read."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput


class ReadingTooLarge(InvalidInput):
    """The certificate has more numbers than anybody reads; ``numbers``, ``limit``."""

    code = "JL-VIEW-001"
    http_status = 413
