"""Records and templates as this door writes them."""

from __future__ import annotations

from typing import Any

from jialiang.base.identifiers.records import StoredRecord
from jialiang.formats.handle.names import parsed_handle
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_templates.items import RecordTemplate, TemplateItem
from jialiang.vocabulary.statuses import TemplateDataType, label

TEMPLATE_TYPE = "0.TYPE/DO.DOIPMETA"
DATA_TYPES = {
    TemplateDataType.TEXT: 1,
    TemplateDataType.NUMBER: 2,
    TemplateDataType.DATE: 3,
    TemplateDataType.FILE: 4,
    TemplateDataType.REFERENCE: 5,
}
ENABLED, DISABLED = 0, 1


def described_record(record: StoredRecord, template: RecordTemplate | None) -> dict[str, Any]:
    """Return a record as an object, its values as ``elements``; without a template it is of no type."""
    prefix = parsed_handle(record.name).prefix
    kind = f"{prefix}/{record.template}" if record.template else ""
    elements = [_element(value, template) for value in record.record.values]
    return {
        "id": record.name,
        "type": kind,
        "attributes": {"id": record.name, "type": kind, "elements": elements},
    }


def described_template(name: str, template: RecordTemplate) -> dict[str, Any]:
    """Return a template as an object, with its items in the order of their indexes."""
    items = [item for item in template.items if item.enabled]
    return {
        "id": name,
        "type": TEMPLATE_TYPE,
        "attributes": {
            "content": {
                "basicInfo": {
                    "metaName": template.name.zh or template.name.en,
                    "metaCode": template.code,
                    "metaContributor": template.prefix,
                },
                "itemInfos": [_item(item) for item in template.items],
                "required": [item.type for item in items if item.required],
                "uniqueness": [item.type for item in items if item.unique],
                "inputItem": [item.type for item in items],
                "listItem": [],
            }
        },
    }


def _element(value: HandleValue, template: RecordTemplate | None) -> dict[str, Any]:
    item = template.item_at(value.index) if template is not None else None
    text = value.text
    named = item.name.zh or item.name.en if item is not None else value.type
    return {
        "index": value.index,
        "type": value.type,
        "name": named,
        "dataType": DATA_TYPES[item.data_type if item is not None else TemplateDataType.TEXT],
        "value": value.data.hex() if text is None else text,
    }


def _item(item: TemplateItem) -> dict[str, Any]:
    return {
        "itemBasicInfo": {
            "itemIndex": item.index,
            "itemCode": item.type,
            "enName": item.type,
            "cnName": item.name.zh or item.name.en,
            "state": ENABLED if item.enabled else DISABLED,
        },
        "itemSchemaInfo": {
            "dataType": DATA_TYPES[item.data_type],
            "dataTypeString": label(item.data_type).zh,
            "minLength": item.minimum_length,
            "maxLength": item.maximum_length,
        },
    }
