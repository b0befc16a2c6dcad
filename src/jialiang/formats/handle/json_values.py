"""Records of the Handle System as the JSON that its HTTP interface speaks.

    {"responseCode": 1, "handle": "88.101.5/ins-7", "values": [
        {"index": 1, "type": "URL", "data": {"format": "string", "value": "https://…"},
         "ttl": 86400, "timestamp": "2026-06-16T04:07:30Z"}]}

``permissions`` (four letters 0 and 1: adminRead, adminWrite, publicRead, publicWrite) stands only where it is not
``1110``; ``references`` only where there are any; ``ttl`` is a number of seconds, or a moment where it is absolute.
Data of the structures (HS_ADMIN …) have forms of their own, see ``structures``. Members that are not known are passed
over, as clients send back what other servers wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from jialiang.formats.handle.json_faults import fault, structure_fault
from jialiang.formats.handle.structures import BadStructure, data_from_json, data_to_json
from jialiang.formats.handle.values import (
    USUAL_PERMISSIONS,
    USUAL_TTL,
    HandleRecord,
    HandleReference,
    HandleValue,
    ResponseCode,
    is_type_name,
)
from jialiang.formats.json_documents.reading import DEFAULT_LIMITS, JsonLimits, read_json

HIGHEST_INDEX = 2**31 - 1
LAST_MOMENT = 2**32 - 1  # four bytes of the native form
_FORMS = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ")


def record_json(record: HandleRecord) -> dict[str, Any]:
    """Return the answer of a success: response code, name as written, values by index."""
    return {
        "responseCode": int(ResponseCode.SUCCESS),
        "handle": record.handle,
        "values": [value_json(value) for value in sorted(record.values, key=lambda value: value.index)],
    }


def answer_body(record: HandleRecord) -> bytes:
    """Return the body to publish for an active record: its public values as compact UTF-8."""
    return compact(record_json(record.public()))


def refusal_json(code: ResponseCode, handle: str, message: str = "") -> dict[str, Any]:
    """Return the answer of a failure; ``message`` is English, for clients that show one."""
    return {"responseCode": int(code), "handle": handle, **({"message": message} if message else {})}


def compact(content: Any) -> bytes:
    """Return JSON without blanks, UTF-8."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def value_json(value: HandleValue) -> dict[str, Any]:
    """Return one value as JSON."""
    written: dict[str, Any] = {
        "index": value.index,
        "type": value.type,
        "data": data_to_json(value.type, value.data),
        "ttl": moment_text(value.ttl) if value.ttl_absolute else value.ttl,
        "timestamp": moment_text(value.timestamp),
    }
    if value.permissions != USUAL_PERMISSIONS:
        written["permissions"] = f"{value.permissions:04b}"
    if value.references:
        written["references"] = [{"handle": each.handle, "index": each.index} for each in value.references]
    return written


def read_values(body: bytes, limits: JsonLimits = DEFAULT_LIMITS) -> tuple[HandleValue, ...]:
    """Return the values in the body of a request, see :func:`parsed_values`. Raises as it and ``read_json`` do."""
    return parsed_values(read_json(body, limits))


def parsed_values(given: Any) -> tuple[HandleValue, ...]:
    """Return the values in an array, in ``{"values": […]}`` or in one value alone, in the order given.

    Raises ``BadHandleJson`` with the place of the first fault as a JSON Pointer; no index may stand twice.
    """
    if isinstance(given, dict) and "values" in given:
        return _many(given["values"], "/values")
    return _many(given, "") if isinstance(given, list) else (parsed_value(given),)


def parsed_record(given: Any, handle: str = "") -> HandleRecord:
    """Return the record in ``{"handle": …, "values": […]}``; ``handle`` is its name where the member is missing."""
    if not isinstance(given, dict):
        raise fault("", "object", given)
    name = given.get("handle", handle)
    if not isinstance(name, str) or not name:
        raise fault("/handle", "text", name)
    return HandleRecord(name, _many(given.get("values"), "/values"))


def published_record(body: bytes) -> HandleRecord:
    """Return the record of a published body; raises ``BadHandleJson`` where the body is no success."""
    return parsed_record(json.loads(body))


def parsed_value(given: Any, place: str = "") -> HandleValue:
    """Return one value of JSON; ``place`` is the pointer to it. Raises ``BadHandleJson``."""
    if not isinstance(given, dict):
        raise fault(place, "object", given)
    kind = given.get("type")
    if not isinstance(kind, str) or not is_type_name(kind):
        raise fault(f"{place}/type", "type", kind)
    ttl, absolute = _ttl(given.get("ttl"), f"{place}/ttl")
    return HandleValue(
        index=whole_number(given.get("index"), f"{place}/index", least=1),
        type=kind,
        data=_data(kind, given.get("data"), f"{place}/data"),
        ttl=ttl,
        ttl_absolute=absolute,
        timestamp=_moment(given["timestamp"], f"{place}/timestamp") if given.get("timestamp") else 0,
        permissions=_permissions(given.get("permissions"), f"{place}/permissions"),
        references=_references(given.get("references"), f"{place}/references"),
    )


def moment_text(seconds: int) -> str:
    """Return a moment as ``2026-06-16T04:07:30Z``."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def whole_number(given: Any, place: str, *, least: int = 0, most: int = HIGHEST_INDEX) -> int:
    """Return a whole number, written as a number or as its digits. Raises ``BadHandleJson``."""
    if isinstance(given, str) and given.isascii() and given.isdecimal() and len(given) <= 10:
        given = int(given)
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= most:
        raise fault(place, "number", given, least=least, most=most)
    return given


def _many(given: Any, place: str) -> tuple[HandleValue, ...]:
    if not isinstance(given, list):
        raise fault(place, "array", given)
    values = tuple(parsed_value(each, f"{place}/{at}") for at, each in enumerate(given))
    _refuse_repeated(values, place)
    return values


def _refuse_repeated(values: Iterable[HandleValue], place: str) -> None:
    seen: set[int] = set()
    for at, value in enumerate(values):
        if value.index in seen:
            raise fault(f"{place}/{at}/index", "repeated", value.index)
        seen.add(value.index)


def _data(kind: str, given: Any, place: str) -> bytes:
    try:
        return data_from_json(kind, given)
    except BadStructure as problem:
        raise structure_fault(problem, place, given) from None


def _ttl(given: Any, place: str) -> tuple[int, bool]:
    if given is None:
        return USUAL_TTL, False
    if isinstance(given, str) and not given.isdecimal():
        return _moment(given, place), True
    return whole_number(given, place), False


def _moment(given: Any, place: str) -> int:
    for form in _FORMS if isinstance(given, str) else ():
        try:
            seconds = int(datetime.strptime(given, form).replace(tzinfo=UTC).timestamp())
        except ValueError:
            continue
        if 0 <= seconds <= LAST_MOMENT:
            return seconds
    raise fault(place, "moment", given)


def _permissions(given: Any, place: str) -> int:
    if given is None:
        return USUAL_PERMISSIONS
    if not isinstance(given, str) or len(given) != 4 or not set(given) <= {"0", "1"}:
        raise fault(place, "permissions", given)
    return int(given, 2)


def _references(given: Any, place: str) -> tuple[HandleReference, ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise fault(place, "array", given)
    return tuple(_reference(each, f"{place}/{at}") for at, each in enumerate(given))


def _reference(given: Any, place: str) -> HandleReference:
    if not isinstance(given, Mapping):
        raise fault(place, "object", given)
    handle = given.get("handle")
    if not isinstance(handle, str) or not handle:
        raise fault(f"{place}/handle", "text", handle)
    return HandleReference(whole_number(given.get("index"), f"{place}/index"), handle)
