"""The Chinese profile for certificates that do not claim it, where whoever checks asks for it."""

from __future__ import annotations

from jialiang.formats.dcc.chinese_profile.checking import check_profile
from jialiang.formats.dcc.chinese_profile.reading import claims
from jialiang.formats.documents.parts import Part
from jialiang.formats.documents.reports import Report, with_findings


def with_chinese_profile(part: Part, report: Report) -> Report:
    """Add to the report about a DCC what it lacks of the profile; one that claims it was checked before."""
    if report.kind != "dcc" or claims(part.tree):
        return report
    return with_findings(report, check_profile(part.tree, asked=True))
