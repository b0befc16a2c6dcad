"""The rows of a certificate as CSV that spreadsheet programs open safely."""

from __future__ import annotations

import csv
import io
import re

from jialiang.formats.conversion.encodings import Encoded, encode_text
from jialiang.formats.conversion.rows import COLUMNS, rows
from jialiang.formats.dcc.certificate import Certificate

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_FORMULA_SIGNS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"


def csv_of(certificate: Certificate, language: str = "en", encoding: str = "utf-8") -> Encoded:
    """Write the rows of a certificate as CSV (RFC 4180) in an encoding; see :mod:`formats.conversion.rows`.

    Raises UnknownEncoding.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows(certificate, language):
        writer.writerow({column: harmless(cell) for column, cell in row.items()})
    return encode_text(text.getvalue(), encoding)


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula; numbers stay as they are."""
    if cell[:1] and cell[0] in _FORMULA_SIGNS and _NUMBER.fullmatch(cell) is None:
        return f"'{cell}"
    return cell
