"""The notations that come with the house, each as one function that a converter of another package may also be."""

from __future__ import annotations

from dataclasses import dataclass

from jialiang.formats.conversion import binary
from jialiang.formats.conversion.data import certificate_data
from jialiang.formats.conversion.encodings import Encoded, encode_xml
from jialiang.formats.conversion.lossless import to_lossless
from jialiang.formats.conversion.tables import parquet_of, workbook_of
from jialiang.formats.conversion.text_tables import csv_of
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.ofd.certificate import certificate_ofd


@dataclass(frozen=True, slots=True)
class Wish:
    """What a conversion is asked for: the language of short texts, the encoding, typed data instead of lossless."""

    language: str = "en"
    encoding: str = "utf-8"
    typed: bool = False


def json(certificate: Certificate, wish: Wish) -> Encoded:
    """Lossless JSON, the one that may go back to XML."""
    return Encoded(binary.to_json(_data(certificate, wish)))


def data_json(certificate: Certificate, wish: Wish) -> Encoded:
    """Typed data as JSON, for programs."""
    return Encoded(binary.to_json(certificate_data(certificate, wish.language)))


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


def xml(certificate: Certificate, wish: Wish) -> Encoded:
    """The XML itself, in another encoding."""
    return encode_xml(certificate.tree, wish.encoding)


def ofd(certificate: Certificate, wish: Wish) -> Encoded:
    """The pages that people read as OFD, with the XML attached as it was read."""
    return Encoded(certificate_ofd(certificate, wish.language))


def _data(certificate: Certificate, wish: Wish) -> object:
    return certificate_data(certificate, wish.language) if wish.typed else to_lossless(certificate.tree)
