"""The Chinese profile for certificates that do not claim it, where whoever checks asks for it."""

from __future__ import annotations

from jialiang.formats.dcc.chinese_profile.checking import check_profile
from jialiang.formats.dcc.chinese_profile.reading import claims
from jialiang.formats.documents.envelopes import parts_in
from jialiang.formats.documents.reports import Report, with_findings
from jialiang.kernel.errors import JialiangError


def with_chinese_profile(name: str, data: bytes, reports: tuple[Report, ...]) -> tuple[Report, ...]:
    """Add to each report about a DCC in a file what it lacks of the profile; who claims it was checked before.

    ``reports`` are those of ``check_file``, one a document in the order of the file: two may have one name.
    """
    try:
        parts = parts_in(name, data)
    except JialiangError:
        return reports
    return tuple(
        with_findings(report, check_profile(part.tree, asked=True))
        if report.kind == "dcc" and not claims(part.tree)
        else report
        for report, part in zip(reports, parts, strict=True)
    )
