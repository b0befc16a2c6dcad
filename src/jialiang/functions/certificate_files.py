"""The files of a certificate from its frozen content: signed XML and one PDF a language.

Nothing here touches the database. The same content, key and fonts give the same bytes on every machine, so a worker
that comes after a crash makes exactly what the first one made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from django.conf import settings

from jialiang.base.certificates.errors import NotRenderable
from jialiang.formats.content import CertificateContent
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.pdf.font_files import find_font_folders
from jialiang.formats.xades.signing import sign_enveloped
from jialiang.kernel.npm_files import npm_folder
from jialiang.kernel.text import LANGUAGES, Language
from jialiang.security.keys.selectors import SealView

RENDERERS = "jialiang.renderers"
OF_PAGES = ("pdf", "ofd")


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file ready to be stored: kind ``xml``, ``pdf_zh`` or ``pdf_en``, its name and its bytes."""

    kind: str
    file_name: str
    data: bytes


def xml_name(number: str) -> str:
    """Return the name under which the XML of a certificate is handed out and embedded."""
    return f"{number}.xml"


def signed_xml(content: CertificateContent, seal: SealView) -> bytes:
    """Write the content as DCC and sign it with the institute's seal; deterministic."""
    intermediates = seal.chain[1:-1]  # the seal is always embedded, the root never: a reader has it or does not trust
    return sign_enveloped(dcc_xml(content), seal.signer, intermediates, datetime.fromisoformat(content.signing_time))


def made_files(content: CertificateContent, seal: SealView) -> Iterator[MadeFile]:
    """Make the files one after the other, the XML first."""
    xml = signed_xml(content, seal)
    yield MadeFile("xml", xml_name(content.number), xml)
    for language in LANGUAGES:
        pdf = rendered(content, language, xml)
        yield MadeFile(f"pdf_{language}", f"{content.number}.{language}.pdf", pdf)


def rendered(content: CertificateContent, language: Language, xml: bytes, *, preview: bool = False) -> bytes:
    """Set the pages in a language. Raises NotRenderable where no renderer is installed, and what rendering raises."""
    pdf: bytes = renderer().render(
        content,
        language=language,
        xml=xml,
        xml_name=xml_name(content.number) if not preview else "preview.xml",
        font_folders=font_folders(),
        preview=preview,
    )
    return pdf


@cache
def renderer() -> Any:
    """Return the installed renderer of certificate pages (entry point ``jialiang.renderers``: ``pdf``)."""
    found = [point for point in entry_points(group=RENDERERS) if point.name == "pdf"]
    if not found:
        raise NotRenderable()
    return found[0].load()()


@cache
def font_folders() -> tuple[Path, ...]:
    """Return the folders of the fonts: where the setting says, else among the npm files. Raises FontsMissing."""
    return find_font_folders(settings.JIALIANG.font_dir or npm_folder())


def with_fonts(wish: Wish, notation: str, now: datetime) -> Wish:
    """Return a wish with the fonts and the moment that a notation of pages needs. Raises FontsMissing."""
    return replace(wish, fonts=font_folders(), made_at=now) if notation in OF_PAGES else wish
