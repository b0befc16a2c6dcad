"""The column ``more``: what the other cells of a row cannot tell, as in a line of NDJSON.

``{"values": [value, …], "codes": [{"system", "code", "primary"}, …]}``, each member only where it has something.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from jialiang.formats.handle.json_values import parsed_values, value_json
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_tables.rows import TableCode
from jialiang.formats.json_documents.reading import read_json
from jialiang.kernel.errors import JialiangError

UNREADABLE = (JialiangError, KeyError, TypeError, AttributeError, ValueError)


def read_more(text: str) -> tuple[tuple[HandleValue, ...], tuple[TableCode, ...]]:
    """Return the values and codes of a cell. Raises one of :data:`UNREADABLE`."""
    said: dict[str, Any] = read_json(text.encode())
    codes = tuple(read_code(code) for code in said.get("codes", []))
    return parsed_values(said.get("values", [])), codes


def written_more(values: Sequence[HandleValue], codes: Sequence[TableCode]) -> str:
    """Return a cell with values and codes, in letters that every cell holds; empty where there are none."""
    said: dict[str, Any] = {"values": [value_json(value) for value in values]} if values else {}
    said |= {"codes": [code_json(code) for code in codes]} if codes else {}
    return json.dumps(said, separators=(",", ":")).replace("\x7f", "\\u007f") if said else ""


def read_code(said: dict[str, Any]) -> TableCode:
    """Return a code of JSON. Raises KeyError where a member is not there, TypeError for another kind."""
    return TableCode(text_of(said, "system"), text_of(said, "code"), primary=said.get("primary", False) is True)


def code_json(code: TableCode) -> dict[str, Any]:
    """Return a code as JSON."""
    return {"system": code.system, "code": code.code, **({"primary": True} if code.primary else {})}


def text_of(said: dict[str, Any], member: str) -> str:
    """Return a member that is text. Raises KeyError where it is not there, TypeError for another kind."""
    text = said[member]
    if not isinstance(text, str):
        raise TypeError(member)
    return text
