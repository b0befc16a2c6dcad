"""``jialiang identifiers resolve NAME``: the record as it is or stood, with ``--verify`` its signature checked."""

from __future__ import annotations

import argparse

from jialiang.assembly.founding import founder
from jialiang.assembly.moments import moment_of
from jialiang.assembly.record_lines import record_document, record_lines, signature_lines
from jialiang.assembly.saying import say
from jialiang.base.identifiers.errors import IdentifierUnknown
from jialiang.formats.handle.trust_documents import trust_document
from jialiang.functions.identifier_trust import trust_report
from jialiang.functions.identifiers import resolve_identifier
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenant_by_slug
from jialiang.vocabulary.statuses import IdentifierState

FOUND, NOT_FOUND = 0, 1


def run(arguments: argparse.Namespace) -> int:
    """Show one record. Returns 0 where it resolves, 1 where it is unknown, reserved, suspended or retired.

    With ``--verify`` what the check of its signature found is shown besides, and 1 is returned where it does not hold.
    """
    at = moment_of(arguments.at) if arguments.at else None
    tenant = tenant_by_slug(arguments.tenant)
    with scope(tenant.pk):
        try:
            record = resolve_identifier(
                actor=founder(tenant),
                name=arguments.name,
                indexes=arguments.index,
                types=arguments.type,
                at=at,
                now=utc_now(),
            )
        except IdentifierUnknown as problem:
            words = problem.what
            say(arguments, problem.to_json(), [Text(words.zh, words.en)])
            return NOT_FOUND
    document, lines = record_document(record), list(record_lines(record))
    found = record.state == IdentifierState.ACTIVE
    if arguments.verify:
        report = trust_report(record.name, utc_now())
        document["signature"] = trust_document(report)
        lines += signature_lines(report)
        found = found and report.is_trusted
    say(arguments, document, lines)
    return FOUND if found else NOT_FOUND
