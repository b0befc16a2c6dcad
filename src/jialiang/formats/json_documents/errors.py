"""What can be wrong with JSON before its meaning is looked at."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, Unreadable


class JsonTooLarge(InvalidInput):
    """The document has more bytes than the limit allows; facts: size, limit."""

    code = "JL-JSON-001"
    http_status = 413


class NotJson(Unreadable):
    """The bytes are no JSON text in UTF-8; facts: line, column, detail (of the parser, English)."""

    code = "JL-JSON-002"


class JsonTooDeep(InvalidInput):
    """Arrays and objects are nested deeper than the limit; facts: line, column, limit."""

    code = "JL-JSON-003"


class MemberRepeated(InvalidInput):
    """An object has two members of one name, and programs do not agree which one counts; facts: name."""

    code = "JL-JSON-004"


class NumberRefused(InvalidInput):
    """A number is no finite number, or has so many digits that it is none of a certificate; facts: text."""

    code = "JL-JSON-005"


class JsonTooMany(InvalidInput):
    """The document has more values than the limit allows; facts: line, column, limit."""

    code = "JL-JSON-006"
