"""Certificates of the Chinese kinds made from plain data, without the platform."""

from __future__ import annotations

from typing import Any

from jialiang.formats.content_reading import content_of
from jialiang.formats.dcc.chinese_profile.checking import check_profile
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.xml.parsing import parse_xml


def certificate_xml(data: Any) -> tuple[bytes, tuple[DocumentFinding, ...]]:
    """Write the certificate that plain data describe, unsigned, and say what it lacks by the profile.

    ``kind`` is calibration, legal_verification, testing or type_evaluation. Raises the errors of
    ``formats.content_reading`` and those of ``formats.dcc.writing``.
    """
    xml = dcc_xml(content_of(data))
    return xml, check_profile(parse_xml(xml), asked=True)
