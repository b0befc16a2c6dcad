"""Sets the certificate of any laboratory as PDF/A-3b with the very bytes of its XML inside.

Like our own certificates: the content reaches the typesetter as data, never as source, and fonts come from given
folders only. Other than there, a character that no font has does not stop the work: it is set as its code point in
brackets, and the first page says so, for nobody can mend a certificate of somebody else.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jialiang.formats.pdf.coverage import covered
from jialiang.formats.pdf.errors import CharacterUnprintable, TypesettingFailed
from jialiang.formats.pdf.font_files import FAMILIES
from jialiang.formats.pdf.reading_data import PlainData, reading_data, without_pictures
from jialiang.formats.pdf.typesetting import typeset
from jialiang.formats.pdf.wording import template
from jialiang.formats.reading_view.blocks import ReadingView
from jialiang.formats.reading_view.wording import own

SOURCES = {"main.typ": "reading.typ", "style.typ": "style.typ", "vessel.svg": "vessel.svg"}
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80
_MOST_ATTEMPTS = 12


def render_reading(
    view: ReadingView, *, xml: bytes, font_folders: Sequence[Path], made_at: datetime
) -> bytes:
    """Return the PDF of a view with ``xml`` embedded (AFRelationship Data), dated ``made_at`` (with its time zone).

    The same input gives the same bytes.

    Raises TooManyCells, FontsMissing, CharacterUnprintable, TypesettingFailed.
    """
    try:
        return _rendered(view, xml, font_folders, made_at)
    except TypesettingFailed:
        plain = without_pictures(view)
        if plain == view:
            raise
        return _rendered(plain, xml, font_folders, made_at)


def attachment_name(number: str) -> str:
    """Return the file name of the XML inside the PDF: the number of the certificate in plain letters."""
    name = _NOT_IN_NAMES.sub("_", number)[:_LONGEST_NAME].strip("._-")
    return f"{name or 'certificate'}.xml"


def _rendered(view: ReadingView, xml: bytes, font_folders: Sequence[Path], made_at: datetime) -> bytes:
    data, pictures = reading_data(view)
    data["attachment"] = attachment_name(view.number)
    data["fonts"] = list(FAMILIES)
    files = {name: template(source) for name, source in SOURCES.items()}
    files |= {f"{name}.json": _as_numbers(picture) for name, picture in pictures.items()}
    data["attached"] = "attachment.xml" if _is_plain(xml) else "attachment.json"
    files[data["attached"]] = xml if _is_plain(xml) else _as_numbers(xml)
    known, lacking = covered(font_folders), set[str]()
    for _ in range(_MOST_ATTEMPTS):
        lacking |= {letter for letter in _letters(data) if ord(letter) not in known}
        shown = _replaced(data, lacking, view)
        files["data.json"] = json.dumps(shown, ensure_ascii=False).encode()
        try:
            return typeset(files, font_folders, made_at.astimezone(UTC))
        except CharacterUnprintable as problem:
            unprintable = set(str(problem.facts["character"])) - {" "}
            if not unprintable - lacking:
                raise
            lacking |= unprintable
    raise TypesettingFailed(reason="characters without glyphs")


def _is_plain(xml: bytes) -> bool:
    try:
        xml.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not xml.startswith(codecs.BOM_UTF8)


def _as_numbers(data: bytes) -> bytes:
    return json.dumps(list(data), separators=(",", ":")).encode()


def _letters(data: Any) -> set[str]:
    if isinstance(data, str):
        return set(data)
    members = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return set().union(*map(_letters, members))


def _replaced(data: PlainData, lacking: set[str], view: ReadingView) -> PlainData:
    if not lacking:
        return data
    table = {ord(letter): f"[U+{ord(letter):04X}]" for letter in lacking}
    shown: PlainData = _translated(data, table)
    example = table[min(table)]
    note = own("notice.characters", view.language, count=len(lacking), example=example)
    return shown | {"notices": [*shown["notices"], note]}


def _translated(data: Any, table: dict[int, str]) -> Any:
    if isinstance(data, str):
        return data.translate(table)
    if isinstance(data, dict):
        return {name: _translated(member, table) for name, member in data.items()}
    return [_translated(member, table) for member in data] if isinstance(data, list) else data
