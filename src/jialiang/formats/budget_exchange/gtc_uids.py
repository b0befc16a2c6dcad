"""The identifiers of a GTC archive: ``(context, n)`` of a leaf, ``(context, n, 0)`` of a result, as texts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

VERSION = "https://measurement.govt.nz/gtc/json_1.5.0"


class Uids:
    """Numbers what one archive holds; the same document gives the same context, so its archive has the same bytes."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Take the document that the archive is made of."""
        text = json.dumps(document, sort_keys=True, ensure_ascii=False, default=str)
        self._context = int.from_bytes(hashlib.sha256(text.encode()).digest()[:16])
        self._leaves = self._results = 0

    def leaf(self) -> str:
        """Return the identifier of the next input."""
        self._leaves += 1
        return f"({self._context}, {self._leaves})"

    def result(self) -> str:
        """Return the identifier of the next result."""
        self._results += 1
        return f"({self._context}, {self._results}, 0)"
