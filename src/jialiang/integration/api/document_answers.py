"""Answers that are files, and how the operations on documents stand in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from jialiang.formats.documents.deeds import Made
from jialiang.formats.documents.kinds import KINDS
from jialiang.formats.documents.notations import BYTES, Notation, known_notations, notation
from jialiang.integration.api.negotiation import DOCUMENTS

BINARY = {"type": "string", "format": "binary"}
TEXT = {"type": "object", "additionalProperties": {"type": "string"}}
FINDING = {
    "type": "object",
    "required": ["rule", "severity", "line", "path", "text"],
    "properties": {
        "rule": {"type": "string"},
        "severity": {"enum": ["error", "warning", "hint"]},
        "line": {"type": ["integer", "null"]},
        "path": {"type": "string"},
        "text": TEXT,
    },
}
REPORT = {
    "type": "object",
    "required": ["file", "version", "valid", "findings"],
    "properties": {
        "kind": {"type": "string", "description": "Empty where the document cannot be read."},
        "file": {"type": "string"},
        "version": {"type": "string"},
        "valid": {"type": "boolean"},
        "findings": {"type": "array", "items": FINDING},
    },
}
EXAMPLE_FINDING = {
    "rule": "DCC-STRUCTURE-VALUE",
    "severity": "error",
    "line": 17,
    "path": "/dcc:digitalCalibrationCertificate/dcc:administrativeData[1]/dcc:coreData[1]/dcc:uniqueIdentifier[1]",
    "text": {"zh": "dcc:uniqueIdentifier 的值“”不允许。", "en": "dcc:uniqueIdentifier may not be “”."},
}
EXAMPLE_REPORT = {
    "kind": "dcc", "file": "certificate.xml", "version": "3.3.0", "valid": False, "findings": [EXAMPLE_FINDING],
}  # fmt: skip
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Files as parts named `file`, or one file as the body (its name then in `name`).",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "array", "items": BINARY}},
                }
            },
            **{kind: {"schema": BINARY} for kind in DOCUMENTS},
        },
    }
}


def _with_roots() -> dict[str, Any]:
    """Return the body with roots to trust beside the files."""
    several = {"type": "array", "items": BINARY}
    form = {"type": "object", "required": ["file"], "properties": {"file": several, "root": several}}
    content = BODY["requestBody"]["content"] | {"multipart/form-data": {"schema": form}}
    words = "Files as parts named `file`, roots to trust (PEM) as `root`; or one file as the body."
    return {"requestBody": {"required": True, "description": words, "content": content}}


WITH_ROOTS = _with_roots()


def _notations() -> tuple[Notation, ...]:
    """Return the notations of all kinds of documents."""
    of_kinds = (notation(name, kind.name) for kind in KINDS for name in kind.notations())
    return (*known_notations(), *of_kinds, notation("credential"))


MADE: dict[str, Any] = {
    "description": "The file",
    "content": {
        kind: {"schema": {} if kind.endswith("json") else BINARY}
        for kind in dict.fromkeys((*(each.media_type for each in _notations()), BYTES))
    },
}


def _json(description: str, schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema, "example": example}}}


def _object(*required: str) -> dict[str, Any]:
    return {"type": "object", "required": list(required)}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _or(answer: dict[str, Any], media_type: str) -> dict[str, Any]:
    return answer | {"content": answer["content"] | {media_type: {"schema": {"type": "string"}}}}


ANSWERS: dict[str, dict[str, Any]] = {
    "kinds": _json(
        "What is read and written",
        _object("kinds", "wrappings", "notations", "encodings", "limits"),
        {"kinds": [{"name": "dcc", "deeds": ["convert"]}], "wrappings": [{"name": "zip", "suffixes": [".zip"]}],
         "notations": [{"name": "json"}], "encodings": ["utf-8"], "limits": {"documents": 100}},
    ),
    "check": _json("A report for each document", _list(REPORT), [EXAMPLE_REPORT]),
    "genuineness": _json(
        "A verdict for each file",
        _list(_object("file", "sha256", "verdict")),
        [{"file": "c.xml", "sha256": "9f…", "sort": "dcc", "number": "C-1", "verdict": "unknown",
          "reason": "signer_not_trusted", "status": "not_registered", "checks": [], "differences": [],
          "signature": {"present": True, "holds": False, "signing_time": "2026-06-16T07:47:30Z",
                        "questions": {"integrity": {"outcome": "ok"}}, "certificates": []}}],
    ),
    "quantities": _json(
        "The quantities of each document",
        _list(_object("file", "quantities")),
        [{"file": "certificate.xml", "quantities": [
            {"name": "Indication error", "kind": "real", "value": "0.10", "unit": "\\degreecelsius",
             "uncertainty_form": "expanded", "expanded_uncertainty": "0.06", "coverage_factor": "2"}]}],
    ),
    "convert": MADE,
    "migrate": _or(_json(
        "What changed, and the XML",
        _object("file", "version_before", "valid", "changes", "findings", "xml"),
        {"file": "certificate.xml", "version_before": "2.4.0", "valid": True, "changes": [], "findings": [],
         "xml": "<…/>"},
    ), "application/xml"),
    "compare": _json(
        "What differs",
        _object("first", "second", "relation", "same", "worst_e_n", "quantities", "administrative"),
        {"first": "A-1", "second": "A-2", "relation": "recalibration", "same": False, "worst_e_n": 0.41,
         "quantities": [], "administrative": []},
    ),
    "chain": _or(_json(
        "Certificates and links",
        _object("unbroken", "proved", "starts", "certificates", "links"),
        {"unbroken": True, "proved": False, "starts": ["A-1"], "certificates": [], "links": []},
    ), "image/svg+xml"),
}  # fmt: skip


def file_answer(made: Made) -> HttpResponse:
    """Answer a file that was made, always as an attachment that no browser runs."""
    response = HttpResponse(made.data, content_type=made.notation.media_type)
    plain = made.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    response["Content-Disposition"] = f'attachment; filename="{plain}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if made.unmapped:
        response["Jialiang-Unmapped"] = str(len(made.unmapped))
    return response
