"""Labels for printers that speak ZPL II: as graphics, which looks like the PDF, or as commands, which is short.

Graphics (``^GFA``) carry anything, Chinese too. Commands use the printer's own letters and symbols (``^A``, ``^BQ``,
``^BX``, ``^BC``) in UTF-8 (``^CI28``); Chinese needs a font that is installed in the printer. Colours become black, and
the words on a coloured band white.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from jialiang.formats.carriers.code_128 import runs_of
from jialiang.formats.carriers.printed import PrintedSymbol
from jialiang.formats.codes.element_strings import GS, parse_element_string, scanned
from jialiang.formats.labels.errors import NeedsGraphics
from jialiang.formats.labels.laying import Drawn, LaidLabel
from jialiang.formats.labels.pages import require_some
from jialiang.formats.labels.raster import dots_of_png
from jialiang.kernel.text import storable

DOTS_PER_MM = {203: 8.0, 300: 11.8110236, 600: 23.6220472}
_MM_PER_POINT = 25.4 / 72
_ESCAPED = {ord(letter): f"\\{ord(letter):02X}" for letter in "^~\\"}


def zpl_of_pictures(pictures: Sequence[bytes]) -> bytes:
    """Return ZPL that prints each PNG as one label."""
    return "".join(_graphic(png) for png in pictures).encode("ascii")


def zpl_of_labels(labels: Sequence[LaidLabel], dots_per_inch: int, chinese_font: str = "") -> bytes:
    """Return ZPL of commands for a printer of 203, 300 or 600 dpi.

    ``chinese_font`` names a font of the printer, such as ``E:SIMSUN.TTF``. Raises NeedsGraphics for Chinese without it
    and for logos, NothingToPrint.
    """
    require_some(labels)
    dots = DOTS_PER_MM[dots_per_inch]
    return "".join(_label(label, dots, chinese_font) for label in labels).encode()


def _graphic(png: bytes) -> str:
    dots = dots_of_png(png)
    height, width = dots.shape
    packed = np.packbits(dots, axis=1)
    row_bytes = packed.shape[1]
    total = row_bytes * height
    field = f"^FO0,0^GFA,{total},{total},{row_bytes},{packed.tobytes().hex().upper()}^FS"
    return f"^XA^PW{width}^LL{height}^LH0,0{field}^XZ\n"


def _label(label: LaidLabel, dots: float, chinese_font: str) -> str:
    size = f"^PW{round(label.template.width * dots)}^LL{round(label.template.height * dots)}"
    fields = "".join(_field(drawn, label, dots, chinese_font) for drawn in label.drawn)
    return f"^XA^CI28{size}^LH0,0{fields}^XZ\n"


def _field(drawn: Drawn, label: LaidLabel, dots: float, chinese_font: str) -> str:
    element = drawn.element
    begin = f"^FO{round(element.x * dots)},{round(element.y * dots)}"
    if element.kind == "band":
        width, height = round(element.width * dots), round(element.height * dots)
        return f"{begin}^GB{width},{height},{min(width, height)},B,0^FS"
    if element.kind == "logo":
        raise NeedsGraphics(text="logo")
    if drawn.symbol is not None:
        return begin + _symbol(drawn, dots)
    return begin + _words(drawn, label, dots, chinese_font)


def _words(drawn: Drawn, label: LaidLabel, dots: float, chinese_font: str) -> str:
    element = drawn.element
    height = round(min(element.size * _MM_PER_POINT, element.height) * dots)
    if drawn.text.isascii():
        font = f"^A0N,{height},{height}"
    elif chinese_font:
        font = f"^A@N,{height},{height},{chinese_font}"
    else:
        raise NeedsGraphics(text=storable(drawn.text, 60))
    place = {"left": "L", "center": "C", "right": "R"}[element.align]
    block = f"^FB{round(element.width * dots)},1,0,{place}"
    reverse = "^FR" if _lies_on_a_band(drawn, label) else ""
    return f"{font}{block}{reverse}^FH\\^FD{_data(drawn.text)}^FS"


def _lies_on_a_band(drawn: Drawn, label: LaidLabel) -> bool:
    place = drawn.element
    return any(
        band.element.kind == "band"
        and band.element.x <= place.x
        and band.element.y <= place.y
        and place.x + place.width <= band.element.x + band.element.width
        and place.y + place.height <= band.element.y + band.element.height
        for band in label.drawn
    )


def _symbol(drawn: Drawn, dots: float) -> str:
    """Return the command of a symbol, its modules as wide as its place lets them be in whole dots."""
    element, symbol = drawn.element, drawn.symbol
    if symbol is None:
        raise ValueError("no symbol")
    columns, rows = len(symbol.modules[0]), len(symbol.modules)
    room = element.width if symbol.is_linear else min(element.width, element.height)
    module = max(int(room * dots / max(columns, rows)), 1)
    text = _data(drawn.text)
    if symbol.kind == "qr":
        return f"^BQN,2,{min(module, 10)}^FH\\^FDMA,{text}^FS"
    if symbol.is_linear:
        height = round(element.height * dots)
        return f"^BY{module}^BCN,{height},N,N,N,N^FH\\^FD{_data(_code_128(symbol))}^FS"
    gs1 = symbol.kind == "gs1_data_matrix"
    carried = scanned(parse_element_string(symbol.text)) if gs1 else symbol.text
    escaped = ("_1" if gs1 else "") + carried.replace("_", "__").replace(GS, "_1")
    return f"^BXN,{module},200,0,0,6,_,1^FH\\^FD{_data(escaped)}^FS"


def _code_128(symbol: PrintedSymbol) -> str:
    """Return data that say which set writes what, so that every printer draws the very symbol that we drew."""
    gs1 = symbol.kind == "gs1_128"
    carried = scanned(parse_element_string(symbol.text)) if gs1 else symbol.text
    data = ""
    for letter, run in runs_of(carried):
        data += (
            {"C": ">5", "B": ">6"}[letter] if data else {"C": ">;", "B": ">:"}[letter] + (">8" if gs1 else "")
        )
        data += run if letter == "C" else run.replace(">", ">0").replace(GS, ">8")
    return data


def _data(text: str) -> str:
    """Write what commands begin with as hexadecimal."""
    return text.translate(_ESCAPED)
