"""A certificate of conformity in every form: the four that are read again, and the pages that people read."""

from __future__ import annotations

from datetime import UTC, datetime

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.encodings import Encoded
from jialiang.formats.conversion.libraries import library
from jialiang.formats.dcoc.documents import FORMS, read_dcoc, write_dcoc
from jialiang.formats.dcoc.errors import UnknownForm
from jialiang.formats.dcoc.rdf_nodes import is_day
from jialiang.formats.dcoc.reading import Reading
from jialiang.formats.dcoc.reading_page import conformity_view
from jialiang.formats.dcoc.xml_form import write_xml
from jialiang.formats.html_page.page import html_of
from jialiang.formats.reading_view.blocks import ReadingView
from jialiang.formats.xades.names import ds
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.text import Language

PAGES = ("html", "pdf")
NOTATIONS = (*FORMS, *PAGES)


def convert(data: bytes, notation: str, wish: Wish | None = None) -> Encoded:
    """Return a certificate in one of :data:`NOTATIONS`; what is of the notation already keeps its bytes.

    A PDF carries the XML: the very bytes, or what a certificate in another notation is as XML. Raises UnknownForm,
    what reading raises, what a form cannot carry, LibraryMissing, FontsMissing, TypesettingFailed.
    """
    chosen = wish if wish is not None else Wish()
    if notation not in NOTATIONS:
        raise UnknownForm(form=notation[:40], known=", ".join(NOTATIONS))
    reading = read_dcoc(data)
    if notation in FORMS:
        # A signature holds for these bytes and no others.
        same = notation == reading.notation
        return Encoded(data if same else write_dcoc(reading.certificate, notation))
    view = conformity_view(reading.certificate, _reader(chosen), is_signed=_is_signed(data, reading))
    return Encoded(html_of(view) if notation == "html" else _pdf(data, reading, view, chosen))


def _pdf(data: bytes, reading: Reading, view: ReadingView, wish: Wish) -> bytes:
    library("typst")
    rendering = library("jialiang.formats.pdf.reading_rendering")
    made: bytes = rendering.render_reading(
        view,
        xml=data if reading.notation == "xml" else write_xml(reading.certificate),
        font_folders=wish.fonts,
        made_at=wish.made_at or _day(reading),
    )
    return made


def _day(reading: Reading) -> datetime:
    """Return the day of the certificate in UTC, so that the same one gives the same bytes; 1970 if it has none."""
    if not is_day(reading.certificate.date):
        return datetime(1970, 1, 1, tzinfo=UTC)
    return datetime.fromisoformat(reading.certificate.date).replace(tzinfo=UTC)


def _is_signed(data: bytes, reading: Reading) -> bool:
    return reading.notation == "xml" and next(parse_xml(data).getroot().iter(ds("Signature")), None) is not None


def _reader(wish: Wish) -> Language:
    return "zh" if wish.language.lower().startswith("zh") else "en"
