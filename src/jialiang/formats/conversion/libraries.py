"""Libraries that only some notations need: looked for when they are used, and named where they are missing."""

from __future__ import annotations

import importlib
from types import ModuleType

from jialiang.formats.conversion.errors import LibraryMissing

EXTRAS = {"cbor2": "binary", "msgpack": "binary", "openpyxl": "tables", "pyarrow": "tables",
          "pyarrow.parquet": "tables", "pandas": "tables", "typst": "pdf",
          "jialiang.formats.pdf.reading_rendering": "pdf"}  # fmt: skip


def library(name: str) -> ModuleType:
    """Return an installed library; raises LibraryMissing, which names the extra that brings it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise LibraryMissing(library=name, extra=EXTRAS[name]) from None
