"""The JSON Schema (2020-12) of the document, from the table of fields."""

from __future__ import annotations

from typing import Any

from jialiang.formats.making.fields import FORMAT, ROOT, Field, fields_of, objects

_TEXT = {"type": ["string", "integer"]}
_NUMBER = {"anyOf": [{"type": "string", "pattern": r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?$"},
                     {"type": "number"}]}  # fmt: skip
_WORDS = {"anyOf": [_TEXT, {"type": "object", "propertyNames": {"pattern": "^[a-z]{2}$"},
                            "additionalProperties": {"type": "string"}}]}  # fmt: skip
_LEAVES: dict[str, dict[str, Any]] = {
    "line": _TEXT,
    "words": _WORDS,
    "flag": {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false"]}]},
    "decimal": _NUMBER,
    "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    "key": {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_-]{0,59}$"},
    "refType": {"type": "string", "pattern": r"^[A-Za-z0-9]+_\S+( [A-Za-z0-9]+_\S+)*$"},
    "unit": {"type": "string"},
    "base64": {"type": "string", "contentEncoding": "base64"},
    "lines": _TEXT,
    "texts": _TEXT,
    "decimals": _NUMBER,
}
_LISTS = ("lines", "texts", "decimals", "codes")
_HOLES = ("texts", "decimals")


def json_schema() -> dict[str, Any]:
    """Return the schema of a document. A document with a template may leave out what the template gives."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": "A calibration certificate to be made into DCC 3.3.0",
        "$ref": f"#/$defs/{ROOT}",
        "$defs": {name: _object(name) for name in objects()},
    }


def _object(name: str) -> dict[str, Any]:
    fields = fields_of(name)
    required = [field.name for field in fields.values() if field.required]
    # Templates give names of results and columns.
    kept = [member for member in required if (name, member) not in (("result", "name"), ("column", "name"))]
    made: dict[str, Any] = {
        "type": "object",
        "properties": {field.name: _member(field) for field in fields.values()},
        "additionalProperties": False,
    }
    return made | ({"required": kept} if kept else {})


def _member(field: Field) -> dict[str, Any]:
    return {"title": f"{field.label.zh} / {field.label.en}", **_inside(field)}


def _inside(field: Field) -> dict[str, Any]:
    if field.kind == "const":
        return {"const": field.codes[0]}
    if field.kind == "object":
        return {"$ref": f"#/$defs/{field.of}"}
    if field.kind == "list":
        least = {"minItems": 1} if field.required else {}
        return {"type": "array", "items": {"$ref": f"#/$defs/{field.of}"}, **least}
    one = {"enum": list(field.codes)} if field.kind in ("code", "codes") else _LEAVES[field.kind]
    if field.kind not in _LISTS:
        return one
    entry = {"anyOf": [one, {"enum": [None, ""]}]} if field.kind in _HOLES else one
    return {"anyOf": [one, {"type": "array", "items": entry, "minItems": 1}]}
