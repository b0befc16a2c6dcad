"""The numbers of a template as texts, so that its bytes and its digest are the same wherever it is read."""

from __future__ import annotations

import math
from typing import Any

from jialiang.information.budget_templates.errors import TemplateUnreadable

DEEPEST = 40


def numbers_as_texts(given: Any, member: str = "document", depth: int = 0) -> Any:
    """Return JSON without floats: ``0.05`` becomes ``"0.05"``.

    Raises TemplateUnreadable for what is not finite, and for texts that no database holds.
    """
    if depth > DEEPEST:
        raise TemplateUnreadable(member=member, given="…", known=f"≤ {DEEPEST}")
    if isinstance(given, float):
        if not math.isfinite(given):
            raise TemplateUnreadable(member=member, given=str(given), known="JSON")
        return repr(given)
    if isinstance(given, str):
        return _storable(given, member)
    if isinstance(given, dict):
        return {
            _storable(str(k), member): numbers_as_texts(v, f"{member}.{k}", depth + 1) for k, v in given.items()
        }
    if isinstance(given, list | tuple):
        return [numbers_as_texts(item, f"{member}[{place}]", depth + 1) for place, item in enumerate(given)]
    return given


def _storable(text: str, member: str) -> str:
    """Refuse U+0000 and halves of surrogate pairs: PostgreSQL stores neither, and the latter have no bytes."""
    for letter in text:
        if letter == "\0" or "\ud800" <= letter <= "\udfff":
            raise TemplateUnreadable(member=member, given=f"U+{ord(letter):04X}", known="Unicode")
    return text
