"""Codes that things carry: checked, read and written, with the reason and the way to mend it in both languages."""

from jialiang.formats.codes.checking import SYSTEMS, CodeSystem, UnknownCodeSystem, check
from jialiang.formats.codes.gs1_paths import canonical_path, walk_up
from jialiang.formats.codes.verdicts import CodeFinding, CodeRefused, CodeVerdict

__all__ = [
    "SYSTEMS",
    "CodeFinding",
    "CodeRefused",
    "CodeSystem",
    "CodeVerdict",
    "UnknownCodeSystem",
    "canonical_path",
    "check",
    "walk_up",
]
