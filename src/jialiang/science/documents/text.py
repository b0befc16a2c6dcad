"""A budget document from its bytes, within limits."""

from __future__ import annotations

import json
from typing import Any

from jialiang.science.documents.errors import DocumentNotJson, DocumentTooLarge

LARGEST = 16 << 20


def document_from_bytes(data: bytes) -> Any:
    """Read JSON in UTF-8. Raises DocumentTooLarge, DocumentNotJson."""
    if len(data) > LARGEST:
        raise DocumentTooLarge(limit=LARGEST)
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise DocumentNotJson(reason=str(problem)[:200]) from problem
