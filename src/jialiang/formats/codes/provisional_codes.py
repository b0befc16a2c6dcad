"""Ecode and MA: what is known of their structure, checked provisionally.

The texts of the standards were not available to this program. A verdict says ``provisional``; no conformance is
claimed, and a code that is refused here may be right by the standard's text.
"""

from __future__ import annotations

import re

from jialiang.formats.codes.verdicts import ParsedCode, refused

_ECODE_VERSIONS = {
    "1": (4, 20, False),
    "2": (4, 28, False),
    "3": (5, 39, True),
}  # NSI, longest MD, letters in MD
_ECODE_UNICODE = "4"
_ECODE_UNICODE_NSI = 5
_ECODE_LONGEST = 512
_MA_NODES = re.compile(r"[A-Z0-9]+", re.ASCII)


def parse_ecode(code: str) -> ParsedCode:
    """Read an Ecode as version, system number and master data. Raises CodeRefused."""
    if not code:
        raise refused("empty")
    version = code[0]
    if version == _ECODE_UNICODE:
        return _unicode_ecode(code)
    if version not in _ECODE_VERSIONS:
        raise refused("ecode_version", code, given=version)
    system, longest, letters = _ECODE_VERSIONS[version]
    number, data = code[1 : 1 + system], code[1 + system :]
    _require_system_number(number, system, code)
    if not 1 <= len(data) <= longest:
        raise refused("length", code, given=data, count=len(data), allowed=f"1-{longest}")
    right = data.isascii() and (data.isalnum() if letters else data.isdigit())
    if not right:
        raise refused("ecode_letters" if letters else "ecode_digits", code, given=data, version=version)
    return ParsedCode(code, {"version": version, "system": number, "data": data})


def parse_ma(code: str) -> ParsedCode:
    """Read an MA code: ``MA.`` country, nodes joined with dots, then parts after slashes. Raises CodeRefused."""
    head, *after = code.split("/")
    first, *nodes = head.split(".")
    if not code:
        raise refused("empty")
    if first != "MA":
        raise refused("ma_begin", code, given=first)
    if len(nodes) < 3:
        raise refused("ma_short", code)
    if not re.fullmatch("[0-9]{3}", nodes[0], re.ASCII):
        raise refused("ma_country", code, given=nodes[0])
    for node in nodes[1:]:
        if not _MA_NODES.fullmatch(node):
            raise refused("ma_node", code, given=node)
    if any(not part or not part.isprintable() or " " in part for part in after):
        raise refused("ma_after", code)
    parts = {"country": nodes[0], "node": nodes[1], "user": ".".join(nodes[2:])}
    return ParsedCode(code, parts | ({"product": "/".join(after)} if after else {}))


def _unicode_ecode(code: str) -> ParsedCode:
    number, data = code[1 : 1 + _ECODE_UNICODE_NSI], code[1 + _ECODE_UNICODE_NSI :]
    _require_system_number(number, _ECODE_UNICODE_NSI, code)
    if not 1 <= len(data) <= _ECODE_LONGEST:
        raise refused("length", code, given=data, count=len(data), allowed=f"1-{_ECODE_LONGEST}")
    if not data.isprintable():
        raise refused("ecode_letters", code, given=data, version=_ECODE_UNICODE)
    return ParsedCode(code, {"version": _ECODE_UNICODE, "system": number, "data": data})


def _require_system_number(number: str, digits: int, code: str) -> None:
    if not (len(number) == digits and number.isascii() and number.isdigit()):
        raise refused("ecode_system", code, given=number, count=digits)
