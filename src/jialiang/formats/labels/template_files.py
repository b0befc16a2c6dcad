"""Templates as the JSON files that ``jialiang identifiers label --template FILE`` takes."""

from __future__ import annotations

import json
from typing import Any

from jialiang.formats.labels.templates import Element, LabelTemplate


def template_file(template: LabelTemplate) -> bytes:
    """Write a template; ``template_from_bytes`` reads the same back."""
    told = {
        "title": template.title.to_json(),
        "width": template.width,
        "height": template.height,
        "elements": [_element(element) for element in template.elements],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _element(element: Element) -> dict[str, Any]:
    place = {
        "kind": element.kind,
        "x": element.x,
        "y": element.y,
        "width": element.width,
        "height": element.height,
    }
    if element.kind == "logo":
        return place
    if element.kind == "band":
        return place | {"colour": element.colour}
    told = place | {"text": element.text.to_json()}
    if element.kind == "symbol":
        return told | {"symbol": element.symbol}
    words = {"size": element.size, "bold": element.bold, "align": element.align, "colour": element.colour}
    return told | words
