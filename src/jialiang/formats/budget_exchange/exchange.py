"""Any notation of a budget in, any out: JSON (our own), XLSX, the archive of GTC, and the result of a DCC."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from jialiang.formats.budget_exchange.certificate_part import attached_budget, certificate_part
from jialiang.formats.budget_exchange.gtc_reading import is_archive, read_archive
from jialiang.formats.budget_exchange.gtc_writing import write_archive
from jialiang.formats.budget_exchange.notations import Notation
from jialiang.formats.budget_exchange.workbook_reading import MAGIC, read_workbook
from jialiang.formats.budget_exchange.workbook_writing import write_workbook
from jialiang.science.documents.errors import DocumentTooLarge
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document
from jialiang.science.documents.text import LARGEST, document_from_bytes
from jialiang.science.expression.limits import LIMITS, Limits

_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"


def read_budget(data: bytes, notation: Notation | None = None) -> Any:
    """Return the document of a file; its notation is told from the bytes unless given.

    Raises DocumentTooLarge, DocumentNotJson, ArchiveNotReadable, SheetNotUsable, WorkbookNotReadable, LibraryMissing,
    NoBudgetAttached.
    """
    if len(data) > LARGEST:
        raise DocumentTooLarge(limit=LARGEST)
    if notation == "xlsx" or (notation is None and data.startswith(MAGIC)):
        return read_workbook(data)
    if notation == "dcc" or (notation is None and data.lstrip(_BEFORE_XML).startswith(b"<")):
        return attached_budget(data)
    if notation == "gtc":
        return read_archive(data)
    document = document_from_bytes(data)
    return read_archive(data) if notation is None and is_archive(document) else document


def write_budget(document: Any, notation: Notation, limits: Limits = LIMITS) -> bytes:
    """Return a document in a notation; all but JSON and XLSX need it evaluated, within the limits."""
    writers: dict[Notation, Callable[[], bytes]] = {
        "json": lambda: json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n",
        "xlsx": lambda: write_workbook(document),
        "gtc": lambda: write_archive(document, limits),
        "dcc": lambda: certificate_part(document, evaluate_document(read_document(document, limits))),
    }
    return writers[notation]()
