"""Labels as pages: PDF/A-3 of sheets or of a roll, and pictures of labels for printers that take graphics."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from jialiang.formats.labels.errors import LabelTextTooLong, NothingToPrint
from jialiang.formats.labels.laying import Drawn, LaidLabel
from jialiang.formats.labels.logos import drawing_of
from jialiang.formats.labels.sheets import ROLL, Sheet, sheet_for
from jialiang.formats.pdf.errors import TypesettingFailed
from jialiang.formats.pdf.typesetting import typeset, typeset_pictures
from jialiang.kernel.text import storable

MOST_LABELS = 2000
_TOO_LONG = re.compile(r"words do not fit: (.+?)\"?$", re.MULTILINE)
_LOGO = "logo.svg"
_TITLE = {"zh": "标签", "en": "Labels"}


def labels_pdf(
    labels: Sequence[LaidLabel],
    *,
    sheet: str,
    language: str,
    font_folders: Sequence[Path],
    moment: datetime,
    start: int = 0,
    logo: bytes = b"",
) -> bytes:
    """Set labels of one template on sheets, or on a roll with a page for each; the same input gives the same bytes.

    ``start`` places of the first sheet are left free, for labels that were used before; ``logo`` is an SVG or
    a PNG. Raises UnknownSheet, LabelTooLarge, LabelTextTooLong, NothingToPrint and what the typesetter raises.
    """
    with _cut_off_refused():
        return typeset(_files(labels, sheet, language, start, logo), font_folders, moment)


def label_pictures(
    labels: Sequence[LaidLabel],
    *,
    language: str,
    font_folders: Sequence[Path],
    dots_per_inch: float,
    logo: bytes = b"",
) -> list[bytes]:
    """Return a PNG of each label, as a roll printer of that resolution has to draw it. Raises as :func:`labels_pdf`."""
    with _cut_off_refused():
        return typeset_pictures(_files(labels, ROLL, language, 0, logo), font_folders, dots_per_inch)


def require_some(labels: Sequence[LaidLabel]) -> None:
    """Let 1 to 2 000 labels pass. Raises NothingToPrint."""
    if not 1 <= len(labels) <= MOST_LABELS:
        raise NothingToPrint(count=len(labels), most=MOST_LABELS)


@contextmanager
def _cut_off_refused() -> Iterator[None]:
    """Name the words for which the typesetter found no size that fits."""
    try:
        yield
    except TypesettingFailed as problem:
        found = _TOO_LONG.search(str(problem.facts["reason"]))
        if found is None:
            raise
        raise LabelTextTooLong(text=storable(found[1].replace('\\"', '"'), 80)) from problem


def _files(
    labels: Sequence[LaidLabel], sheet: str, language: str, start: int, logo: bytes
) -> dict[str, bytes]:
    require_some(labels)
    paper = sheet_for(sheet, labels[0].template)
    if not 0 <= start < len(paper.corners):
        raise NothingToPrint(count=len(labels), most=MOST_LABELS)
    pictures = _Pictures(logo)
    placed = [
        [_placed(label, corner, pictures) for label, corner in zip(page, corners, strict=False)]
        for page, corners in _paged(labels, paper, start)
    ]
    data = {
        "title": _TITLE["zh" if language.startswith("zh") else "en"],
        "language": language[:2],
        "width": paper.width,
        "height": paper.height,
        "sheets": placed,
    }
    main = (resources.files("jialiang.formats.labels") / "labels.typ").read_bytes()
    plain = json.dumps(data, ensure_ascii=False, sort_keys=True).encode()
    return {"main": main, "labels.json": plain, **pictures.files}


def _paged(
    labels: Sequence[LaidLabel], paper: Sheet, start: int
) -> list[tuple[Sequence[LaidLabel], Sequence[tuple[float, float]]]]:
    """Return the labels of each page with the corners that they take."""
    per_page = len(paper.corners)
    first = per_page - start
    pages: list[tuple[Sequence[LaidLabel], Sequence[tuple[float, float]]]] = [
        (labels[:first], paper.corners[start:])
    ]
    pages += [(labels[i : i + per_page], paper.corners) for i in range(first, len(labels), per_page)]
    return pages


class _Pictures:
    """The symbols and the logo as files; equal ones are one file."""

    def __init__(self, logo: bytes) -> None:
        self.files: dict[str, bytes] = {_LOGO: drawing_of(logo)} if logo else {}
        self._names: dict[bytes, str] = {}

    def name_of(self, svg: bytes) -> str:
        name = self._names.setdefault(svg, f"s{len(self._names)}.svg")
        self.files[name] = svg
        return name


def _placed(label: LaidLabel, corner: tuple[float, float], pictures: _Pictures) -> dict[str, Any]:
    elements = [told for drawn in label.drawn if (told := _element(drawn, pictures))]
    return {"x": corner[0], "y": corner[1], "elements": elements}


def _element(drawn: Drawn, pictures: _Pictures) -> dict[str, Any]:
    element = drawn.element
    place = {"x": element.x, "y": element.y, "width": element.width, "height": element.height}
    if element.kind == "band":
        return place | {"kind": "band", "colour": drawn.colour}
    if element.kind == "logo":
        return place | _picture(_LOGO, "logo", "contain") if _LOGO in pictures.files else {}
    if drawn.symbol is not None:
        name = pictures.name_of(drawn.symbol.svg().encode())
        fit = "stretch" if drawn.symbol.is_linear else "contain"
        return place | _picture(name, drawn.text, fit)
    words = {"kind": "words", "words": drawn.text, "size": element.size, "bold": element.bold}
    return place | words | {"align": element.align, "colour": drawn.colour}


def _picture(file: str, alt: str, fit: str) -> dict[str, str]:
    return {"kind": "picture", "file": file, "alt": alt, "fit": fit}
