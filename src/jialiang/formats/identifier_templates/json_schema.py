"""A template as JSON Schema (draft 2020-12) of the object that has a member for each item, named by its type."""

from __future__ import annotations

from typing import Any

from jialiang.formats.identifier_templates.checking import ADDRESS, DAY, DIGEST, NUMBER
from jialiang.formats.identifier_templates.items import RecordTemplate, TemplateItem
from jialiang.vocabulary.statuses import TemplateDataType

DIALECT = "https://json-schema.org/draft/2020-12/schema"
UNIQUE_WITHIN = "records of this prefix and template version that are not retired"
_FORMS: dict[TemplateDataType, dict[str, Any]] = {
    TemplateDataType.TEXT: {},
    TemplateDataType.NUMBER: {"pattern": f"^{NUMBER}$"},
    TemplateDataType.DATE: {"format": "date", "pattern": f"^{DAY}$"},
    TemplateDataType.FILE: {"anyOf": [{"pattern": f"^{DIGEST}$"}, {"pattern": f"^{ADDRESS}$"}]},
    TemplateDataType.REFERENCE: {"pattern": "^[^/.]+(?:\\.[^/.]+)*/"},
}


def json_schema(template: RecordTemplate) -> dict[str, Any]:
    """Return the schema; the index of an item stands in ``x-index``, its name in ``title`` and ``x-title-zh``.

    Items that are disabled are no members. JSON Schema has no word for what may stand in one document only: that is
    told in ``x-unique``, and in ``x-unique-within`` among which documents; the grants to read in ``x-readers``.
    """
    items = [item for item in template.items if item.enabled]
    return {
        "$schema": DIALECT,
        "title": template.name.en or template.name.zh,
        "x-title-zh": template.name.zh or template.name.en,
        "x-prefix": template.prefix,
        "x-template-version": template.code,
        "type": "object",
        "properties": {item.type: _member(item) for item in items},
        "required": [item.type for item in items if item.required],
        "additionalProperties": False,
    }


def _member(item: TemplateItem) -> dict[str, Any]:
    return {
        "type": "string",
        "title": item.name.en or item.name.zh,
        "x-title-zh": item.name.zh or item.name.en,
        "x-index": item.index,
        "x-data-type": item.data_type.value,
        "x-unique": item.unique,
        **({"x-unique-within": UNIQUE_WITHIN} if item.unique else {}),
        "x-readers": item.readers.value,
        "minLength": item.minimum_length,
        "maxLength": item.maximum_length,
        **_FORMS[item.data_type],
    }
