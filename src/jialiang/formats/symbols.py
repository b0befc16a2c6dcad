"""Symbols that a camera reads: QR (ISO/IEC 18004) by segno, DataMatrix ECC 200 (ISO/IEC 16022) by ppf.

The text is the check address of a certificate or its identifier. SVGs are one path without outside references,
PNGs are one bit deep; both carry the quiet zone that a reader needs, on white.
"""

from __future__ import annotations

import struct
import zlib

import segno
from ppf.datamatrix import DataMatrix

from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import storable

QR_QUIET_ZONE = 4
DATA_MATRIX_QUIET_ZONE = 2
DATA_MATRIX_CAPACITY = 1555  # bytes that the largest square symbol holds

Modules = list[list[int]]


class SymbolTextUnsuitable(InvalidInput):
    """The text is empty, too long or has characters that the symbol cannot hold."""

    code = "JL-PDF-004"


def qr_svg(text: str) -> str:
    """Draw ``text`` as a QR symbol: level M at least (15 % may be dirty), quiet zone of 4 modules."""
    return _svg(_qr(text))


def qr_png(text: str, scale: int = 8) -> bytes:
    """Draw ``text`` as a QR symbol of ``scale`` pixels a module."""
    return _png(_qr(text), scale)


def data_matrix_svg(text: str) -> str:
    """Draw ASCII ``text`` as a square DataMatrix symbol, ECC 200, quiet zone of 2 modules."""
    return _svg(_data_matrix(text))


def data_matrix_png(text: str, scale: int = 8) -> bytes:
    """Draw ASCII ``text`` as a square DataMatrix symbol of ``scale`` pixels a module."""
    return _png(_data_matrix(text), scale)


def _qr(text: str) -> Modules:
    if not text:
        raise SymbolTextUnsuitable(symbol="QR", text=text)
    try:
        symbol = segno.make_qr(text, error="m", boost_error=True)
    except (segno.DataOverflowError, UnicodeEncodeError) as problem:
        raise SymbolTextUnsuitable(symbol="QR", text=_shortened(text)) from problem
    return [[int(module) for module in row] for row in symbol.matrix_iter(border=QR_QUIET_ZONE)]


def _data_matrix(text: str) -> Modules:
    """Return the modules with their quiet zone; 1 is dark."""
    if not text or not text.isascii() or not text.isprintable() or len(text) > DATA_MATRIX_CAPACITY:
        raise SymbolTextUnsuitable(symbol="DataMatrix", text=_shortened(text))
    margin = [0] * DATA_MATRIX_QUIET_ZONE
    rows = [margin + [int(module) for module in row] + margin for row in DataMatrix(text).matrix]
    blank = [[0] * len(rows[0])] * DATA_MATRIX_QUIET_ZONE
    return blank + rows + blank


def _svg(modules: Modules) -> str:
    size = len(modules)
    path = "".join(_runs(row, y) for y, row in enumerate(modules))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def _runs(row: list[int], y: int) -> str:
    """Write the dark runs of a row as a path, so that no hairline shows between neighbours."""
    starts = [x for x, module in enumerate(row) if module and (x == 0 or not row[x - 1])]
    return "".join(f"M{x} {y}h{_run_length(row, x)}v1H{x}z" for x in starts)


def _run_length(row: list[int], start: int) -> int:
    return next((x for x in range(start, len(row)) if not row[x]), len(row)) - start


def _png(modules: Modules, scale: int) -> bytes:
    """Write a one-bit grey PNG (W3C PNG, colour type 0), each module ``scale`` pixels wide."""
    side = len(modules) * scale
    lines = (_packed(row, scale) * scale for row in modules)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _packed(row: list[int], scale: int) -> bytes:
    bits = "".join(("0" if module else "1") * scale for module in row)
    bits += "1" * (-len(bits) % 8)
    return b"\0" + int(bits, 2).to_bytes(len(bits) // 8)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _shortened(text: str) -> str:
    return storable(text if len(text) <= 60 else f"{text[:57]}…", 60)
