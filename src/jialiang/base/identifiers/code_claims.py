"""What a record's codes take on the whole installation: themselves, and the places where a GS1 resolver looks.

A GTIN-13 and a GTIN-14 with a zero before it, or a GIAI and a Digital Link with it, are written differently and lead to
one path; only one record may answer there.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.codes import CodeRefused, UnknownCodeSystem, canonical_path, check
from jialiang.formats.codes.checking import system_named
from jialiang.formats.codes.digital_link import build_digital_link
from jialiang.formats.handle.published import gs1_key

KEYS = {
    "GTIN-8": "01", "GTIN-12": "01", "GTIN-13": "01", "GTIN-14": "01", "GLN": "414", "SSCC": "00", "GSRN": "8018",
    "GSIN": "402", "GINC": "401", "GRAI": "8003", "GIAI": "8004", "GDTI": "253", "GCN": "255", "CPID": "8010",
    "ITIP": "8006", "GMN": "8013",
}  # fmt: skip
"""The application identifier under which each GS1 key stands in a Digital Link."""
DIGITAL_LINK = "GS1-Digital-Link"
ELEMENT_STRING = "GS1-Element-String"
GTIN_DIGITS = 14
GS1_PLACE = "GS1 place"
"""The system of the claims on paths; no system of codes has a blank in its name."""
Claim = tuple[str, str]


def claims_of(codes: Iterable[RecordCode]) -> dict[Claim, RecordCode]:
    """Return what codes take, as pairs (system, code), each with the code that takes it; ``codes`` are canonical."""
    given = tuple(codes)
    found = {(code.system, code.code): code for code in given}
    for code in given:
        for path in gs1_paths((code,)):
            found.setdefault((GS1_PLACE, gs1_key(path)), code)
    return found


def gs1_paths(codes: Iterable[RecordCode]) -> tuple[str, ...]:
    """Return the canonical paths, ``8004/40123459``, of those codes that a GS1 resolver answers for."""
    return tuple(path for code in codes if (path := _path(code)))


def _path(code: RecordCode) -> str:
    try:
        system = system_named(code.system).name
    except UnknownCodeSystem:
        return ""
    if system == DIGITAL_LINK:
        return canonical_path(code.code).removeprefix("/")
    if system == ELEMENT_STRING:
        return build_digital_link(check(system, code.code).parts).path.removeprefix("/")
    if system not in KEYS:
        return ""
    key = KEYS[system]
    digits = code.code.zfill(GTIN_DIGITS) if key == "01" else code.code
    try:
        return canonical_path(f"/{key}/{quote(digits, safe='')}").removeprefix("/")
    except CodeRefused:  # a key of its system that the syntax of addresses does not take
        return ""
