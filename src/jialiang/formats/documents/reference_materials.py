"""The kind of reference material documents (DRMD) among the documents that are read here."""

from __future__ import annotations

from datetime import date

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.encodings import Encoded
from jialiang.formats.dcc.quantities.belonging import words_of
from jialiang.formats.dcc.quantities.model import MeasurementResult, text_in
from jialiang.formats.documents.kind import Facts, Kind
from jialiang.formats.documents.parts import Part
from jialiang.formats.drmd.conversion import NOTATIONS, convert
from jialiang.formats.drmd.names import ROOT, drmd
from jialiang.formats.drmd.reading import document_of
from jialiang.formats.drmd.rules import check_rules
from jialiang.formats.drmd.structure import check_structure
from jialiang.formats.findings import DocumentFinding
from jialiang.kernel.text import Text

_ADMINISTRATIVE = f"{drmd('administrativeData')}"
_NUMBER = f"{_ADMINISTRATIVE}/{drmd('coreData')}/{drmd('uniqueIdentifier')}"
_PRODUCER = f"{_ADMINISTRATIVE}/{drmd('referenceMaterialProducer')}/{drmd('name')}"


def _fits(part: Part) -> bool:
    return not part.is_json and part.tree.getroot().tag == ROOT


def _check(part: Part, today: date | None) -> list[DocumentFinding]:
    return [*check_structure(part.tree), *check_rules(part.tree, today)]


def _facts(part: Part) -> Facts:
    root = part.tree.getroot()
    words = words_of(root.find(_PRODUCER))
    producer = Text(*(text_in(words, language) for language in ("zh", "en")))
    return Facts(root.get("schemaVersion", ""), (root.findtext(_NUMBER) or "").strip(), producer)


def _quantities(part: Part) -> tuple[MeasurementResult, ...]:
    """Return those of the materials first (smallest sample, amounts), then the property values."""
    document = document_of(part.tree)
    of_materials = [
        each
        for material in document.materials
        for each in (*material.minimum_sample_size, *material.quantities)
    ]
    return (*of_materials, *(value.quantity for _, _, value in document.values()))


def _convert(part: Part, notation: str, wish: Wish) -> Encoded:
    is_itself = notation == "xml" and wish.encoding.lower() == "utf-8"
    return Encoded(part.data) if is_itself else convert(part.tree, notation, wish)


REFERENCE_MATERIAL = Kind(
    "drmd", Text("数字标准物质文件 DRMD", "digital reference material document (DRMD)"),
    _fits, _check, _facts, frozenset({"quantities", "convert"}), _quantities, lambda: NOTATIONS, _convert,
)  # fmt: skip
