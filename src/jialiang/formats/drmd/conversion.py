"""A DRMD in other notations; the lossless ones go back to XML with their signatures."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from jialiang.formats.conversion import binary
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.encodings import Encoded, encode_xml
from jialiang.formats.conversion.lossless import to_lossless
from jialiang.formats.drmd.data import document_data
from jialiang.formats.drmd.errors import UnknownForm
from jialiang.formats.drmd.reading import document_of
from jialiang.formats.drmd.tables import csv_of

NOTATIONS = ("json", "data-json", "csv", "cbor", "msgpack", "xml")


def convert(tree: etree._ElementTree, notation: str, wish: Wish | None = None) -> Encoded:
    """Return a DRMD as ``json``, ``cbor`` or ``msgpack`` (lossless), ``data-json``, ``csv`` or ``xml``.

    Raises NotAReferenceMaterialDocument, UnknownForm, UnknownEncoding, LibraryMissing.
    """
    document = document_of(tree)
    chosen = wish if wish is not None else Wish()
    data = document_data(document, chosen.language) if chosen.typed else to_lossless(tree)
    made: dict[str, Callable[[], Encoded]] = {
        "json": lambda: Encoded(binary.to_json(data)),
        "data-json": lambda: Encoded(binary.to_json(document_data(document, chosen.language))),
        "csv": lambda: csv_of(document, chosen.language, chosen.encoding),
        "cbor": lambda: Encoded(binary.to_cbor(data)),
        "msgpack": lambda: Encoded(binary.to_msgpack(data)),
        "xml": lambda: encode_xml(tree, chosen.encoding),
    }
    if notation not in made:
        raise UnknownForm(notation=notation[:40], known=", ".join(made))
    return made[notation]()
