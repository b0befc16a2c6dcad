"""What is read of a certificate of conformity, whatever the notation: the value, and what reading found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jialiang.formats.dcoc.errors import UnfitText
from jialiang.formats.dcoc.model import CertificateOfConformity, Texts
from jialiang.formats.dcoc.shapes import CERTIFICATE, shape
from jialiang.formats.findings import DocumentFinding

_ALLOWED = "\t\n"


@dataclass(frozen=True, slots=True)
class Reading:
    """A certificate as it was read.

    ``counts``: how often each element stands in the document. ``lines``: the lines of elements by path, where the
    notation has lines. ``findings``: what its structure is wrong in. ``notation``: xml, rdfxml, jsonld or json.
    """

    certificate: CertificateOfConformity
    notation: str
    counts: Mapping[str, int]
    lines: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[DocumentFinding, ...] = ()


def refuse_unfit(certificate: CertificateOfConformity) -> None:
    """Raise UnfitText where a text holds what not every notation can carry: control characters, carriage returns."""
    _refuse(certificate, CERTIFICATE, "")


def _refuse(value: object, kind: str, path: str) -> None:
    if kind == CERTIFICATE:
        _text(getattr(value, "identifier", ""), "/identifier")
    for member in shape(kind).members:
        found = getattr(value, member.attribute)
        each_path = f"{path}/{member.name}"
        for number, each in enumerate(found if member.is_many else (found,), start=1):
            place = f"{each_path}[{number}]" if member.is_many else each_path
            if member.is_shape:
                _refuse(each, member.kind, place)
            elif member.kind == "texts":
                _texts(each, place)
            else:
                _text(each, place)


def _texts(words: Texts, path: str) -> None:
    for language, text in words:
        _text(language, path)
        _text(text, path)


def _text(text: str, path: str) -> None:
    for letter in text:
        code = ord(letter)
        if (code < 0x20 and letter not in _ALLOWED) or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF):
            raise UnfitText(path=path, character=f"U+{code:04X}")
