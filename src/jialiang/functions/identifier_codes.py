"""Codes of other systems beside a record: checked by their rules, and filed where a GS1 resolver looks."""

from __future__ import annotations

from collections.abc import Iterable

from jialiang.base.identifiers.code_claims import DIGITAL_LINK as DIGITAL_LINK
from jialiang.base.identifiers.code_claims import KEYS as KEYS
from jialiang.base.identifiers.code_claims import gs1_paths as gs1_paths
from jialiang.base.identifiers.errors import BadCode
from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.codes import UnknownCodeSystem, check
from jialiang.kernel.text import Text, storable


def known_codes(codes: Iterable[RecordCode]) -> tuple[RecordCode, ...]:
    """Return codes in the canonical form of their systems. Raises BadCode with the reason and the way to mend it."""
    return tuple(_known(code) for code in codes)


def _known(code: RecordCode) -> RecordCode:
    try:
        verdict = check(code.system, code.code)
    except UnknownCodeSystem as problem:
        raise BadCode(system=storable(code.system, 40), given=storable(code.code, 60), reason=problem.rule) from problem
    if not verdict.valid:
        worst = verdict.findings[0]
        told = Text(f"{worst.what.zh}{worst.hint.zh}", f"{worst.what.en} {worst.hint.en}")
        reason = Text(told.zh.removesuffix("。"), told.en.removesuffix("."))
        raise BadCode(system=verdict.system, given=storable(code.code, 60), reason=reason)
    canonical = verdict.parts["path"] if verdict.system == DIGITAL_LINK else verdict.canonical
    return RecordCode(verdict.system, canonical, code.primary)
