"""Object identifiers (OID) in dotted decimals: the first arc is 0, 1 or 2; under 0 and 1 the second is at most 39."""

from __future__ import annotations

from jialiang.formats.codes.verdicts import ParsedCode, finding, refused

URN = "urn:oid:"
LONGEST = 1000
_ROOTS = ("itu-t", "iso", "joint-iso-itu-t")
_CHINA = (("1", "2", "156"), ("2", "16", "156"))


def parse_object_identifier(code: str) -> ParsedCode:
    """Read an object identifier, with or without ``urn:oid:`` before it. Raises CodeRefused."""
    dotted = code[len(URN) :] if code[: len(URN)].lower() == URN else code
    if not dotted:
        raise refused("empty")
    if len(dotted) > LONGEST:
        raise refused("length", dotted, given=dotted, count=len(dotted), allowed=f"3-{LONGEST}")
    arcs = tuple(dotted.split("."))
    for place, arc in enumerate(arcs, 1):
        _check_arc(arc, place, dotted)
    if len(arcs) < 2:
        raise refused("oid_short", dotted)
    if arcs[0] not in ("0", "1", "2"):
        raise refused("oid_first_arc", dotted, given=arcs[0])
    if arcs[0] != "2" and (len(arcs[1]) > 2 or int(arcs[1]) > 39):
        raise refused("oid_second_arc", dotted, given=arcs[1], first=arcs[0])
    parts = {"root": _ROOTS[int(arcs[0])], "arcs": str(len(arcs)), "last_arc": arcs[-1]}
    if arcs[:3] in _CHINA:
        parts["country"] = "156"
    return ParsedCode(dotted, parts, () if dotted == code else (finding("typed_otherwise", dotted),))


def _check_arc(arc: str, place: int, dotted: str) -> None:
    if not arc:
        raise refused("oid_empty_arc", dotted, place=place)
    if not (arc.isascii() and arc.isdigit()):
        raise refused("oid_digits", dotted, given=arc, place=place)
    if arc != "0" and arc.startswith("0"):
        raise refused("oid_leading_zero", dotted, arc.lstrip("0") or "0", given=arc, place=place)
