"""The JSON form of a certificate of conformity (``jialiang.dcoc/1``): what programs write to have one made.

Members have the names of the elements; a text in several languages is an object ``{"zh": …, "en": …}``, and
``und`` stands for a text without a language.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jialiang.formats.dcoc.errors import NotACertificateOfConformity
from jialiang.formats.dcoc.model import CertificateOfConformity, texts
from jialiang.formats.dcoc.reading import Reading, refuse_unfit
from jialiang.formats.dcoc.shapes import CERTIFICATE, Member, elements, shape
from jialiang.formats.json_documents.checking import check_json
from jialiang.formats.json_documents.models import JsonModels, MemberModel, ObjectModel, json_models

SCHEMA = "jialiang.dcoc/1"
RULES = "DCOC-STRUCTURE"
_SHAPES = (CERTIFICATE, "named", "organization", "person", "address", "validity", "previous")
_TYPES = {"texts": "_texts", "date": "_date", "uri": "text", "email": "text", "phone": "text", "word": "text"}


def read_json_form(document: Any) -> Reading:
    """Read a parsed document. Raises NotACertificateOfConformity, UnfitText; the rest stands in the findings."""
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        found = document.get("schema") if isinstance(document, dict) else type(document).__name__
        raise NotACertificateOfConformity(found=str(found)[:80], line=1)
    findings = check_json(document, dcoc_json_models(), CERTIFICATE, RULES)
    values = _values(document, CERTIFICATE)
    certificate = CertificateOfConformity(identifier=_word(document.get("identifier")), **values)
    refuse_unfit(certificate)
    counts = {each.name: _count(document.get(each.name), each) for each in elements()}
    return Reading(certificate, "json", counts, findings=findings)


def json_form(certificate: CertificateOfConformity) -> dict[str, Any]:
    """Return the document, ready for JSON. Raises UnfitText."""
    refuse_unfit(certificate)
    head = {"schema": SCHEMA} | ({"identifier": certificate.identifier} if certificate.identifier else {})
    return head | _plain(certificate, CERTIFICATE)


def write_json(certificate: CertificateOfConformity) -> bytes:
    """Write a certificate as JSON. Raises UnfitText."""
    return (json.dumps(json_form(certificate), ensure_ascii=False, indent=2) + "\n").encode()


@cache
def dcoc_json_models() -> JsonModels:
    """Return the models of the JSON form: the shapes, and the types of values."""
    values = json_models("jialiang.formats.dcoc", "json_values.json").values
    objects = {}
    for name in _SHAPES:
        members = {each.name: _model(each) for each in shape(name).members}
        if name == CERTIFICATE:
            members["schema"] = MemberModel("schema", "text", False, 0, True)
            members["identifier"] = MemberModel("identifier", "text", False, 0, False)
        objects[name] = ObjectModel(name, members, is_open=False)
    return JsonModels(objects, values)


def _model(member: Member) -> MemberModel:
    is_needed = member.least > 0
    return MemberModel(
        member.name, _TYPES.get(member.kind, member.kind), member.is_many, member.least, is_needed
    )


def _values(data: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the attributes of a shape; what is of another kind than it should be is left out (a finding says so)."""
    values: dict[str, Any] = {}
    for member in shape(kind).members:
        found = data.get(member.name)
        if member.is_many:
            given = found if isinstance(found, list) else []
            values[member.attribute] = tuple(_value(each, member) for each in given)
        elif found is not None:
            values[member.attribute] = _value(found, member)
    return values


def _value(data: Any, member: Member) -> Any:
    if member.is_shape:
        return shape(member.kind).made(_values(data if isinstance(data, dict) else {}, member.kind))
    if member.kind == "texts":
        pairs = data.items() if isinstance(data, dict) else ()
        return texts((tag, text) for tag, text in pairs if isinstance(text, str))
    return _word(data)


def _word(data: Any) -> str:
    return data if isinstance(data, str) else ""


def _count(data: Any, member: Member) -> int:
    if member.is_many:
        return len(data) if isinstance(data, list) else 0
    return int(data is not None)


def _plain(value: object, kind: str) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for member in shape(kind).members:
        found = getattr(value, member.attribute)
        written = [_written(each, member) for each in found] if member.is_many else _written(found, member)
        if written:
            plain[member.name] = written
    return plain


def _written(value: Any, member: Member) -> Any:
    if member.is_shape:
        return _plain(value, member.kind)
    return dict(value) if member.kind == "texts" else value
