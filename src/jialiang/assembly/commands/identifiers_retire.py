"""``jialiang identifiers retire NAME``: an identifier that shall never be given again."""

from __future__ import annotations

import argparse

from jialiang.assembly.founding import founder
from jialiang.assembly.record_lines import record_document, record_lines
from jialiang.assembly.saying import say
from jialiang.functions.identifiers import retire
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenant_by_slug


def run(arguments: argparse.Namespace) -> int:
    """Retire one name for good. Returns 0."""
    tenant = tenant_by_slug(arguments.tenant)
    with scope(tenant.pk):
        record = retire(
            actor=founder(tenant), name=arguments.name, reason=arguments.reason, now=utc_now()
        )
    say(arguments, record_document(record), record_lines(record))
    return 0
