"""Bodies of requests: checked member by member before anything is done, each fault with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from jialiang.formats.handle.values import HandleValue
from jialiang.integration.snms.envelope import BadRequest, TooManyRecords
from jialiang.kernel.text import Text

LONGEST_HANDLE, LONGEST_VERSION, LONGEST_TYPE, LONGEST_VALUE = 255, 128, 128, 255
LONGEST_USERNAME, LONGEST_PASSWORD = 50, 64
MOST_RECORDS = 2000
TEMPLATE_INDEX = 1001
LARGEST_INDEX = 2_147_483_647
STRING = "string"
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class GivenRecord:
    """A record as sent: its name, the version of its template, its values."""

    handle: str
    template_version: str
    values: tuple[HandleValue, ...]


@dataclass(frozen=True, slots=True)
class BadItem:
    """An item of a batch that breaks a rule: the name it gives, as far as it gives one, and what is wrong."""

    handle: str
    error: BadRequest


def text_member(body: Mapping[str, Any], name: str, longest: int, place: str = "") -> str:
    """Return a member that must be a text of 1 to ``longest`` characters. Raises BadRequest."""
    where = f"{place}{name}"
    found = body.get(name)
    if found is None:
        raise BadRequest(place=where, rule=Text("缺少必要的请求参数", "it is missing"))
    if not isinstance(found, str) or not 1 <= len(found) <= longest:
        raise BadRequest(
            place=where, rule=Text(f"应为 1 至 {longest} 个字符的文本", f"a text of 1 to {longest} characters")
        )
    return found


def object_body(body: object, place: str = "") -> Mapping[str, Any]:
    """Return a body that must be an object. Raises BadRequest."""
    if not isinstance(body, dict):
        raise BadRequest(place=place or "body", rule=Text("应为 JSON 对象", "a JSON object"))
    return body


def given_record(body: object, place: str = "") -> GivenRecord:
    """Read one record. Raises BadRequest with the place of the first fault."""
    members = object_body(body, place.rstrip("."))
    handle = text_member(members, "handle", LONGEST_HANDLE, place)
    version = text_member(members, "templateVersion", LONGEST_VERSION, place)
    values = members.get("value")
    if not isinstance(values, list) or not values:
        raise BadRequest(place=f"{place}value", rule=Text("应为非空数组", "an array that is not empty"))
    read = tuple(_value(value, f"{place}value[{i}]") for i, value in enumerate(values))
    _require_once(read, place)
    return GivenRecord(handle, version, read)


def given_batch(body: object) -> list[GivenRecord | BadItem]:
    """Read a batch of records, each by itself: one that breaks a rule does not hold up the others.

    Raises BadRequest where the body is no array, TooManyRecords.
    """
    return [_item(record, given_record) for record in _batch(body)]


def given_names(body: object) -> list[str | BadItem]:
    """Read a batch of names, an array or ``{"handles": […]}``, each by itself. Raises BadRequest, TooManyRecords."""
    inner = body.get("handles") if isinstance(body, dict) else body
    return [_item(name, _name) for name in _batch(inner)]


def shown_value(value: HandleValue) -> dict[str, Any]:
    """Return a value as this door writes it; data that are no text are written in hexadecimal."""
    text = value.text
    return {
        "auth": "1" if value.is_public else "0",
        "index": value.index,
        "type": value.type,
        "data": {"format": STRING, "value": value.data.hex() if text is None else text},
    }


def _name(body: object) -> str:
    """Return a name, written by itself or as the record that ``DELETE`` of a single one takes."""
    return text_member(body if isinstance(body, dict) else {"handle": body}, "handle", LONGEST_HANDLE)


def _item(body: object, read: Callable[[object], Read]) -> Read | BadItem:
    try:
        return read(body)
    except BadRequest as refused:
        name = body.get("handle") if isinstance(body, dict) else body
        return BadItem(name if isinstance(name, str) else "", refused)


def _batch(body: object) -> list[Any]:
    if not isinstance(body, list) or not body:
        raise BadRequest(place="body", rule=Text("应为非空数组", "an array that is not empty"))
    if len(body) > MOST_RECORDS:
        raise TooManyRecords(number=len(body), limit=MOST_RECORDS)
    return body


def _value(body: object, place: str) -> HandleValue:
    members = object_body(body, place)
    index = members.get("index")
    if not isinstance(index, int) or isinstance(index, bool) or not 1 <= index <= LARGEST_INDEX:
        raise BadRequest(place=f"{place}.index", rule=Text("应为正整数", "a whole number from 1"))
    if index == TEMPLATE_INDEX:
        raise BadRequest(
            place=f"{place}.index",
            rule=Text(f"{TEMPLATE_INDEX} 为预留索引", f"{TEMPLATE_INDEX} is kept for the template")
        )
    kind = text_member(members, "type", LONGEST_TYPE, f"{place}.")
    data = object_body(members.get("data"), f"{place}.data")
    if data.get("format", STRING) != STRING:
        raise BadRequest(place=f"{place}.data.format", rule=Text("只支持 string", "only string is known here"))
    return HandleValue(index, kind, text_member(data, "value", LONGEST_VALUE, f"{place}.data.").encode())


def _require_once(values: tuple[HandleValue, ...], place: str) -> None:
    seen: set[int] = set()
    for i, value in enumerate(values):
        if value.index in seen:
            raise BadRequest(
                place=f"{place}value[{i}].index", rule=Text("索引重复", "the index was given before")
            )
        seen.add(value.index)
