"""Takes embedded files out of PDFs of unknown origin: with limits, without running or following anything.

Only the name tree of embedded files and the associated files of the catalogue are looked at; pages, actions and links
are never touched. Trees are walked with a depth and a count in hand.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import pikepdf

from jialiang.formats.pdf.errors import PdfEncrypted, PdfTooLarge, PdfUnreadable
from jialiang.kernel.text import Text

MAX_PDF_BYTES = 64 * 1024 * 1024
MAX_EMBEDDED_BYTES = 32 * 1024 * 1024  # of all files together, unpacked
MAX_EMBEDDED_FILES = 64
MAX_TREE_DEPTH = 16
MAX_FILTERS = 1  # a typesetter packs once; several layers are how small files become enormous ones
SAFE_FILTERS = ("/FlateDecode", "/ASCIIHexDecode", "/ASCII85Decode")

# What the library unpacks by itself: streams of objects and tables of their places. Holds for the whole process.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MAX_PDF_BYTES, png_max_memory=MAX_PDF_BYTES, run_length_max_memory=MAX_PDF_BYTES,
    tiff_max_memory=MAX_PDF_BYTES, max_stream_filters=4, doc_max_warnings=10_000,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file inside a PDF: ``relationship`` is ``Data``, ``Source`` … or empty, ``mime_type`` such as ``text/xml``."""

    name: str
    relationship: str
    mime_type: str
    data: bytes


def embedded_files(pdf: bytes) -> tuple[EmbeddedFile, ...]:
    """Return the embedded files in the order of their names.

    A damaged table of objects is rebuilt, so that an altered certificate can still say which one it was. Raises
    PdfUnreadable, PdfEncrypted, PdfTooLarge; nothing else, whatever the bytes are.
    """
    with opened(pdf, repair=True) as document:
        found = {specification.objgen: specification for specification in _specifications(document)}
        if len(found) > MAX_EMBEDDED_FILES:
            raise _too_large("内嵌文件数", "The number of embedded files", len(found), MAX_EMBEDDED_FILES)
        files, left = [], MAX_EMBEDDED_BYTES
        for specification in found.values():
            files.append(_read(specification, left))
            left -= len(files[-1].data)
    return tuple(sorted(files, key=lambda file: file.name))


@contextmanager
def opened(pdf: bytes, *, repair: bool = False) -> Iterator[pikepdf.Pdf]:
    """Open a PDF of unknown origin, on request with repair; what goes wrong inside leaves as an error of ours."""
    if len(pdf) > MAX_PDF_BYTES:
        raise _too_large("PDF 文件", "The PDF", len(pdf), MAX_PDF_BYTES)
    try:
        with pikepdf.open(BytesIO(pdf), suppress_warnings=True, attempt_recovery=repair) as document:
            if document.is_encrypted:
                raise PdfEncrypted
            yield document
    except pikepdf.PasswordError as error:
        raise PdfEncrypted from error
    except pikepdf.PdfError as error:
        raise PdfUnreadable(place=_place(error), reason=_reason(error)) from error
    except (
        AttributeError,
        IndexError,
        KeyError,
        TypeError,
        ValueError,
        RuntimeError,
        RecursionError,
    ) as error:
        raise PdfUnreadable(place="catalogue", reason=_reason(error)) from error


def _specifications(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    root = document.Root
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/EmbeddedFiles" in names:
        yield from _leaves(names["/EmbeddedFiles"])
    associated = root.get("/AF")
    if isinstance(associated, pikepdf.Array):
        yield from (each for each in _members(associated) if isinstance(each, pikepdf.Dictionary))


def _leaves(tree: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Walk a name tree level by level; a tree that is too deep, as a loop always is, raises PdfTooLarge."""
    level = [tree]
    for _ in range(MAX_TREE_DEPTH):
        below: list[pikepdf.Object] = []
        for node in level:
            if not isinstance(node, pikepdf.Dictionary):
                continue
            pairs = _members(node.get("/Names"))
            yield from (each for each in pairs[1::2] if isinstance(each, pikepdf.Dictionary))
            below += _members(node.get("/Kids"))
        if len(below) > MAX_EMBEDDED_FILES:
            raise _too_large(
                "内嵌文件的名称树", "The name tree of embedded files", len(below), MAX_EMBEDDED_FILES
            )
        level = below
    if level:
        raise _too_large(
            "内嵌文件名称树的层数", "The depth of the name tree", MAX_TREE_DEPTH + 1, MAX_TREE_DEPTH
        )


def _members(array: pikepdf.Object | None) -> list[pikepdf.Object]:
    if not isinstance(array, pikepdf.Array):
        return []
    if len(array) > 2 * MAX_EMBEDDED_FILES:
        raise _too_large("内嵌文件数", "The number of embedded files", len(array) // 2, MAX_EMBEDDED_FILES)
    return list(array)


def _read(specification: pikepdf.Object, limit: int) -> EmbeddedFile:
    name = str(specification.get("/UF", specification.get("/F", "")))
    streams = specification.get("/EF")
    stream = streams.get("/UF", streams.get("/F")) if isinstance(streams, pikepdf.Dictionary) else None
    if not isinstance(stream, pikepdf.Stream):
        raise PdfUnreadable(place=name or "/EF", reason="no embedded stream")
    return EmbeddedFile(
        name=name,
        relationship=str(specification.get("/AFRelationship", "")).removeprefix("/"),
        mime_type=str(stream.get("/Subtype", "")).removeprefix("/"),
        data=_unpacked(stream, name, limit),
    )


def _unpacked(stream: pikepdf.Stream, name: str, limit: int) -> bytes:
    """Return the bytes of a stream, inflated in pieces so that a bomb stops at the limit of all files together."""
    filters = stream.get("/Filter")
    chain = [str(each) for each in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    chain = [] if filters is None else chain
    if len(chain) > MAX_FILTERS or any(each not in SAFE_FILTERS for each in chain):
        raise PdfUnreadable(place=name, reason=f"filters {' '.join(chain)}")
    if _is_predicted(stream):
        raise PdfUnreadable(place=name, reason="a predictor, which no text needs")
    packed = stream.read_raw_bytes()
    if chain == ["/FlateDecode"]:
        return inflated(packed, name, limit)
    data = stream.read_bytes()
    if len(data) > limit:
        size = MAX_EMBEDDED_BYTES - limit + len(data)
        raise _too_large(f"内嵌文件 {name}", f"The embedded file {name}", size, MAX_EMBEDDED_BYTES)
    return data


def _is_predicted(stream: pikepdf.Stream) -> bool:
    """Tell whether the bytes are differences (PNG or TIFF predictor): other readers would see other bytes."""
    parameters = stream.get("/DecodeParms")
    for each in _members(parameters) if isinstance(parameters, pikepdf.Array) else [parameters]:
        if isinstance(each, pikepdf.Dictionary) and int(each.get("/Predictor", 1)) > 1:
            return True
    return False


def inflated(packed: bytes, name: str, limit: int) -> bytes:
    """Inflate zlib data up to the limit; more raises PdfTooLarge, damaged or cut data PdfUnreadable."""
    inflater = zlib.decompressobj()
    try:
        data = inflater.decompress(packed, limit + 1)
    except zlib.error as error:
        raise PdfUnreadable(place=name, reason=_reason(error)) from error
    if len(data) > limit:
        size = MAX_EMBEDDED_BYTES - limit + len(data)
        raise _too_large(f"内嵌文件 {name}", f"The embedded file {name}", size, MAX_EMBEDDED_BYTES)
    if not inflater.eof:
        raise PdfUnreadable(place=name, reason="compressed data end early")
    return data


def _too_large(zh: str, en: str, size: int, limit: int) -> PdfTooLarge:
    return PdfTooLarge(thing=Text(zh, en), size=size, limit=limit)


def _place(error: Exception) -> str:
    text = str(error)
    _, found, offset = text.partition("offset ")
    return f"offset {offset.split(')')[0].split(':')[0]}" if found else "file"


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
