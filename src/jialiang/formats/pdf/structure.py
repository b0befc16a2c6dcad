"""Structural checks of PDF/A-3b: what our pages promise, read from the file itself.

These are checks of the parts that a certificate relies on, not a whole validator of ISO 19005-3. An empty answer
means that none of them found a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf

from jialiang.formats.pdf.reading import opened

PART = re.compile(rb"<pdfaid:part>\s*(\d+)\s*</pdfaid:part>|pdfaid:part=[\"'](\d+)[\"']")
CONFORMANCE = re.compile(rb"<pdfaid:conformance>\s*([A-Z])\s*<|pdfaid:conformance=[\"']([A-Z])[\"']")
FORBIDDEN_ACTIONS = (
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/ResetForm",
    "/Sound",
    "/Movie",
    "/Rendition",
    "/URI",
    "/GoToR",
    "/GoToE",
    "/Hide",
    "/SetOCGState",
    "/Trans",
    "/GoTo3DView",
    "/RichMediaExecute",
    "/Thread",
    "/SetState",
    "/NOP",
)
RELATIONSHIPS = ("/Data", "/Source", "/Alternative", "/Supplement", "/Unspecified")


@dataclass(frozen=True, slots=True)
class StructureFinding:
    """A fault: ``rule`` is a stable name (``xmp_part``), ``place`` where in the file, ``given`` what stands there."""

    rule: str
    place: str
    given: str = ""


def structure_findings(pdf: bytes) -> tuple[StructureFinding, ...]:
    """Return the faults of a PDF that claims to be a certificate; errors are those of :func:`embedded_files`.

    Rules: ``xmp_part``, ``xmp_conformance``, ``output_intent``, ``font_embedded``, ``font_to_unicode``,
    ``associated_file``, ``relationship``, ``mime_type``, ``script``, ``action``, ``external_stream``.
    """
    with opened(pdf) as document:
        findings = [
            *_metadata(document),
            *_output_intent(document),
            *_fonts(document),
            *_associated_files(document),
            *_actions(document),
        ]
    return tuple(dict.fromkeys(findings))


def _metadata(document: pikepdf.Pdf) -> Iterator[StructureFinding]:
    stream = document.Root.get("/Metadata")
    packet = stream.read_bytes() if isinstance(stream, pikepdf.Stream) else b""
    part, conformance = _first_group(PART, packet), _first_group(CONFORMANCE, packet)
    if part != "3":
        yield StructureFinding("xmp_part", "/Root/Metadata", part)
    if conformance not in ("A", "B", "U"):
        yield StructureFinding("xmp_conformance", "/Root/Metadata", conformance)


def _first_group(pattern: re.Pattern[bytes], packet: bytes) -> str:
    found = pattern.search(packet)
    return next((group.decode() for group in found.groups() if group), "") if found else ""


def _output_intent(document: pikepdf.Pdf) -> Iterator[StructureFinding]:
    intents = document.Root.get("/OutputIntents")
    for intent in list(intents) if isinstance(intents, pikepdf.Array) else []:
        is_archival = intent.get("/S") == pikepdf.Name("/GTS_PDFA1")
        if is_archival and isinstance(intent.get("/DestOutputProfile"), pikepdf.Stream):
            return
    yield StructureFinding("output_intent", "/Root/OutputIntents")


def _fonts(document: pikepdf.Pdf) -> Iterator[StructureFinding]:
    """Every font has its program inside and a table back to Unicode, so that text can be found and read aloud."""
    for place, font in _dictionaries(document):
        if font.get("/Type") != pikepdf.Name("/Font") or "/Subtype" not in font:
            continue
        name, kind = str(font.get("/BaseFont", "")), str(font.get("/Subtype"))
        if not kind.startswith("/CIDFont") and not isinstance(font.get("/ToUnicode"), pikepdf.Stream):
            yield StructureFinding("font_to_unicode", place, name)
        if kind in ("/Type0", "/Type3"):
            continue
        descriptor = font.get("/FontDescriptor")
        programs = ("/FontFile", "/FontFile2", "/FontFile3")
        if descriptor is None or not any(program in descriptor for program in programs):
            yield StructureFinding("font_embedded", place, name)


def _associated_files(document: pikepdf.Pdf) -> Iterator[StructureFinding]:
    associated = document.Root.get("/AF")
    specifications = list(associated) if isinstance(associated, pikepdf.Array) else []
    if not specifications:
        yield StructureFinding("associated_file", "/Root/AF")
    for index, specification in enumerate(specifications):
        place = f"/Root/AF/{index}"
        relationship = str(specification.get("/AFRelationship", ""))
        if relationship not in RELATIONSHIPS:
            yield StructureFinding("relationship", place, relationship)
        stream = specification.get("/EF", pikepdf.Dictionary()).get("/F")
        mime_type = str(stream.get("/Subtype", "")) if isinstance(stream, pikepdf.Stream) else ""
        if "/" not in mime_type.removeprefix("/"):
            yield StructureFinding("mime_type", place, mime_type)


def _actions(document: pikepdf.Pdf) -> Iterator[StructureFinding]:
    """Nothing in the file runs, leads outside, or keeps its bytes elsewhere."""
    names = document.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names:
        yield StructureFinding("script", "/Root/Names/JavaScript")
    for place, entry in _dictionaries(document):
        action = str(entry.get("/S", ""))
        if action in FORBIDDEN_ACTIONS:
            yield StructureFinding("action", place, action)
        if "/JS" in entry:
            yield StructureFinding("script", place, "/JS")
        if "/AA" in entry:
            yield StructureFinding("action", place, "/AA")
        outside = isinstance(entry, pikepdf.Stream) and "/F" in entry
        if outside or "/FFilter" in entry or entry.get("/FS") == pikepdf.Name("/URL"):
            yield StructureFinding("external_stream", place)


def _dictionaries(document: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """Yield every dictionary of the file, also those written inside others, without following references."""
    for held in document.objects:
        if isinstance(held, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
            yield from _nested(f"object {held.objgen[0]}", held)


def _nested(place: str, held: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    waiting = [held]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, pikepdf.Dictionary | pikepdf.Stream):
            yield place, entry
            members = [entry[key] for key in entry.keys()]  # noqa: SIM118
        else:
            members = list(entry)
        containers = (m for m in members if isinstance(m, pikepdf.Dictionary | pikepdf.Array))
        waiting += [member for member in containers if not member.is_indirect]
