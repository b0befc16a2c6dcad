"""The OpenAPI 3.1 document of the door: what the framework finds, with problems, keys and preconditions added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jialiang.integration.api.problems import MEDIA_TYPE
from jialiang.integration.api.repetition import HEADER, LONGEST_KEY, is_kept

METHODS = ("get", "post", "put", "patch", "delete")
TEXT = {"type": "object", "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details; `code` leads to docs/reference/errors.md.",
    "required": ["type", "title", "status", "detail", "code", "what", "rule", "way_out", "facts"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "pattern": "^JL-[A-Z]{2,5}-[0-9]{3}$"},
        "what": TEXT,
        "rule": TEXT,
        "way_out": TEXT,
        "facts": {"type": "object"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["member", "reason"],
                "properties": {"member": {"type": "string"}, "reason": {"type": "string"}},
            },
        },
    },
}
REFUSAL = {
    "description": "Refused: the problem says what, by which rule, and the way out, in both languages.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
KEY_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Sent twice within 24 h with the same request, the request is done once and answered alike.",
    "schema": {"type": "string", "maxLength": LONGEST_KEY, "minLength": 1, "pattern": "^[A-Za-z0-9._~-]+$"},
}
CONDITION = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "ETag of the version that was read.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}\\.[0-9a-f]{24}"$'},
}
DESCRIPTION = """\
The REST interface of Jialiang 嘉量. Decimal numbers are texts with every digit as entered
(only the questions under `/science/` take and give JSON numbers too, as the command line does). Bilingual texts are
`{"zh", "en"}`. Lists come a page at a time (`after`, `limit`, `Link: rel="next"`). Reading gives an ETag; a change
starts from the version that was read (`If-Match`). Errors are problem details (RFC 9457) with a code, in Chinese and
English."""


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """Add to every operation what the door does around it; returns the same document."""
    document["components"]["schemas"]["Problem"] = PROBLEM
    for path, operation in operations(document):
        # a refusal that an operation describes itself (404 of a check) is kept
        operation["responses"].setdefault("4XX", REFUSAL)
        operation["responses"].setdefault("5XX", REFUSAL)
        operation.setdefault("parameters", [])
        if operation.get("security") and operation["method"] == "post" and is_kept(path):
            operation["parameters"].append(KEY_PARAMETER)
        if operation["method"] == "patch":
            operation["parameters"].append(CONDITION)
        del operation["method"]
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every path with its operation, whose ``method`` is noted in it."""
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                methods[method]["method"] = method
                yield path, methods[method]
