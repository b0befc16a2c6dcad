"""The notations that come with the house, each as one function that a converter of another package may also be."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from jialiang.formats.conversion import binary
from jialiang.formats.conversion.data import certificate_data
from jialiang.formats.conversion.encodings import Encoded, encode_json, encode_xml
from jialiang.formats.conversion.libraries import library
from jialiang.formats.conversion.lossless import to_lossless
from jialiang.formats.conversion.rdf.writing import json_ld_of, turtle_of
from jialiang.formats.conversion.tables import parquet_of, workbook_of
from jialiang.formats.conversion.text_tables import csv_of
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.reading_parts import plain
from jialiang.formats.html_page.page import html_of
from jialiang.formats.ofd.certificate import certificate_ofd
from jialiang.formats.ofd.faces import house_faces
from jialiang.formats.reading_view.building import reading_view
from jialiang.kernel.npm_files import npm_folder
from jialiang.kernel.text import Language


@dataclass(frozen=True, slots=True)
class Wish:
    """What a conversion is asked for: the language of short texts, the encoding, typed data instead of lossless.

    Pages in PDF are set in the ``fonts`` of given folders and dated ``made_at`` (with its time zone); without it
    they carry the last day that the certificate states, so that the same certificate gives the same bytes. A
    conformity credential names its ``issuer`` by a DID.
    """

    language: str = "en"
    encoding: str = "utf-8"
    typed: bool = False
    fonts: tuple[Path, ...] = ()
    made_at: datetime | None = None
    issuer: str = ""


def json(certificate: Certificate, wish: Wish) -> Encoded:
    """Lossless JSON, the one that may go back to XML."""
    return encode_json(_data(certificate, wish), wish.encoding)


def data_json(certificate: Certificate, wish: Wish) -> Encoded:
    """Typed data as JSON, for programs."""
    return encode_json(certificate_data(certificate, wish.language), wish.encoding)


def cbor(certificate: Certificate, wish: Wish) -> Encoded:
    """CBOR of the lossless form, or of the typed data."""
    return Encoded(binary.to_cbor(_data(certificate, wish)))


def msgpack(certificate: Certificate, wish: Wish) -> Encoded:
    """MessagePack of the lossless form, or of the typed data."""
    return Encoded(binary.to_msgpack(_data(certificate, wish)))


def csv(certificate: Certificate, wish: Wish) -> Encoded:
    """A row a value, as CSV."""
    return csv_of(certificate, wish.language, wish.encoding)


def xlsx(certificate: Certificate, wish: Wish) -> Encoded:
    """An Excel workbook with the tables of results."""
    return Encoded(workbook_of(certificate, wish.language))


def parquet(certificate: Certificate, wish: Wish) -> Encoded:
    """A row a value, as Parquet."""
    return Encoded(parquet_of(certificate, wish.language))


def ttl(certificate: Certificate, wish: Wish) -> Encoded:
    """RDF as Turtle, UTF-8."""
    return Encoded(turtle_of(certificate))


def jsonld(certificate: Certificate, wish: Wish) -> Encoded:
    """RDF as JSON-LD, its context inside."""
    return Encoded(json_ld_of(certificate))


def xml(certificate: Certificate, wish: Wish) -> Encoded:
    """The XML itself, in another encoding."""
    return encode_xml(certificate.tree, wish.encoding)


def ofd(certificate: Certificate, wish: Wish) -> Encoded:
    """The pages that people read as OFD, with the XML attached as it was read."""
    return Encoded(certificate_ofd(certificate, wish.language, house_faces(*wish.fonts, npm_folder())))


def html(certificate: Certificate, wish: Wish) -> Encoded:
    """The page that people read, one file without script or outside reference."""
    return Encoded(html_of(reading_view(certificate, _reader(wish))))


def pdf(certificate: Certificate, wish: Wish) -> Encoded:
    """The pages that people read as PDF/A-3b with the very XML inside.

    Raises LibraryMissing, FontsMissing, TypesettingFailed.
    """
    library("typst")
    rendering = library("jialiang.formats.pdf.reading_rendering")
    made = rendering.render_reading(
        reading_view(certificate, _reader(wish)),
        xml=certificate.xml,
        font_folders=wish.fonts,
        made_at=wish.made_at or certificate_day(certificate),
    )
    return Encoded(made)


def certificate_day(certificate: Certificate) -> datetime:
    """Return the last day that a certificate states (issue, else end of performance) in UTC; 1970 if none."""
    core = "administrativeData/coreData"
    for name in ("issueDate", "endPerformanceDate", "beginPerformanceDate"):
        with suppress(ValueError):
            day = date.fromisoformat(plain(certificate.tree.getroot(), f"{core}/{name}")[:10])
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return datetime(1970, 1, 1, tzinfo=UTC)


def _reader(wish: Wish) -> Language:
    return "zh" if wish.language.lower().startswith("zh") else "en"


def _data(certificate: Certificate, wish: Wish) -> object:
    return certificate_data(certificate, wish.language) if wish.typed else to_lossless(certificate.tree)
