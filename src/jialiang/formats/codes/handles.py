"""Handle names ``prefix/suffix`` as a system of codes."""

from __future__ import annotations

from jialiang.formats.codes.verdicts import ParsedCode, finding, refused
from jialiang.formats.handle.names import LONGEST_NAME, BadHandle, parsed_handle

_REASONS = {
    "no slash": "handle_no_slash",
    "empty prefix": "handle_empty_prefix",
    "empty prefix segment": "handle_empty_segment",
    "control character": "handle_control",
    "blank at an end": "handle_blank",
    "length": "handle_length",
}


def parse_handle(code: str) -> ParsedCode:
    """Read a Handle name. Raises CodeRefused."""
    try:
        name = parsed_handle(code)
    except BadHandle as problem:
        reason = _REASONS[str(problem.facts["fault"])] if code else "empty"
        raise refused(reason, code, given=code, longest=LONGEST_NAME) from problem
    remarks = () if name.suffix else (finding("handle_empty_suffix"),)
    return ParsedCode(name.text, {"prefix": name.prefix, "suffix": name.suffix}, remarks)
