"""A template filled with content: what is drawn where, before it is known on what."""

from __future__ import annotations

from dataclasses import dataclass

from jialiang.formats.carriers.printed import PrintedSymbol, printed_symbol
from jialiang.formats.labels.contents import LabelContent, statuses
from jialiang.formats.labels.errors import BadLabelValue, SymbolTooFine
from jialiang.formats.labels.templates import ON_STATUS, STATUS_COLOUR, Element, LabelTemplate
from jialiang.kernel.text import storable

LEAST_MODULE_MM = 0.19  # three dots of a printer with 400 dpi
LEAST_BAR_MM = 0.19
_PAPER = "#ffffff"
_INK = "#000000"


@dataclass(frozen=True, slots=True)
class Drawn:
    """An element with its content. ``text`` is filled in; ``symbol`` is there for symbols; ``colour`` is a colour."""

    element: Element
    text: str = ""
    symbol: PrintedSymbol | None = None
    colour: str = _INK


@dataclass(frozen=True, slots=True)
class LaidLabel:
    """One label, ready to be drawn."""

    template: LabelTemplate
    drawn: tuple[Drawn, ...]


def lay_label(template: LabelTemplate, content: LabelContent, language: str) -> LaidLabel:
    """Fill a template in a language (``zh`` or ``en``). Words whose members are all empty are left out.

    Raises BadLabelValue for a symbol with nothing to carry, SymbolTooFine, SymbolTextUnsuitable, CodeRefused.
    """
    drawn = (_drawn(element, content, language) for element in template.elements)
    return LaidLabel(template, tuple(each for each in drawn if each is not None))


def _drawn(element: Element, content: LabelContent, language: str) -> Drawn | None:
    colour = _colour(element.colour, content)
    if element.kind == "logo":
        return Drawn(element)
    if element.kind == "band":
        return None if colour == _PAPER else Drawn(element, colour=colour)
    members = content.members()
    pattern = element.text.in_language(language)
    text = pattern.format_map(members).strip()
    says_something = bool(text) and _says_something(pattern, members)
    if element.kind == "words":
        return Drawn(element, text, colour=colour) if says_something else None
    if not says_something:
        raise BadLabelValue(member=_named_in(pattern, members) or "symbol", given="")
    symbol = printed_symbol(element.symbol, text)
    _require_readable(symbol, element)
    return Drawn(element, text, symbol)


def _says_something(pattern: str, members: dict[str, str]) -> bool:
    """Tell whether a pattern with members has any of them filled: ``No. {serial}`` without a serial says nothing."""
    named = _named_in(pattern, members).split()
    return not named or any(members[name] for name in named)


def _named_in(pattern: str, members: dict[str, str]) -> str:
    return " ".join(name for name in members if f"{{{name}}}" in pattern)


def _colour(colour: str, content: LabelContent) -> str:
    if colour not in (STATUS_COLOUR, ON_STATUS):
        return colour
    if not content.status:
        return _PAPER if colour == STATUS_COLOUR else _INK
    status = statuses()[content.status]
    return status.colour if colour == STATUS_COLOUR else status.on


def _require_readable(symbol: PrintedSymbol, element: Element) -> None:
    columns, rows = len(symbol.modules[0]), len(symbol.modules)
    module = element.width / columns
    least = LEAST_BAR_MM
    if not symbol.is_linear:
        module, least = min(module, element.height / rows), LEAST_MODULE_MM
    if module < least:
        raise SymbolTooFine(text=storable(symbol.text, 60), module=f"{module:.2f}", least=f"{least:.2f}")
