"""Minting names: suffixes that are free, by a rule, without two callers ever getting the same.

    sequence      1, 2, 3 … under the prefix
    check_digit   the next number of the sequence and its check character (ISO 7064, MOD 37,36)
    uuid          a UUID of version 7, 32 letters; needs nobody's leave
    template      a pattern: ``870101.{year}.{sequence:06}`` (``year``, ``month``, ``day``, ``sequence``, ``uuid``)

A number is taken under a lock that lasts until commit, so two who mint at once get two numbers; a number whose name
was registered by hand is passed over. A name that is minted and never registered leaves a gap.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Literal, get_args

from django.db import transaction

from jialiang.base.identifiers.check_character import check_character
from jialiang.base.identifiers.checks import checked_name
from jialiang.base.identifiers.errors import BadMintingRule
from jialiang.base.identifiers.minting import next_number
from jialiang.base.identifiers.selectors import is_taken
from jialiang.functions.deed import permit
from jialiang.functions.identifier_prefixes import open_prefix
from jialiang.functions.identifier_rights import require_to_register
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.policy import OwnedBy
from jialiang.security.tenancy.calendar import today

Rule = Literal["sequence", "uuid", "check_digit", "template"]
RULES: tuple[Rule, ...] = get_args(Rule)
LONGEST_PATTERN = 120
WIDEST_NUMBER = 20
MOST_TRIES = 64
_FIELD = re.compile(r"\{([a-z]+)(?::0?(\d{1,2}))?\}")


@transaction.atomic
def minted_name(
    *, actor: Actor, prefix: str, template: str = "", rule: str = "sequence", now: datetime
) -> str:
    """Return a free name under a prefix by one of :data:`RULES`; ``template`` is the pattern of the rule ``template``.

    Needs the permission to register there. Raises BadMintingRule, PrefixForbids.
    """
    permit(actor, "identifier.register")
    held = open_prefix(prefix)
    permit(actor, "identifier.register", OwnedBy(held.organization_id))
    require_to_register(actor, held.prefix)
    suffix = _maker(held.prefix, rule, template, now)
    for attempt in range(MOST_TRIES):
        name = checked_name(f"{held.prefix}/{suffix(attempt)}").text
        if not is_taken(name):
            return name
    raise BadMintingRule(rule=rule, reason=Text("找不到空闲的号码", "no free number was found"))


def _maker(prefix: str, rule: str, template: str, now: datetime) -> Callable[[int], str]:
    """Return what makes the suffix of an attempt; later attempts leap ahead, past names registered by hand."""
    match rule:
        case "uuid":
            return lambda attempt: new_id(now).hex
        case "sequence":
            return lambda attempt: str(next_number(prefix, "", _leap(attempt), now))
        case "check_digit":
            return lambda attempt: _checked_number(next_number(prefix, "", _leap(attempt), now))
        case "template":
            pattern = _checked_pattern(template)
            return lambda attempt: _filled(prefix, pattern, attempt, now)
    known = ", ".join(RULES)
    raise BadMintingRule(rule=rule[:40], reason=Text(f"可用的规则：{known}", f"the rules are {known}"))


def _checked_number(number: int) -> str:
    return f"{number}{check_character(str(number))}"


def _leap(attempt: int) -> int:
    return 1 << max(0, attempt - 8)


def _checked_pattern(template: str) -> str:
    fields = [match[1] for match in _FIELD.finditer(template)]
    rest = _FIELD.sub("", template)
    widths = [int(match[2]) for match in _FIELD.finditer(template) if match[2]]
    if not template or len(template) > LONGEST_PATTERN or "{" in rest or "}" in rest:
        raise _bad_pattern(template, Text("花括号未配对或内容为空", "its braces do not pair, or it is empty"))
    strange = sorted(set(fields) - {"year", "month", "day", "sequence", "uuid"})
    if strange or any(width > WIDEST_NUMBER for width in widths):
        raise _bad_pattern(template, Text("含有未知的字段", "it holds a field that is not known"))
    if fields.count("sequence") + fields.count("uuid") != 1:
        raise _bad_pattern(template, Text("应含一个 {sequence} 或 {uuid}", "it needs one {sequence} or {uuid}"))
    return template


def _filled(prefix: str, pattern: str, attempt: int, now: datetime) -> str:
    dated = _FIELD.sub(lambda match: _dated(match, now), pattern)

    def number(match: re.Match[str]) -> str:
        if match[1] == "uuid":
            return new_id(now).hex
        return str(next_number(prefix, dated, _leap(attempt), now)).zfill(int(match[2] or 0))

    return _FIELD.sub(number, dated)


def _dated(match: re.Match[str], now: datetime) -> str:
    """Fill what the institute's calendar tells and leave the rest: numbers begin anew in each series of these."""
    day = today(now)
    moment = {"year": f"{day.year:04}", "month": f"{day.month:02}", "day": f"{day.day:02}"}
    return moment.get(match[1], match[0])


def _bad_pattern(template: str, reason: Text) -> BadMintingRule:
    return BadMintingRule(rule=template[:60], reason=reason)
