"""Printed symbols by the name of their kind: what a label or a page puts on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jialiang.formats.carriers.code_128 import code_128_modules, gs1_128_modules
from jialiang.formats.codes.element_strings import parse_element_string, printed, scanned
from jialiang.formats.symbols import (
    Modules,
    SymbolTextUnsuitable,
    data_matrix_modules,
    gs1_data_matrix_modules,
    qr_modules,
    symbol_png,
    symbol_svg,
)

LINEAR_HEIGHT = 40  # modules that the bars of a linear symbol are high in a picture


@dataclass(frozen=True, slots=True)
class PrintedSymbol:
    """A symbol: its kind, what a reader gives back, and its modules with their quiet zone."""

    kind: str
    text: str
    modules: Modules

    @property
    def is_linear(self) -> bool:
        """Whether it is one row of bars."""
        return len(self.modules) == 1

    def svg(self) -> str:
        """Draw it as SVG; a linear one fills any height."""
        return symbol_svg(self.modules)

    def png(self, scale: int = 8) -> bytes:
        """Draw it as PNG of ``scale`` pixels a module."""
        return symbol_png(self.modules, scale, LINEAR_HEIGHT if self.is_linear else 1)


def printed_symbol(kind: str, text: str) -> PrintedSymbol:
    """Return the symbol of a kind. ``text`` of the GS1 kinds is an element string, printed or scanned.

    Raises SymbolTextUnsuitable, CodeRefused.
    """
    if kind not in _MAKERS:
        raise SymbolTextUnsuitable(symbol=kind[:40], text=text[:60])
    return _MAKERS[kind](kind, text)


def _plain(modules: Callable[[str], Modules]) -> Callable[[str, str], PrintedSymbol]:
    return lambda kind, text: PrintedSymbol(kind, text, modules(text))


def _gs1(modules: Callable[[str], Modules]) -> Callable[[str, str], PrintedSymbol]:
    def made(kind: str, text: str) -> PrintedSymbol:
        elements = parse_element_string(text)
        return PrintedSymbol(kind, printed(elements), modules(scanned(elements)))

    return made


_MAKERS: Mapping[str, Callable[[str, str], PrintedSymbol]] = {
    "qr": _plain(qr_modules),
    "data_matrix": _plain(data_matrix_modules),
    "code_128": _plain(code_128_modules),
    "gs1_data_matrix": _gs1(gs1_data_matrix_modules),
    "gs1_128": _gs1(gs1_128_modules),
}
SYMBOL_KINDS = tuple(_MAKERS)
