"""Files that hold documents in another wrapping: archives, PDF, lossless data. One table, to which others add."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from jialiang.formats.conversion import binary
from jialiang.formats.conversion.lossless import FORMAT, from_lossless
from jialiang.formats.documents.archives import IN_MEMORY, ArchiveLimits, is_archive, opened_archive
from jialiang.formats.documents.conformity import states_conformity
from jialiang.formats.documents.errors import ArchiveTooLarge, NothingInside
from jialiang.formats.documents.fixed_pages import is_ofd, opened_ofd
from jialiang.formats.documents.parts import Part
from jialiang.kernel.text import Text

ARCHIVE = "zip"
_MARK_WITHIN = 1024
_FORMAT_WITHIN = 200
_DOCUMENT_SUFFIXES = (".xml", ".dcc", ".rdf", ".jsonld", ".jwt")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A wrapping: ``suffixes`` by which it is looked for in folders, whether bytes are it, and what is in them."""

    name: str
    text: Text
    suffixes: tuple[str, ...]
    fits: Callable[[Part], bool]
    opened: Callable[[Part, ArchiveLimits], tuple[Part, ...]]


def parts_in(name: str, data: bytes, limits: ArchiveLimits = IN_MEMORY) -> tuple[Part, ...]:
    """Return the documents in a file, those of archives and PDFs with the name of the wrapping before theirs.

    An archive inside an archive is refused; all that is unpacked counts together. Raises ArchiveUnreadable,
    ArchiveTooLarge, NothingInside, and the errors of the wrappings.
    """
    parts: list[Part] = []
    waiting, unpacked, is_inside = [Part(name, data, limits.xml)], 0, False
    while waiting:
        part = waiting.pop(0)
        envelope = envelope_of(part)
        if envelope is None:
            parts.append(part)
            continue
        if envelope.name == ARCHIVE and is_inside:
            thing = Text("嵌套压缩包的层数", "The depth of archives in archives")
            raise ArchiveTooLarge(thing=thing, size=2, limit=1)
        is_inside = is_inside or envelope.name == ARCHIVE
        inside = envelope.opened(part, replace(limits, all_bytes=limits.all_bytes - unpacked))
        unpacked += sum(len(each.data) + each.weight for each in inside)
        if unpacked > limits.all_bytes:
            thing = Text("解开后的大小", "What was unpacked")
            raise ArchiveTooLarge(thing=thing, size=unpacked, limit=limits.all_bytes)
        waiting[:0] = inside
    return tuple(parts)


def envelope_of(part: Part) -> Envelope | None:
    """Return the wrapping that a file is, None if it is a document itself."""
    return None if part.is_opened else next((each for each in ENVELOPES if each.fits(part)), None)


def known_suffixes() -> tuple[str, ...]:
    """Return the suffixes of files that are worth opening."""
    return (*_DOCUMENT_SUFFIXES, *(suffix for each in ENVELOPES for suffix in each.suffixes))


def is_known(name: str) -> bool:
    """Tell by its name whether a file in a folder or archive is worth opening; hidden files are not."""
    path = PurePosixPath(name)
    hidden = path.name.startswith(".") or "__MACOSX" in path.parts
    return path.suffix.lower() in known_suffixes() and not hidden


def _archived(part: Part, limits: ArchiveLimits) -> tuple[Part, ...]:
    with opened_archive(part.data, part.name, limits) as archive:
        wanted = [name for name in archive.names if is_known(name)]
        if not wanted:
            raise NothingInside(file=part.name[:200])
        return tuple(Part(f"{part.name}/{name}", archive.read(name), limits.xml) for name in wanted)


def _attached(part: Part, limits: ArchiveLimits) -> tuple[Part, ...]:
    # Here and not above: the reader of PDFs takes longer to load than to check a certificate.
    from jialiang.formats.pdf.reading import embedded_files

    found = tuple(
        Part(f"{part.name}/{each.name}", each.data, limits.xml)
        for each in embedded_files(part.data)
        if Part("", each.data).is_xml or each.mime_type.endswith("xml")
    )
    if not found:
        raise NothingInside(file=part.name[:200])
    return found


def _plain_json(part: Part, limits: ArchiveLimits) -> tuple[Part, ...]:
    return (Part(part.name, from_lossless(binary.from_json(part.data)), limits.xml),)


def _plain_cbor(part: Part, limits: ArchiveLimits) -> tuple[Part, ...]:
    return (Part(part.name, from_lossless(binary.from_cbor(part.data)), limits.xml),)


def _plain_msgpack(part: Part, limits: ArchiveLimits) -> tuple[Part, ...]:
    return (Part(part.name, from_lossless(binary.from_msgpack(part.data)), limits.xml),)


def _is_pdf(part: Part) -> bool:
    return b"%PDF-" in part.data[:_MARK_WITHIN] and not part.is_xml


def _has_suffix(part: Part, *suffixes: str) -> bool:
    return PurePosixPath(part.name).suffix.lower() in suffixes and not part.is_xml


def _is_marked(part: Part, first: bytes) -> bool:
    return part.data[:1] == first and FORMAT.encode() in part.data[:_FORMAT_WITHIN]


def _is_lossless_json(part: Part) -> bool:
    begins = part.data[:_MARK_WITHIN].lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    return begins.startswith(b"{") and FORMAT.encode() in part.data[:_MARK_WITHIN]


ENVELOPES: tuple[Envelope, ...] = (
    Envelope("ofd", Text("内嵌证书的版式文件 OFD", "OFD with an embedded certificate"), (".ofd",), is_ofd, opened_ofd),
    Envelope(ARCHIVE, Text("ZIP 压缩包", "ZIP archive"), (".zip",), lambda part: is_archive(part.data), _archived),
    Envelope("pdf", Text("内嵌证书的 PDF", "PDF with an embedded certificate"), (".pdf",), _is_pdf, _attached),
    Envelope("json", Text("无损 JSON", "lossless JSON"), (".json",),
             lambda part: _is_lossless_json(part) or (_has_suffix(part, ".json") and not states_conformity(part)),
             _plain_json),
    Envelope("cbor", Text("无损 CBOR", "lossless CBOR"), (".cbor",),
             lambda part: _is_marked(part, b"\xa2") or _has_suffix(part, ".cbor"), _plain_cbor),
    Envelope("msgpack", Text("无损 MessagePack", "lossless MessagePack"), (".msgpack", ".mpk"),
             lambda part: _is_marked(part, b"\x82") or _has_suffix(part, ".msgpack", ".mpk"), _plain_msgpack),
)  # fmt: skip
"""The wrappings in the order in which they are tried; a new one is one more line."""
