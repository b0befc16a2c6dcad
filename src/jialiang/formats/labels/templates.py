"""Label templates: size in millimetres, and elements with their places.

A template is data, of this program or of its users::

    {"title": {"zh": …, "en": …}, "width": 50, "height": 30, "elements": [
       {"kind": "symbol", "symbol": "qr", "text": "{address}", "x": 1, "y": 4, "width": 22, "height": 22},
       {"kind": "words", "text": {"zh": "编号 {serial}", "en": "No. {serial}"}, "x": 25, "y": 4, "width": 24,
        "height": 4, "size": 7, "bold": true, "align": "center", "colour": "#000000"},
       {"kind": "band", "colour": "{status}", "x": 0, "y": 0, "width": 50, "height": 8},
       {"kind": "logo", "x": 1, "y": 1, "width": 8, "height": 8}]}

``{…}`` in texts are members of the label's content; sizes of letters are points. The colour ``{status}`` is that of the
status, ``on_status`` the one to write on it.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from jialiang.formats.carriers.printed import SYMBOL_KINDS
from jialiang.formats.labels.errors import BadTemplate, UnknownTemplate
from jialiang.kernel.text import Text, storable

Kind = Literal["symbol", "words", "band", "logo"]
MEMBERS = (
    "address", "identifier", "elements", "name_zh", "name_en", "name_both", "serial", "model", "organization",
    "certificate", "done", "due", "status_zh", "status_en",
)  # fmt: skip
STATUS_COLOUR, ON_STATUS = "{status}", "on_status"
LARGEST_MM, SMALLEST_MM, MOST_ELEMENTS = 300.0, 5.0, 40
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_SIZES = (3.0, 72.0)
_ALLOWED: Mapping[str, tuple[str, ...]] = {
    "symbol": ("symbol", "text"),
    "words": ("text", "size", "bold", "align", "colour"),
    "band": ("colour",),
    "logo": (),
}


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its place in millimetres from the upper left corner, and what its kind needs."""

    kind: Kind
    x: float
    y: float
    width: float
    height: float
    text: Text = Text()
    symbol: str = ""
    size: float = 8.0
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    colour: str = "#000000"


@dataclass(frozen=True, slots=True)
class LabelTemplate:
    """A template; everything on it lies within ``width`` and ``height`` (mm)."""

    name: str
    title: Text
    width: float
    height: float
    elements: tuple[Element, ...]


@cache
def templates() -> Mapping[str, LabelTemplate]:
    """Return the templates that come with the program, by name."""
    file = resources.files("jialiang.formats.labels") / "templates.json"
    rows: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return {name: template_of(name, row) for name, row in rows.items()}


def template_named(name: str) -> LabelTemplate:
    """Return a template of the program. Raises UnknownTemplate."""
    found = templates().get(name)
    if found is None:
        raise UnknownTemplate(template=storable(name, 60), known=", ".join(templates()))
    return found


def template_from_bytes(name: str, data: bytes) -> LabelTemplate:
    """Read a template from a JSON file. Raises BadTemplate."""
    try:
        row = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as problem:
        raise BadTemplate(
            template=storable(name, 60), place="JSON", reason=storable(str(problem), 120)
        ) from problem
    return template_of(name, row)


def template_of(name: str, row: Any) -> LabelTemplate:
    """Read a template from plain JSON. Raises BadTemplate."""
    checker = _Checker(storable(name, 60))
    checker.members("template", row, ("title", "width", "height", "elements"))
    width, height = (
        checker.number(side, row.get(side), SMALLEST_MM, LARGEST_MM) for side in ("width", "height")
    )
    elements = row.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= MOST_ELEMENTS:
        raise checker.fault("elements", f"a list of 1 to {MOST_ELEMENTS}")
    title = checker.text("title", row.get("title", {"zh": name, "en": name}))
    read = tuple(checker.element(f"elements[{i}]", each, width, height) for i, each in enumerate(elements))
    return LabelTemplate(name, title, width, height, read)


class _Checker:
    """Reads the members of a template, and names the one that is wrong."""

    def __init__(self, template: str) -> None:
        self._template = template

    def fault(self, place: str, reason: str) -> BadTemplate:
        return BadTemplate(template=self._template, place=storable(place, 60), reason=storable(reason, 120))

    def members(self, place: str, row: Any, allowed: tuple[str, ...]) -> None:
        if not isinstance(row, dict):
            raise self.fault(place, "an object")
        strange = sorted(set(map(str, row)) - set(allowed))
        if strange:
            raise self.fault(f"{place}.{strange[0]}", "unknown member")

    def number(self, place: str, given: Any, least: float, most: float) -> float:
        if isinstance(given, bool) or not isinstance(given, int | float) or not least <= given <= most:
            raise self.fault(place, f"a number from {least:g} to {most:g}")
        return float(given)

    def text(self, place: str, given: Any) -> Text:
        if isinstance(given, str):
            given = {"zh": given, "en": given}
        right = isinstance(given, dict) and set(given) <= {"zh", "en"} and given
        if not right or not all(isinstance(each, str) and len(each) <= 200 for each in given.values()):
            raise self.fault(place, "a text or {zh, en}")
        for each in given.values():
            self._placeholders(place, each)
        return Text.from_json(given)

    def _placeholders(self, place: str, pattern: str) -> None:
        try:
            found = list(string.Formatter().parse(pattern))
        except ValueError as problem:
            raise self.fault(place, "unmatched brace") from problem
        for _, name, form, conversion in found:
            if name is not None and (name not in MEMBERS or form or conversion):
                raise self.fault(place, f"{{{name}}} is none of {', '.join(MEMBERS)}")

    def element(self, place: str, row: Any, width: float, height: float) -> Element:
        if not isinstance(row, dict):
            raise self.fault(place, "an object")
        kind: Kind = self._choice(f"{place}.kind", row.get("kind"), tuple(_ALLOWED))
        self.members(place, row, ("kind", "x", "y", "width", "height", *_ALLOWED[kind]))
        x = self.number(f"{place}.x", row.get("x"), 0, width)
        y = self.number(f"{place}.y", row.get("y"), 0, height)
        return Element(
            kind,
            x,
            y,
            self.number(f"{place}.width", row.get("width"), 0.5, width - x),
            self.number(f"{place}.height", row.get("height"), 0.5, height - y),
            **self._particulars(place, kind, row),
        )

    def _particulars(self, place: str, kind: str, row: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "text" in _ALLOWED[kind]:
            found["text"] = self.text(f"{place}.text", row.get("text"))
        if kind == "symbol":
            found["symbol"] = self._choice(f"{place}.symbol", row.get("symbol"), SYMBOL_KINDS)
        if kind == "words":
            found["size"] = self.number(f"{place}.size", row.get("size", 8), *_SIZES)
            found["bold"] = self._choice(f"{place}.bold", row.get("bold", False), (True, False))
            found["align"] = self._choice(
                f"{place}.align", row.get("align", "left"), ("left", "center", "right")
            )
        if "colour" in _ALLOWED[kind]:
            found["colour"] = self._colour(f"{place}.colour", row.get("colour", "#000000"))
        return found

    def _choice(self, place: str, given: Any, allowed: tuple[Any, ...]) -> Any:
        if not any(given is each or (isinstance(given, str) and given == each) for each in allowed):
            raise self.fault(place, f"one of {', '.join(map(str, allowed))}")
        return given

    def _colour(self, place: str, given: Any) -> str:
        if given in (STATUS_COLOUR, ON_STATUS):
            return str(given)
        if isinstance(given, str) and _COLOUR.fullmatch(given):
            return given
        raise self.fault(place, f"#rrggbb, {STATUS_COLOUR} or {ON_STATUS}")
