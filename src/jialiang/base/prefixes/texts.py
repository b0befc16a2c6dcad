"""The text of a prefix: which may be given, where it stands in the tree, which code comes next."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jialiang.base.prefixes.errors import BadPrefix
from jialiang.governance.data_elements import reason
from jialiang.kernel.text import storable
from jialiang.vocabulary.statuses import PrefixLevel

LONGEST_PREFIX = 60
LONGEST_CODE = 20
_CODE = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z_-]{0,18}[0-9A-Za-z])?", re.ASCII)
_LEVELS = (PrefixLevel.NATIONAL, PrefixLevel.SECOND_LEVEL, PrefixLevel.ENTERPRISE)


def checked_prefix(text: str) -> str:
    """Return the prefix in ``text`` without blanks around: codes of letters, digits, ``-`` and ``_`` joined by dots.

    Raises :class:`BadPrefix`.
    """
    prefix = text.strip()
    if len(prefix) > LONGEST_PREFIX:
        why = reason("too_long", length=len(prefix), limit=LONGEST_PREFIX)
        raise BadPrefix(given=storable(prefix, 80), reason=why)
    for code in prefix.split("."):
        _require_code(code, prefix)
    return prefix


def checked_code(text: str) -> str:
    """Return one part of a prefix between dots, as a wish of an applicant may give it. Raises :class:`BadPrefix`."""
    code = text.strip()
    _require_code(code, code)
    return code


def level_of(prefix: str) -> PrefixLevel:
    """Return the level by the number of codes: one national, two second-level, three and more enterprise."""
    return _LEVELS[min(prefix.count("."), 2)]


def above(prefix: str) -> str:
    """Return the prefix without its last code, empty for a national one."""
    return prefix.rpartition(".")[0]


def next_code(taken: Iterable[str]) -> str:
    """Return the number after the greatest of the codes that are numbers, ``1`` where there is none.

    Leading zeros count for nothing: after ``0042`` comes ``43``.
    """
    numbers = [int(code) for code in taken if code.isascii() and code.isdecimal()]
    return str(max(numbers, default=0) + 1)


def _require_code(code: str, given: str) -> None:
    if not _CODE.fullmatch(code):
        raise BadPrefix(given=storable(given, 80), reason=reason("not_a_prefix_code"))
