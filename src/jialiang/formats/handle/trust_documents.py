"""What the check of a signature found, as a JSON document: for REST, the command line and whoever reads by machine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from jialiang.formats.handle.trust import TokenFacts, token_facts
from jialiang.formats.handle.trust_reports import TrustReport, verdict_words
from jialiang.kernel.clock import iso_seconds
from jialiang.kernel.text import Text

LAST_MOMENT = 253_402_300_799  # the end of the year 9999 in seconds since 1970


def trust_document(report: TrustReport) -> dict[str, Any]:
    """Return a report as JSON: the verdict with its words, every finding, the indexes, who signed, and the chain.

    Moments are ISO 8601 in UTC, empty where a token says none that can be told.
    """
    words, own = verdict_words(report.verdict), token_facts(report.signature)
    return {
        "verdict": report.verdict,
        "trusted": report.is_trusted,
        "title": _both(words.title),
        "remedy": _both(words.remedy),
        "findings": [
            {"code": finding.code, "certificate": finding.at, **_both(finding.text)} for finding in report.findings
        ],
        "verified": list(report.verified),
        "changed": list(report.changed),
        "missing": list(report.missing),
        "unsigned": list(report.unsigned),
        "signed_by": own.issuer if own else "",
        "signed_at": moment(own.not_before) if own else "",
        "expires": moment(own.expires) if own else "",
        "chain": [_certificate(facts) for facts in map(token_facts, report.chain) if facts is not None],
    }


def signed_by(report: TrustReport) -> str:
    """Return who made the signature that was judged, empty where none can be told."""
    own = token_facts(report.signature)
    return own.issuer if own else ""


def moment(seconds: int) -> str:
    """Return seconds since 1970 as a moment in UTC, empty for 0 and for what no calendar holds."""
    return iso_seconds(datetime.fromtimestamp(seconds, UTC)) if 0 < seconds <= LAST_MOMENT else ""


def _certificate(facts: TokenFacts) -> dict[str, str]:
    return {
        "subject": facts.subject,
        "issuer": facts.issuer,
        "valid_from": moment(facts.not_before),
        "expires": moment(facts.expires),
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
