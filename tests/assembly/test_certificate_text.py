"""What ``certificate show`` prints: every figure as it stands in the certificate, in columns, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from unicodedata import east_asian_width

import pytest
from cryptography.hazmat.primitives import hashes
from lxml import etree
from tests.formats.sample_content import H3_CORRECTIONS, H3_READINGS
from tests.formats.sample_keys import CHECK_TIME, anchors, signed_sample

from jialiang.assembly.certificate_text import shown
from jialiang.assembly.demo_report import gum_h3
from jialiang.assembly.forgery import DCC, SI, altered, resigned_by_stranger
from jialiang.formats.authenticity.examination import examine
from jialiang.formats.authenticity.verdict import judge
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.dcc.view import CertificateView, TableView
from jialiang.formats.xades.verification import verify
from jialiang.kernel.text import Text


@pytest.fixture(scope="module")
def view() -> CertificateView:
    return read_certificate(signed_sample())


def width(line: str) -> int:
    """How many places a terminal needs."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line)


def rows_of(text: str, view: CertificateView, language: str) -> list[str]:
    lines = text.splitlines()
    name = view.results[0].name.in_language(language)
    begin = lines.index(name) + 1
    return lines[begin : lines.index("", begin)]


HEADS = {
    "zh": [
        "证书编号: JZ2026-000123",
        "签发机构: 示例省计量科学研究院（虚构）",
        "委托方: 示例制药有限公司（虚构）",
        "器具: 水银温度计 WLB-11",
        "工作日期: 2026-06-15",
        "签发日期: 2026-06-16",
    ],
    "en": [
        "Certificate number: JZ2026-000123",
        "Issued by: Sample Institute of Metrology (fictional)",
        "Customer: Sample Pharma Ltd (fictional)",
        "Instrument: Mercury-in-glass thermometer WLB-11",
        "Performed: 2026-06-15",
        "Issued: 2026-06-16",
    ],
}
FEET = {
    "zh": ["标准器: 恒温槽 TB-1", "责任人: 甲（虚构） (检定员)", "责任人: 丙（虚构） (授权签字人)"],
    "en": [
        "Measurement standard: Thermostatic bath TB-1",
        "Responsible person: Person A (fictional) (Technician)",
        "Responsible person: Person C (fictional) (Signatory)",
    ],
}
COLUMNS = {
    "zh": ["参考温度 / ℃", "示值 / ℃", "修正值 / K", "U / K", "k"],
    "en": ["Reference temperature / °C", "Indication / °C", "Correction / K", "U / K", "k"],
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_says_who_what_and_when_first_and_by_whom_last(view: CertificateView, language: str) -> None:
    lines = shown(view, language).splitlines()
    assert lines[:6] == HEADS[language]
    assert [line for line in lines if line in FEET[language]] == FEET[language]
    assert shown(view, language).endswith("\n")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_results_of_gum_h3_stand_in_their_columns_digit_for_digit(
    view: CertificateView, language: str
) -> None:
    heading, *rows = rows_of(shown(view, language), view, language)
    for column in COLUMNS[language]:
        assert column in heading
    assert len(rows) == 11
    for row, reading, correction in zip(rows, H3_READINGS, H3_CORRECTIONS, strict=True):
        _, indication, shift, uncertainty, factor, said = row.split()
        assert (indication, shift) == (reading, correction.replace("-", "−"))
        assert (uncertainty, factor, said) == ("0.018", "2.00", {"zh": "符合", "en": "Pass"}[language])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_columns_end_at_the_same_place_on_a_terminal_whatever_the_script(
    view: CertificateView, language: str
) -> None:
    rows = rows_of(shown(view, language), view, language)
    assert len({width(row) for row in rows}) == 1
    ends = [width(rows[0][: rows[0].index(column) + len(column)]) for column in COLUMNS[language]]
    for row in rows[1:]:
        cells = row.split()[:5]
        at = 0
        for cell, end in zip(cells, ends, strict=True):
            at = row.index(cell, at) + len(cell)
            assert width(row[:at]) == end


def test_what_a_certificate_does_not_say_has_no_line(view: CertificateView) -> None:
    bare = replace(
        view, issue_date="", replaces="", begin_date="", end_date="", items=(), persons=(), equipment=()
    )
    text = shown(bare, "en")
    for word in ("Issued:", "Replaces", "Performed", "Instrument:", "Responsible", "Measurement standard"):
        assert word not in text


def test_work_of_several_days_has_both_and_work_of_one_day_only_one(view: CertificateView) -> None:
    assert "Performed: 2026-06-15\n" in shown(view, "en")
    longer = replace(view, end_date="2026-06-18", replaces="JZ2025-000009")
    assert "Performed: 2026-06-15 – 2026-06-18\n" in shown(longer, "en")
    assert "替代: JZ2025-000009\n" in shown(longer, "zh")


def test_a_language_that_is_missing_falls_back_to_the_one_that_is_there(view: CertificateView) -> None:
    only = replace(view, customer=replace(view.customer, name=Text("只有中文", "")))
    assert "Customer: 只有中文\n" in shown(only, "en")


def test_a_table_without_columns_prints_its_name_alone(view: CertificateView) -> None:
    empty = TableView(
        **{f: getattr(view.results[0], f) for f in view.results[0].__dataclass_fields__} | {"quantities": ()}
    )
    lines = shown(replace(view, results=(empty,)), "en").splitlines()
    at = lines.index("Corrections of the thermometer")
    assert lines[at + 1] == ""


def test_columns_of_different_length_are_filled_with_nothing(view: CertificateView) -> None:
    table = view.results[0]
    first = replace(table.quantities[0], quantity_values=table.quantities[0].quantity_values[:3])
    shorter = replace(table, quantities=(first, *table.quantities[1:]))
    rows = rows_of(shown(replace(view, results=(shorter,)), "en"), view, "en")
    assert len(rows) == 12
    assert [len(row.split()) for row in rows[1:]] == [6] * 3 + [5] * 8


# --- what a forger hands in -------------------------------------------------------------------------------------


def figures(xml: bytes) -> list[str]:
    results = next(etree.fromstring(xml).iter(f"{DCC}measurementResults"))
    return [element.text or "" for element in results.iter(f"{SI}valueXMLList")]


def test_the_altered_certificate_differs_in_one_digit_and_nowhere_else() -> None:
    whole = signed_sample()
    before, after = figures(whole), figures(altered(whole))
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(changed) == 1
    digits = [(a, b) for a, b in zip(*changed[0], strict=True) if a != b]
    assert len(digits) == 1
    assert all(digit.isdigit() for digit in digits[0])
    one, other = (examine(data, trusted=anchors(), at=CHECK_TIME) for data in (whole, altered(whole)))
    assert one.view is not None
    assert other.view is not None
    assert one.number == other.number
    assert other.findings is not None
    assert other.findings.integrity.outcome == "failed"
    verdict = judge(other, None, CHECK_TIME)
    assert (verdict.verdict, verdict.is_genuine) == ("altered", False)


def test_a_digit_is_always_changed_into_another_that_is_no_zero() -> None:
    xml = signed_sample()
    for _ in range(9):
        again = altered(xml)
        assert figures(again) != figures(xml)
        assert "0" not in {b for a, b in zip(figures(xml)[0], figures(again)[0], strict=True) if a != b}
        xml = again
    assert figures(xml) == figures(signed_sample()), "nine steps lead back"


def test_the_impostor_s_signature_holds_and_nobody_trusts_it() -> None:
    now = datetime(2026, 6, 16, 8, tzinfo=UTC)
    forged = resigned_by_stranger(signed_sample(), now)
    found = verify(forged, anchors().roots, now)
    assert found.integrity.outcome == "ok"
    assert found.chain.outcome == "failed"
    assert found.signer_certificate is not None
    assert "Impostor" in found.signer_certificate.subject.rfc4514_string()
    assert found.signer_certificate.fingerprint(hashes.SHA256()) != verify(
        signed_sample(), anchors().roots, now
    ).signer_certificate.fingerprint(hashes.SHA256())
    assert figures(forged) == figures(signed_sample())
    assert resigned_by_stranger(signed_sample(), now) != forged, "a new key each time"


# JCGM 100:2008, H.3.3 to H.3.5, as printed
PRINTED = {
    "y1": (-0.1712, 5e-5), "u_y1": (0.0029, 5e-5), "y2": (0.00218, 5e-6), "u_y2": (0.00067, 5e-6), "r": (-0.930, 5e-4),
    "b30": (-0.1494, 5e-5), "u_b30": (0.0041, 5e-5),
}  # fmt: skip


@pytest.mark.parametrize(("name", "printed"), PRINTED.items(), ids=PRINTED)
def test_the_report_s_line_is_that_of_the_gum(name: str, printed: tuple[float, float]) -> None:
    figure, tolerance = printed
    assert gum_h3()[name] == pytest.approx(figure, abs=tolerance)
