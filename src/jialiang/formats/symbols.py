"""Symbols that a camera reads: QR (ISO/IEC 18004) by segno, DataMatrix ECC 200 (ISO/IEC 16022) by ppf.

The text is the check address of a certificate or its identifier. SVGs are one path without outside references,
PNGs are one bit deep; both carry the quiet zone that a reader needs, on white. A symbol is a list of rows of modules, 1
is dark; a linear one has one row.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Sequence

import segno
from ppf.datamatrix import DataMatrix

from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import storable

QR_QUIET_ZONE = 4
DATA_MATRIX_QUIET_ZONE = 2
GS = "\x1d"
_FNC1 = 232
DATA_MATRIX_CAPACITY = 1555  # bytes that the largest square symbol holds

Modules = list[list[int]]


class SymbolTextUnsuitable(InvalidInput):
    """The text is empty, too long or has characters that the symbol cannot hold."""

    code = "JL-PDF-004"


def qr_svg(text: str) -> str:
    """Draw ``text`` as a QR symbol: level M at least (15 % may be dirty), quiet zone of 4 modules."""
    return symbol_svg(qr_modules(text))


def qr_png(text: str, scale: int = 8) -> bytes:
    """Draw ``text`` as a QR symbol of ``scale`` pixels a module."""
    return symbol_png(qr_modules(text), scale)


def data_matrix_svg(text: str) -> str:
    """Draw ASCII ``text`` as a square DataMatrix symbol, ECC 200, quiet zone of 2 modules."""
    return symbol_svg(data_matrix_modules(text))


def data_matrix_png(text: str, scale: int = 8) -> bytes:
    """Draw ASCII ``text`` as a square DataMatrix symbol of ``scale`` pixels a module."""
    return symbol_png(data_matrix_modules(text), scale)


def qr_modules(text: str) -> Modules:
    """Return the modules of a QR symbol with its quiet zone. Raises SymbolTextUnsuitable."""
    if not text:
        raise SymbolTextUnsuitable(symbol="QR", text=text)
    try:
        symbol = segno.make_qr(text, error="m", boost_error=True)
    except (segno.DataOverflowError, UnicodeEncodeError) as problem:
        raise SymbolTextUnsuitable(symbol="QR", text=_shortened(text)) from problem
    return [[int(module) for module in row] for row in symbol.matrix_iter(border=QR_QUIET_ZONE)]


def data_matrix_modules(text: str) -> Modules:
    """Return the modules of a DataMatrix symbol of ASCII text with its quiet zone. Raises SymbolTextUnsuitable."""
    if not text or not text.isascii() or not text.isprintable() or len(text) > DATA_MATRIX_CAPACITY:
        raise SymbolTextUnsuitable(symbol="DataMatrix", text=_shortened(text))
    return _with_quiet_zone(DataMatrix(text).matrix)


def gs1_data_matrix_modules(scanned: str) -> Modules:
    """Return the modules of a GS1 DataMatrix: FNC1 first, and FNC1 for every GS. Raises SymbolTextUnsuitable."""
    plain = scanned.replace(GS, "")
    if not plain or not plain.isascii() or not plain.isprintable() or len(plain) > DATA_MATRIX_CAPACITY // 2:
        raise SymbolTextUnsuitable(symbol="GS1 DataMatrix", text=_shortened(plain))
    return _with_quiet_zone(DataMatrix(_Codewords(scanned), codecs=["ascii"]).matrix)


class _Codewords(str):
    """A message that brings its own codewords: the library asks every message to encode itself."""

    def encode(self, encoding: str = "", errors: str = "") -> bytes:
        """Return FNC1 and the ASCII encodation: two digits in one codeword, GS as FNC1 (ISO/IEC 16022)."""
        found = re.findall(r"[0-9]{2}|.", self, re.ASCII | re.DOTALL)
        return bytes([_FNC1, *(_codeword(piece) for piece in found)])


def _codeword(piece: str) -> int:
    if piece == GS:
        return _FNC1
    return 130 + int(piece) if len(piece) == 2 else ord(piece) + 1


def _with_quiet_zone(matrix: Sequence[Sequence[object]]) -> Modules:
    margin = [0] * DATA_MATRIX_QUIET_ZONE
    rows = [margin + [1 if module else 0 for module in row] + margin for row in matrix]
    blank = [[0] * len(rows[0])] * DATA_MATRIX_QUIET_ZONE
    return blank + rows + blank


def symbol_svg(modules: Modules) -> str:
    """Draw modules as an SVG whose unit is a module; the height of a linear symbol is the caller's to stretch."""
    width, height = len(modules[0]), len(modules)
    path = "".join(_runs(row, y) for y, row in enumerate(modules))
    stretched = ' preserveAspectRatio="none"' if height == 1 else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"{stretched}>'
        f'<path fill="#fff" d="M0 0h{width}v{height}H0z"/><path d="{path}"/></svg>'
    )


def _runs(row: list[int], y: int) -> str:
    """Write the dark runs of a row as a path, so that no hairline shows between neighbours."""
    starts = [x for x, module in enumerate(row) if module and (x == 0 or not row[x - 1])]
    return "".join(f"M{x} {y}h{_run_length(row, x)}v1H{x}z" for x in starts)


def _run_length(row: list[int], start: int) -> int:
    return next((x for x in range(start, len(row)) if not row[x]), len(row)) - start


def symbol_png(modules: Modules, scale: int, height: int = 1) -> bytes:
    """Write a one-bit grey PNG (W3C PNG, colour type 0): modules ``scale`` pixels wide and ``height`` times as high."""
    lines = (_packed(row, scale) * scale * height for row in modules)
    size = len(modules[0]) * scale, len(modules) * scale * height
    header = struct.pack(">IIBBBBB", *size, 1, 0, 0, 0, 0)
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
