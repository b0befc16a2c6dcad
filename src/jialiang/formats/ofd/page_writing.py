"""Writes what stands on a page of an OFD, and keeps which letters of which fonts were used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lxml import etree

from jialiang.formats.ofd.faces import Face, Faces
from jialiang.formats.ofd.model import Box, DrawnPath
from jialiang.formats.ofd.names import NAMESPACE, tag
from jialiang.formats.xml.errors import ForbiddenCharacter
from jialiang.kernel.text import storable

ABOVE, BELOW = 1.1, 0.35
"""How far the box of a text reaches above and below its baseline, as parts of the size."""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LAST_OF_PLANE_0 = 0xFFFF
_BOLD_WEIGHT = "700"


@dataclass(frozen=True, slots=True)
class NewText:
    """A text on one line: ``x`` and ``y`` are where its baseline begins; lengths in millimetres.

    ``colour`` are three numbers from 0 to 255, black where empty.
    """

    text: str
    x: float
    y: float
    size: float
    bold: bool = False
    colour: str = ""


@dataclass(frozen=True, slots=True)
class NewImage:
    """A picture that fills ``box``; ``kind`` is PNG or JPEG."""

    box: Box
    data: bytes
    kind: str


Content: TypeAlias = NewText | NewImage | DrawnPath


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring letters of one font, and where each of them begins."""

    face: Face
    letters: str
    places: tuple[float, ...]
    end: float


class UsedFonts:
    """The fonts of a document in the order of their first use, with the letters that occur."""

    def __init__(self, faces: Faces) -> None:
        self.faces = faces
        self._letters: dict[Face, set[str]] = {}
        self._numbers: dict[Face, int] = {}

    def runs(self, text: NewText) -> list[_Run]:
        """Split a text where the font changes; letters beyond plane 0 stand alone.

        Readers do not agree whether such a letter counts as one or two steps; alone it needs none.
        """
        runs: list[_Run] = []
        x = text.x
        for letter in xml_text(text.text):
            face, advance = self.faces.pick(letter, bold=text.bold)
            self._letters.setdefault(face, set()).add(letter)
            end = x + advance * text.size
            last = runs[-1] if runs else None
            if last and last.face == face and ord(max(last.letters[-1], letter)) <= _LAST_OF_PLANE_0:
                runs[-1] = _Run(face, last.letters + letter, (*last.places, x), end)
            else:
                runs.append(_Run(face, letter, (x,), end))
            x = end
        return runs

    def number(self, numbers: Iterator[int]) -> None:
        """Give every font that is used its identifier."""
        self._numbers = {face: next(numbers) for face in self._letters}

    def identifier(self, face: Face) -> int:
        """Return the identifier of a font."""
        return self._numbers[face]

    def listed(self) -> Iterator[tuple[Face, int, str]]:
        """Give font, identifier and file; the file is empty where the font is not embedded."""
        for face, identifier in self._numbers.items():
            yield face, identifier, f"font_{identifier}.ttf" if face.is_embedded else ""

    def programs(self) -> Iterator[tuple[str, bytes]]:
        """Give the files of the embedded fonts."""
        for face, identifier in self._numbers.items():
            if face.is_embedded:
                yield f"font_{identifier}.ttf", face.program(self._letters[face])


class UsedImages:
    """The pictures of a document, each once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[bytes, str], int] = {}

    def take(self, image: NewImage) -> None:
        """Remember a picture."""
        self._numbers.setdefault((image.data, image.kind), 0)

    def number(self, numbers: Iterator[int]) -> None:
        """Give every picture its identifier."""
        self._numbers = {image: next(numbers) for image in self._numbers}

    def identifier(self, image: NewImage) -> int:
        """Return the identifier of a picture."""
        return self._numbers[image.data, image.kind]

    def listed(self) -> Iterator[tuple[int, str, str, bytes]]:
        """Give identifier, file, kind and bytes of every picture."""
        for (data, kind), identifier in self._numbers.items():
            yield identifier, f"image_{identifier}.{kind.lower()}", kind, data


class PageWriter:
    """One page: measured first, so that all fonts are known, and written when the fonts have identifiers."""

    def __init__(self, content: tuple[Content, ...], box: Box, fonts: UsedFonts, images: UsedImages) -> None:
        self._box = box_text(box)
        self._fonts = fonts
        self._images = images
        for each in content:
            if isinstance(each, NewImage):
                images.take(each)
        self._content = [(each, fonts.runs(each) if isinstance(each, NewText) else []) for each in content]

    def content(self, numbers: Iterator[int]) -> bytes:
        """Return the part of the page; its objects take their identifiers from ``numbers``."""
        page = etree.Element(tag("Page"), nsmap={"ofd": NAMESPACE})
        area = etree.SubElement(page, tag("Area"))
        etree.SubElement(area, tag("PhysicalBox")).text = self._box
        layer = etree.SubElement(etree.SubElement(page, tag("Content")), tag("Layer"), ID=str(next(numbers)))
        for item, runs in self._content:
            if isinstance(item, DrawnPath):
                _write_path(layer, item, next(numbers))
            elif isinstance(item, NewImage):
                self._write_image(layer, item, next(numbers))
            else:
                for run in runs:
                    self._write_run(layer, item, run, next(numbers))
        text = etree.tostring(page, encoding="unicode")
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode()

    def _write_image(self, layer: etree._Element, image: NewImage, number: int) -> None:
        matrix = f"{decimal(image.box.width)} 0 0 {decimal(image.box.height)} 0 0"
        etree.SubElement(
            layer, tag("ImageObject"), ID=str(number), Boundary=box_text(image.box), CTM=matrix,
            ResourceID=str(self._images.identifier(image)),
        )  # fmt: skip

    def _write_run(self, layer: etree._Element, text: NewText, run: _Run, number: int) -> None:
        start, size = run.places[0], text.size
        area = Box(start, text.y - ABOVE * size, max(run.end - start, 0.1), (ABOVE + BELOW) * size)
        written = etree.SubElement(
            layer, tag("TextObject"), ID=str(number), Boundary=box_text(area),
            Font=str(self._fonts.identifier(run.face)), Size=decimal(size),
        )  # fmt: skip
        if text.bold and not run.face.is_embedded:
            written.set("Weight", _BOLD_WEIGHT)
        _colour(written, "FillColor", text.colour)
        code = etree.SubElement(written, tag("TextCode"), X="0", Y=decimal(ABOVE * size))
        if len(run.places) > 1:
            places = [round(place - start, 3) for place in run.places]
            code.set("DeltaX", " ".join(decimal(b - a) for a, b in zip(places, places[1:], strict=False)))
        code.text = run.letters


def decimal(length: float) -> str:
    """Return a length to a thousandth of a millimetre, without trailing zeros."""
    text = f"{length:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def xml_text(text: str) -> str:
    """Return ``text``. Raises ForbiddenCharacter for what XML cannot carry."""
    found = _FORBIDDEN.search(text)
    if found:
        shown = storable(text, 60).replace("{", "(").replace("}", ")")
        raise ForbiddenCharacter(character=f"U+{ord(found.group()):04X}", text=shown)
    return text


def _write_path(layer: etree._Element, path: DrawnPath, number: int) -> None:
    written = etree.SubElement(layer, tag("PathObject"), ID=str(number), Boundary=box_text(path.box))
    if path.stroke:
        written.set("LineWidth", decimal(path.line_width))
    else:
        written.set("Stroke", "false")
    if path.fill:
        written.set("Fill", "true")
    _colour(written, "StrokeColor", path.stroke_colour)
    _colour(written, "FillColor", path.fill_colour)
    etree.SubElement(written, tag("AbbreviatedData")).text = path.commands


def _colour(element: etree._Element, name: str, value: str) -> None:
    if value:
        etree.SubElement(element, tag(name), Value=value)


def box_text(box: Box) -> str:
    """Return a box as it is written."""
    return " ".join(decimal(each) for each in (box.x, box.y, box.width, box.height))
