"""Certificates of the five Chinese kinds to test with: each has nothing against it by the profile."""

from dataclasses import replace
from typing import Any

from tests.formats.sample_content import sample_content, sample_statements, sample_table

from jialiang.formats.canonical import to_plain
from jialiang.formats.content import CertificateContent, Method, Statement
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.kernel.text import Text

KINDS = ("verification_certificate", "verification_notice", "calibration_certificate", "test_report",
         "type_evaluation_report")  # fmt: skip
_WORK = {"verification_certificate": "legal_verification", "verification_notice": "legal_verification",
         "calibration_certificate": "calibration", "test_report": "testing",
         "type_evaluation_report": "type_evaluation"}  # fmt: skip
_CONCLUSIONS = {"verification_certificate": "准予作 0.05 级使用", "verification_notice": "不合格",
                "type_evaluation_report": "符合大纲要求"}  # fmt: skip


def content_of_kind(kind: str, **changes: Any) -> CertificateContent:
    """A complete certificate of a kind."""
    outcome = "fail" if kind == "verification_notice" else "pass"
    statements = [
        replace(each, conformity=outcome) if each.conformity else each for each in sample_statements()
    ]
    if kind == "type_evaluation_report":
        statements.append(Statement("jl_reviewedDocuments", Text("审查的技术资料"), Text("总装图、说明书")))
    table = sample_table()
    columns = tuple(
        replace(each, conformities=(outcome,) * len(each.quantity_values)) if each.conformities else each
        for each in table.columns
    )
    conclusion = _CONCLUSIONS.get(kind)
    given = {
        "kind": _WORK[kind], "statements": tuple(statements), "results": (replace(table, columns=columns),),
        "due_date": "2027-06-14" if kind in ("verification_certificate", "calibration_certificate") else "",
    }  # fmt: skip
    if conclusion:
        given["conclusion"] = Text(conclusion, "Conclusion")
    if kind == "type_evaluation_report":
        given["methods"] = (Method("method", Text("型式评价大纲"), norm="JJF 1834-2020"),
                            Method("gum", Text("测量不确定度评定"), norm="JJF 1059.1-2012"))  # fmt: skip
    return sample_content(**given | changes)


def xml_of_kind(kind: str, **changes: Any) -> str:
    """The DCC of :func:`content_of_kind`."""
    return dcc_xml(content_of_kind(kind, **changes)).decode()


def data_of_kind(kind: str) -> dict[str, Any]:
    """The same as plain data."""
    return to_plain(content_of_kind(kind))
