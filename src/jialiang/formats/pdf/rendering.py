"""Sets a certificate as PDF/A-3b with its own XML inside; the same input gives the same bytes on every machine.

The content reaches the typesetter as a JSON file of its own, never as source, so that no text of a customer can be
taken for markup. Fonts come from given folders only; a character that none of them has is refused by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

from jialiang.formats.content import CertificateContent
from jialiang.formats.pdf.errors import ContentUnsuitable
from jialiang.formats.pdf.figures import moment
from jialiang.formats.pdf.pages import page_data
from jialiang.formats.pdf.typesetting import typeset
from jialiang.formats.pdf.wording import template
from jialiang.kernel.text import LANGUAGES, Language

SOURCES = ("main.typ", "style.typ", "cover.typ", "body.typ", "results.typ", "marks.typ", "vessel.svg")
XML_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.xml", re.ASCII)


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
        return typeset(files, font_folders, moment(content.signing_time).astimezone(UTC))


def _check(language: str, xml: bytes, xml_name: str, *, preview: bool) -> None:
    if language not in LANGUAGES:
        raise ContentUnsuitable(member="language", given=language)
    if not XML_NAME.fullmatch(xml_name):
        raise ContentUnsuitable(member="xml_name", given=xml_name)
    if not xml and not preview:
        raise ContentUnsuitable(member="xml", given="")
