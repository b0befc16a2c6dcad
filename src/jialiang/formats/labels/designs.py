"""Labels that people design: a size, a symbol, fields in an order, a logo, a band of the status; the places follow."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from jialiang.formats.carriers.printed import SYMBOL_KINDS
from jialiang.formats.labels.errors import DesignTooFull
from jialiang.formats.labels.templates import ON_STATUS, STATUS_COLOUR, Element, LabelTemplate
from jialiang.kernel.text import Text

Language = Literal["zh", "en", "both"]
CARRIED = {
    "qr": "{address}", "data_matrix": "{identifier}", "code_128": "{identifier}",
    "gs1_data_matrix": "{elements}", "gs1_128": "{elements}",
}  # fmt: skip
"""What each kind of symbol carries: a phone opens an address, a reader on a bench takes the bare identifier."""
FIELDS = {
    "name": (Text("{name_zh}", "{name_en}"), "{name_both}"),
    "model": (Text("型号 {model}", "Model {model}"), "型号 Model {model}"),
    "serial": (Text("编号 {serial}", "No. {serial}"), "编号 No. {serial}"),
    "identifier": (Text("{identifier}", "{identifier}"), "{identifier}"),
    "organization": (Text("{organization}", "{organization}"), "{organization}"),
    "certificate": (Text("证书 {certificate}", "Cert. {certificate}"), "证书 Cert. {certificate}"),
    "done": (Text("日期 {done}", "Done {done}"), "日期 Done {done}"),
    "due": (Text("有效期至 {due}", "Due {due}"), "有效期至 Due {due}"),
}
"""The fields by name: their words in one language, and in both."""
_LINEAR = ("code_128", "gs1_128")
_MM_PER_POINT = 25.4 / 72
_LINE = 1.3  # lines of letters, ascender to descender
_EDGE, _GAP = 1.5, 1.0
_BAND = (4.5, 11.0)  # mm
_LOGO = 10.0


@dataclass(frozen=True, slots=True)
class LabelDesign:
    """What somebody chose. ``width`` and ``height`` are millimetres, ``letters`` points; ``symbol`` may be empty.

    ``language`` both puts the two languages beside each other, whatever the label is asked in.
    """

    name: str
    title: Text
    width: float
    height: float
    symbol: str
    fields: tuple[str, ...]
    language: Language = "zh"
    letters: float = 7.0
    band: bool = False
    logo: bool = False


@dataclass(frozen=True, slots=True)
class _Room:
    """A free rectangle (mm)."""

    x: float
    y: float
    width: float
    height: float


def template_of_design(design: LabelDesign) -> LabelTemplate:
    """Return the template with every element at its place.

    The band lies across the top, a square symbol on the left, bars across the foot, the logo over the words; the words
    take lines of equal height. Raises DesignTooFull where the lines are lower than their letters.
    """
    elements, room = _banded(design)
    symbol, room = _symbol(design, room)
    logo, room = _logo(design, room)
    words = _lines(design, room)
    return LabelTemplate(
        design.name, design.title, design.width, design.height, (*elements, *symbol, *logo, *words)
    )


def _banded(design: LabelDesign) -> tuple[tuple[Element, ...], _Room]:
    inner = design.width - 2 * _EDGE
    if not design.band:
        return (), _Room(_EDGE, _EDGE, inner, design.height - 2 * _EDGE)
    height = min(max(design.height * 0.26, _BAND[0]), _BAND[1])
    words = _said(design.language, Text("{status_zh}", "{status_en}"), "{status_zh} {status_en}")
    size = min(height * 0.6 / _MM_PER_POINT, 72.0)
    band = Element("band", 0, 0, design.width, height, colour=STATUS_COLOUR)
    told = Element(
        "words",
        _EDGE,
        height * 0.1,
        inner,
        height * 0.8,
        words,
        size=size,
        bold=True,
        align="center",
        colour=ON_STATUS,
    )
    return (band, told), _Room(_EDGE, height + _GAP, inner, design.height - height - _GAP - _EDGE)


def _symbol(design: LabelDesign, room: _Room) -> tuple[tuple[Element, ...], _Room]:
    if not design.symbol:
        return (), room
    text = Text(CARRIED[design.symbol], CARRIED[design.symbol])
    if design.symbol in _LINEAR:
        height = max(min(room.height * 0.45, 15.0), 5.0)
        y = room.y + room.height - height
        bars = Element("symbol", _GAP, y, design.width - 2 * _GAP, height, text, design.symbol)
        _require_room(design, room.height - height - _GAP)
        return (bars,), _Room(room.x, room.y, room.width, room.height - height - _GAP)
    side = min(room.height, room.width * (0.5 if design.fields or design.logo else 1.0))
    _require_room(design, side)
    square = Element("symbol", room.x, room.y + (room.height - side) / 2, side, side, text, design.symbol)
    return (square,), _Room(room.x + side + _GAP, room.y, room.width - side - _GAP, room.height)


def _logo(design: LabelDesign, room: _Room) -> tuple[tuple[Element, ...], _Room]:
    if not design.logo:
        return (), room
    height = min(room.height * (0.3 if design.fields else 1.0), _LOGO)
    _require_room(design, min(height, room.width))
    drawn = Element("logo", room.x, room.y, room.width, height)
    return (drawn,), _Room(room.x, room.y + height + _GAP, room.width, room.height - height - _GAP)


def _lines(design: LabelDesign, room: _Room) -> tuple[Element, ...]:
    if not design.fields:
        return ()
    _require_room(design, room.width)
    needed = design.letters * _MM_PER_POINT * _LINE
    height = min(room.height / len(design.fields), 2 * needed)
    if height < needed:
        raise DesignTooFull(
            lines=len(design.fields),
            needed=f"{needed * len(design.fields):.1f}",
            room=f"{max(room.height, 0):.1f}",
        )
    tops = accumulate([room.y] + [height] * (len(design.fields) - 1))
    return tuple(
        Element(
            "words",
            room.x,
            top,
            room.width,
            height,
            _said(design.language, *FIELDS[name]),
            size=design.letters,
            bold=name == "name",
        )  # fmt: skip
        for name, top in zip(design.fields, tops, strict=True)
    )


def _said(language: Language, words: Text, both: str) -> Text:
    """Return words that stay in the language of the design whatever the label is asked in."""
    said = {"zh": words.zh, "en": words.en, "both": both}[language]
    return Text(said, said)


def _require_room(design: LabelDesign, least: float) -> None:
    if least < _GAP:
        raise DesignTooFull(lines=len(design.fields), needed=f"{_GAP:.1f}", room=f"{max(least, 0):.1f}")


KINDS = ("", *SYMBOL_KINDS)
LANGUAGES: tuple[Language, ...] = ("zh", "en", "both")
