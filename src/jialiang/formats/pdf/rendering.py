"""Sets a certificate as PDF/A-3b with its own XML inside; the same input gives the same bytes on every machine.

The content reaches the typesetter as a JSON file of its own, never as source, so that no text of a customer can be
taken for markup. Fonts come from given folders only; a character that none of them has is refused by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import typst

from jialiang.formats.content import CertificateContent
from jialiang.formats.pdf.errors import CharacterUnprintable, ContentUnsuitable, TypesettingFailed
from jialiang.formats.pdf.figures import moment
from jialiang.formats.pdf.fonts import load_fonts
from jialiang.formats.pdf.pages import page_data
from jialiang.formats.pdf.wording import template
from jialiang.kernel.text import LANGUAGES, Language

STANDARD: Final = "a-3b"
SOURCES = ("main.typ", "style.typ", "cover.typ", "body.typ", "results.typ", "marks.typ", "vessel.svg")
XML_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.xml", re.ASCII)
_UNPRINTABLE = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


class PdfRenderer:
    """Renders certificates; ``logo`` (SVG) replaces the vessel mark in the letterhead."""

    def __init__(self, logo: bytes = b"") -> None:
        self._logo = logo

    def render(
        self,
        content: CertificateContent,
        *,
        language: Language,
        xml: bytes,
        xml_name: str,
        font_folders: Sequence[Path],
        preview: bool = False,
    ) -> bytes:
        """Return the PDF of ``content`` in ``language`` with ``xml`` embedded as ``xml_name`` (AFRelationship Data).

        ``preview`` sets a watermark and leaves the seal out; only then may ``xml`` be empty. Raises
        CharacterUnprintable, ContentUnsuitable, FontsMissing, TypesettingFailed.
        """
        _check(language, xml, xml_name, preview=preview)
        data = page_data(content, language=language, xml_name=xml_name, preview=preview)
        data["attachment"] = xml_name if xml else ""
        files = {name: template(name) for name in SOURCES}
        files |= {"data.json": json.dumps(data, ensure_ascii=False).encode(), "attachment.xml": xml}
        if self._logo:
            files["vessel.svg"] = self._logo
        return _typeset(files, font_folders, moment(content.signing_time).astimezone(UTC))


def _typeset(files: dict[str, bytes], font_folders: Sequence[Path], signed_at: datetime) -> bytes:
    # The typesetter takes a dictionary of files; its stubs do not know that yet.
    compiler = typst.Compiler(cast(Any, files), font_paths=load_fonts(font_folders), ignore_system_fonts=True)
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=[STANDARD], timestamp=signed_at)
    except typst.TypstError as error:
        raise _explained(error) from error
    if not isinstance(pdf, bytes):
        raise TypesettingFailed(reason="no pages")
    return pdf


def _check(language: str, xml: bytes, xml_name: str, *, preview: bool) -> None:
    if language not in LANGUAGES:
        raise ContentUnsuitable(member="language", given=language)
    if not XML_NAME.fullmatch(xml_name):
        raise ContentUnsuitable(member="xml_name", given=xml_name)
    if not xml and not preview:
        raise ContentUnsuitable(member="xml", given="")


def _explained(error: typst.TypstError) -> CharacterUnprintable | TypesettingFailed:
    """Name the character that the typesetter could not draw, or pass its message on."""
    said = str(error.message)
    found = _UNPRINTABLE.search(said)
    if found is None:
        return TypesettingFailed(reason=said)
    text = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), found[1])
    shown = text if text.isprintable() else " "
    return CharacterUnprintable(character=shown, code_point=" ".join(f"U+{ord(c):04X}" for c in text))
