"""What the OpenAPI document tells of the questions of science: bodies, answers and examples.

Their numbers are JSON numbers, as those of the command line; bodies are therefore read by ``science`` and not by the
framework, and their schemas stand at an address of their own.
"""

from __future__ import annotations

from typing import Any

JSON = "application/json"
RADIATION = {
    "id": "radiator",
    "model": {"expr": {"P": "A*5.670374419e-8'W/(m2 K4)'*T**4"}, "unit": {"P": "W"}},
    "inputs": [
        {"name": "A", "unit": "m2", "distribution": "normal", "mean": "0.0125", "u": "0.0001"},
        {"name": "T", "unit": "K", "distribution": "rectangular", "mean": "500", "half_width": "2"},
    ],
    "settings": {"method": "lpu2", "seed": 7},
}
DECISION = {"rule": "non-binary", "mpe": "0.05", "error": "0.032", "U": "0.012", "k": "2"}
ANSWER = {
    "type": "object",
    "description": "Numbers are JSON numbers, unrounded; what does not exist is null.",
}


def body(description: str, *, example: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the part of an operation that tells of a JSON object in and one out."""
    schema = {"type": "object", "description": description}
    content = {JSON: {"schema": schema, "examples": {name: {"value": example}}}}
    return {
        "requestBody": {"required": True, "content": content},
        "responses": {200: {"description": "The answer", "content": {JSON: {"schema": ANSWER}}}},
    }


BUDGET = body(
    "A budget document as for `jialiang uncertainty evaluate`; its JSON Schema stands at "
    "`/api/v1/science/budget-document.schema.json`.",
    example=RADIATION,
    name="radiator",
)
QUESTION = body(
    "The members of the topic, as for `jialiang metrology`; they are listed by `/api/v1/science/topics`.",
    example=DECISION,
    name="decision",
)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BYTES = {"schema": {"type": "string", "format": "binary"}}
XML = "application/xml"
_XML = {"schema": {"type": "string", "description": "XML of a digital calibration certificate, or of a result of one"}}
VALUES = {"requestBody": {"required": True, "content": {XML: _XML}}}
CERTIFICATE = {
    **VALUES,
    "responses": {200: {"description": "The input of a budget document", "content": {JSON: {"schema": ANSWER}}}},
}
CONVERSION = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": {"type": "object", "description": "A budget document or an archive of GTC 1.5"},
                "examples": {"radiator": {"value": RADIATION}},
            },
            WORKBOOK: _BYTES,
            XML: _XML,
        },
    },
    "responses": {
        200: {
            "description": "The budget in the notation asked for",
            "content": {JSON: {"schema": ANSWER}, WORKBOOK: _BYTES, XML: _XML},
        }
    },
}
SCHEMA = {
    "responses": {
        200: {
            "description": "JSON Schema 2020-12",
            "content": {"application/schema+json": {"schema": {"type": "object"}}},
        }
    }
}
