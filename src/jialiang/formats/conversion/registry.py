"""Which notations there are: those of the house, and those that packages add (entry points ``jialiang.converters``).

A converter is a function ``(certificate, wish) -> Encoded``; its name is what ``--to`` is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import entry_points

from jialiang.formats.conversion import binary, converters
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.encodings import Encoded, known_encoding
from jialiang.formats.conversion.errors import UnknownEncoding, UnknownNotation
from jialiang.formats.conversion.lossless import from_lossless
from jialiang.formats.dcc.certificate import Certificate

Converter = Callable[[Certificate, Wish], Encoded]
GROUP = "jialiang.converters"

_OWN: dict[str, Converter] = {
    "json": converters.json,
    "data-json": converters.data_json,
    "cbor": converters.cbor,
    "msgpack": converters.msgpack,
    "csv": converters.csv,
    "xlsx": converters.xlsx,
    "parquet": converters.parquet,
    "xml": converters.xml,
    "ofd": converters.ofd,
    "html": converters.html,
    "pdf": converters.pdf,
    "ttl": converters.ttl,
    "jsonld": converters.jsonld,
}
_UTF_8 = "UTF-8"
_ONE_ENCODING = ("cbor", "msgpack", "xlsx", "parquet", "ttl", "jsonld")
_BACK = {".json": binary.from_json, ".cbor": binary.from_cbor, ".msgpack": binary.from_msgpack,
         ".mpk": binary.from_msgpack}  # fmt: skip


def notations() -> tuple[str, ...]:
    """Return the names of all notations, those of the house first."""
    added = sorted({point.name for point in entry_points(group=GROUP)} - set(_OWN))
    return (*_OWN, *added)


def convert(certificate: Certificate, notation: str, wish: Wish | None = None) -> Encoded:
    """Return a certificate in a notation. Raises UnknownNotation, UnknownEncoding, LibraryMissing and more."""
    chosen = wish if wish is not None else Wish()
    if notation in _ONE_ENCODING and known_encoding(chosen.encoding) != _UTF_8:
        raise UnknownEncoding(encoding=f"{chosen.encoding} ({notation})", known=_UTF_8)
    converter = _OWN.get(notation) or _added(notation)
    if converter is None:
        raise UnknownNotation(notation=notation[:40], known=", ".join(notations()))
    return converter(certificate, chosen)


def typed(wish: Wish) -> Wish:
    """Return the wish for typed data instead of the lossless form."""
    return replace(wish, typed=True)


def xml_of(encoded: bytes, suffix: str) -> bytes:
    """Return the XML of a file in whichever notation its suffix names; what is no known suffix is taken as XML.

    Raises NotDecodable, NotLossless, LibraryMissing.
    """
    read = _BACK.get(suffix.lower())
    return from_lossless(read(encoded)) if read is not None else encoded


def _added(notation: str) -> Converter | None:
    for point in entry_points(group=GROUP):
        if point.name == notation:
            found: Converter = point.load()
            return found
    return None
