"""Values and records on the wire.

value      index 4, timestamp 4, kind of ttl 1 (0 relative, 1 absolute), ttl 4, permissions 1, type (text),
           data (block), number of references 4, {name (text), index 4}*
record     name (text), number of values 4, values
"""

from __future__ import annotations

from struct import Struct

from jialiang.formats.handle.octets import Octets, block_octets, text_octets, uint32_octets
from jialiang.formats.handle.values import HandleRecord, HandleReference, HandleValue
from jialiang.kernel.text import Text

MOST_VALUES = 2048
SMALLEST_VALUE = 26
_HEAD = Struct(">IIBIB")
BAD_TTL = Text(zh="有效期种类须为 0 或 1", en="the kind of time to live is 0 or 1")
BAD_PERMISSIONS = Text(zh="权限只有四位", en="there are four bits of permissions")
MANY_VALUES = Text(zh="值的个数超过 2048", en="a record has at most 2048 values")


def value_octets(value: HandleValue) -> bytes:
    """Return the bytes of a value."""
    head = _HEAD.pack(value.index, value.timestamp, value.ttl_absolute, value.ttl, value.permissions)
    references = [text_octets(own.handle) + uint32_octets(own.index) for own in value.references]
    rest = [text_octets(value.type), block_octets(value.data), uint32_octets(len(references)), *references]
    return head + b"".join(rest)


def read_value(octets: Octets) -> HandleValue:
    """Read a value from where ``octets`` stands. Raises BadOctets."""
    start = octets.at
    index, timestamp, kind, ttl, permissions = _HEAD.unpack(octets.raw(_HEAD.size, "value"))
    if kind > 1:
        raise octets.fault("kind of the time to live", BAD_TTL, start + 8)
    if permissions > 15:
        raise octets.fault("permissions of a value", BAD_PERMISSIONS, start + 13)
    type_name, data = octets.text("type of a value"), octets.block("data of a value")
    number = octets.count("number of references", least=8)
    references = tuple(_reference(octets) for _ in range(number))
    return HandleValue(index, type_name, data, ttl, bool(kind), timestamp, permissions, references)


def record_octets(record: HandleRecord) -> bytes:
    """Return the bytes of a name and its values."""
    values = b"".join(map(value_octets, record.values))
    return text_octets(record.handle) + uint32_octets(len(record.values)) + values


def read_record(octets: Octets) -> HandleRecord:
    """Read a name and its values from where ``octets`` stands. Raises BadOctets."""
    handle = octets.text("name")
    start = octets.at
    number = octets.count("number of values", least=SMALLEST_VALUE)
    if number > MOST_VALUES:
        raise octets.fault("number of values", MANY_VALUES, start)
    return HandleRecord(handle, tuple(read_value(octets) for _ in range(number)))


def _reference(octets: Octets) -> HandleReference:
    handle = octets.text("name of a reference")
    return HandleReference(octets.uint32("index of a reference"), handle)
