"""``jialiang identifiers register NAME``: a record with values and codes, or the next free name under a prefix."""

from __future__ import annotations

import argparse

from jialiang.assembly.founding import founder
from jialiang.assembly.record_lines import codes_of, record_document, record_lines, values_of
from jialiang.assembly.saying import say
from jialiang.functions.identifiers import minted_name, register
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenant_by_slug


def run(arguments: argparse.Namespace) -> int:
    """Register one name. Returns 0."""
    values, codes = values_of(arguments.value), codes_of(arguments.code)
    tenant, now = tenant_by_slug(arguments.tenant), utc_now()
    actor = founder(tenant)
    with scope(tenant.pk):
        name = arguments.name
        if arguments.mint:
            name = minted_name(
                actor=actor, prefix=name, rule=arguments.mint, template=arguments.pattern or "", now=now
            )
        record = register(
            actor=actor,
            name=name,
            values=values,
            state="reserved" if arguments.reserved else "active",
            codes=codes,
            overwrite=arguments.overwrite,
            now=now,
        )
    say(arguments, record_document(record), record_lines(record))
    return 0
