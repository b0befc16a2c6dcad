"""Numbers, intervals, percentages, moments and columns as they stand on paper, each row worked by hand."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.pdf_content import ERROR, INDICATION, REFERENCE, RESULTS, certificate_content

from jialiang.formats.content import Column, ResultTable
from jialiang.formats.pdf.errors import ContentUnsuitable
from jialiang.formats.pdf.figures import aligned, local_moment, moment, shown_number, shown_percent, with_unit
from jialiang.formats.pdf.pages import page_data
from jialiang.formats.pdf.results import common_coverage_factor, conformity_word, printed_table
from jialiang.kernel.text import Text

N = "\N{THIN SPACE}"
B = "\N{NO-BREAK SPACE}"

# text: as printed | with the sign of an error
NUMBERS = {
    "0": ("0", "0"), "-0": ("0", "0"), "+0": ("0", "0"), "0.000": ("0.000", "0.000"), "-0.00": ("0.00", "0.00"),
    "5": ("5", "+5"), "-5": ("−5", "−5"), "+5": ("+5", "+5"), "10.000": ("10.000", "+10.000"),
    "0012": ("0012", "+0012"),
    # four digits stay together, five and more stand in threes on both sides
    "1234": ("1234", "+1234"), "12345": (f"12{N}345", f"+12{N}345"), "123456": (f"123{N}456", f"+123{N}456"),
    "1234567": (f"1{N}234{N}567", f"+1{N}234{N}567"), "-1234567": (f"−1{N}234{N}567", f"−1{N}234{N}567"),
    "0.1234": ("0.1234", "+0.1234"), "0.12345": (f"0.123{N}45", f"+0.123{N}45"),
    "0.123456": (f"0.123{N}456", f"+0.123{N}456"), "0.1234567": (f"0.123{N}456{N}7", f"+0.123{N}456{N}7"),
    # one long side groups the other side too
    "12345.6789": (f"12{N}345.678{N}9", f"+12{N}345.678{N}9"),
    "1234.56789": (f"1{N}234.567{N}89", f"+1{N}234.567{N}89"),
    # powers of ten
    "1E3": (f"1{B}×{B}10³", f"+1{B}×{B}10³"), "1e-3": (f"1{B}×{B}10⁻³", f"+1{B}×{B}10⁻³"),
    "-2.50E+12": (f"−2.50{B}×{B}10¹²", f"−2.50{B}×{B}10¹²"), "1E0": (f"1{B}×{B}10⁰", f"+1{B}×{B}10⁰"),
    "0E5": (f"0{B}×{B}10⁵", f"0{B}×{B}10⁵"), "1E007": (f"1{B}×{B}10⁷", f"+1{B}×{B}10⁷"),
    # blanks around go; what is no number stays, hyphens and all
    " 5 ": ("5", "+5"), "WZP-230": ("WZP-230", "WZP-230"), "A-1987-003": ("A-1987-003", "A-1987-003"), "—": ("—", "—"),
    "2026-06-16": ("2026-06-16", "2026-06-16"), "-": ("-", "-"), "": ("", ""), ".5": (".5", ".5"), "5.": ("5.", "5."),
    "1,5": ("1,5", "1,5"), "−5": ("−5", "−5"), "１２": ("１２", "１２"), "NaN": ("NaN", "NaN"), "未检出": ("未检出",
    "未检出"),
    "< 0.1": ("< 0.1", "< 0.1"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), NUMBERS.items(), ids=[repr(t) for t in NUMBERS])
def test_every_kind_of_cell_is_printed_as_laid_out(text, shown):
    assert (shown_number(text), shown_number(text, signed=True)) == shown


@pytest.mark.parametrize(
    ("text", "grouped", "shown"),
    [("1234", True, f"1{N}234"), ("123", True, "123"), ("0.1234", True, f"0.123{N}4"), ("12345", False, "12345"),
     ("0.123456", False, "0.123456"), ("-12345.5", False, "−12345.5")],
)  # fmt: skip
def test_a_column_may_ask_for_groups_or_against_them(text, grouped, shown):
    assert shown_number(text, grouped=grouped) == shown


def room(texts: tuple[str, ...], *, signed: bool = False) -> list[tuple[str, int, int]]:
    """Each number with how many letters of room stand before and behind it."""
    return [(f.text, len(f.lead), len(f.trail)) for f in aligned(texts, signed=signed)]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("1.5", "10.25", "100"), [("1.5", 2, 1), ("10.25", 1, 0), ("100", 0, 3)]),
        (("1", "-1"), [("1", 1, 0), ("−1", 0, 0)]),
        (("0.5", "0.25"), [("0.5", 0, 1), ("0.25", 0, 0)]),
        (("7", "7"), [("7", 0, 0), ("7", 0, 0)]),
        (("1", "未检出", "10"), [("1", 1, 0), ("未检出", 0, 0), ("10", 0, 0)]),
        (("1", "1E3", "10"), [("1", 1, 0), (f"1{B}×{B}10³", 0, 0), ("10", 0, 0)]),
        (("1234", "12345"), [(f"1{N}234", 1, 0), (f"12{N}345", 0, 0)]),
        ((), []),
    ],
)
def test_points_of_a_column_stand_on_one_line(texts, expected):
    assert room(texts) == expected


def test_signs_of_errors_take_room_too():
    assert room(("0.1", "-0.1", "0"), signed=True) == [("+0.1", 0, 0), ("−0.1", 0, 0), ("0", 1, 2)]


PERCENT = {
    "0.95": "95", "0.9545": "95.45", "0.99": "99", "0.9973": "99.73", "1": "100", "1.0": "100", "0": "0", "0.0": "0",
    "0.5": "50", "0.05": "5", "0.005": "0.5", "0.0001": "0.01", "+0.95": "95", "00.95": "95", "0.950": "95",
    "0.95450": "95.45", "0.123456": "12.3456",
}  # fmt: skip


@pytest.mark.parametrize(("probability", "shown"), PERCENT.items())
def test_a_probability_becomes_per_cent_by_moving_the_point(probability, shown):
    assert shown_percent(probability) == f"{shown}{B}%"


@pytest.mark.parametrize(
    "given_text",
    [
        "-0.95",
        "-0",
        "1.01",
        "95",
        "2",
        "",
        "95 %",
        "0,95",
        "9.5E-1",
        "NaN",
        "about 0.95",
        "−0.95",
        "1.0000000001",
    ],
)
def test_what_is_no_probability_is_refused_with_the_member_named(given_text):
    if given_text == "-0":
        assert shown_percent(given_text) == f"0{B}%"
        return
    with pytest.raises(ContentUnsuitable) as refused:
        shown_percent(given_text)
    assert refused.value.facts == {"member": "coverage_probability", "given": given_text}


UNITS = [("5", "V", f"5{B}V"), ("5", "℃", f"5{B}℃"), ("5", "°", "5°"), ("5", "′", "5′"), ("5", "″", "5″"), ("5", "",
"5"),
         ("5", "°C", f"5{B}°C"), ("−5", "%RH", f"−5{B}%RH")]  # fmt: skip


@pytest.mark.parametrize(("number", "unit", "joined"), UNITS)
def test_number_and_unit_do_not_part_and_only_angles_touch(number, unit, joined):
    assert with_unit(number, unit) == joined


MOMENTS = [
    # moment, zone: as written there
    ("2026-06-16T07:47:30Z", "Asia/Shanghai", "2026-06-16 15:47:30", "UTC+08:00"),
    ("2026-06-16T16:00:00Z", "Asia/Shanghai", "2026-06-17 00:00:00", "UTC+08:00"),
    ("2026-06-16T07:47:30Z", "UTC", "2026-06-16 07:47:30", "UTC+00:00"),
    ("2026-06-16T15:47:30+08:00", "UTC", "2026-06-16 07:47:30", "UTC+00:00"),
    ("2026-06-16T07:47:30Z", "America/New_York", "2026-06-16 03:47:30", "UTC−04:00"),
    ("2026-01-16T07:47:30Z", "America/New_York", "2026-01-16 02:47:30", "UTC−05:00"),
    ("2026-06-16T07:47:30Z", "Asia/Kathmandu", "2026-06-16 13:32:30", "UTC+05:45"),
    ("2026-10-25T00:30:00Z", "Europe/Berlin", "2026-10-25 02:30:00", "UTC+02:00"),
    ("2026-10-25T01:30:00Z", "Europe/Berlin", "2026-10-25 02:30:00", "UTC+01:00"),
    ("2026-06-16T07:47:30.999Z", "UTC", "2026-06-16 07:47:30", "UTC+00:00"),
]


@pytest.mark.parametrize(("text", "zone", "written", "offset"), MOMENTS)
def test_a_moment_is_written_in_the_zone_of_the_institute(text, zone, written, offset):
    assert local_moment(text, zone) == (written, offset)


@pytest.mark.parametrize(
    ("text", "zone", "member"),
    [
        ("2026-06-16", "UTC", "signing_time"), ("2026-06-16T07:47:30", "UTC", "signing_time"),
        ("", "UTC", "signing_time"), ("now", "UTC", "signing_time"), ("2026-06-31T00:00:00Z", "UTC", "signing_time"),
        ("0001-01-01T00:00:00Z", "America/New_York", "signing_time"),
        ("2026-06-16T07:47:30Z", "", "time_zone"), ("2026-06-16T07:47:30Z", "Asia/Peking", "time_zone"),
        ("2026-06-16T07:47:30Z", "../../etc/passwd", "time_zone"), ("2026-06-16T07:47:30Z", "UTC\x00", "time_zone"),
    ],
)  # fmt: skip
def test_moments_and_zones_that_do_not_exist_are_refused_by_their_member(text, zone, member):
    with pytest.raises(ContentUnsuitable) as refused:
        local_moment(text, zone)
    assert refused.value.facts["member"] == member


@given(st.datetimes(datetime(1900, 1, 2), datetime(2100, 1, 1), timezones=st.timezones()))
def test_a_moment_read_back_is_the_same_moment(when):
    assert moment(when.isoformat()).astimezone(UTC) == when.astimezone(UTC)


# --- tables --------------------------------------------------------------------------------------------------


def factors(*ks: str, probability: str = "0.95") -> Column:
    rows = len(ks)
    return replace(
        ERROR, quantity_values=("0.1",) * rows, expanded_uncertainties=("0.02",) * rows, coverage_factors=ks,
        coverage_probability=probability, conformities=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ks", "common"),
    [
        (("2", "2"), "2"),
        (("2.00", "2.00"), "2.00"),
        (("2", "2.00"), ""),
        (("2", "2.26"), ""),
        ((), ""),
        (("2",), "2"),
    ],
)
def test_k_stands_in_the_head_where_all_rows_say_the_same(ks, common):
    assert common_coverage_factor(factors(*ks)) == common


NOTES = [
    (factors("2", "2"), "U 为扩展不确定度，包含因子 k = 2，对应的包含概率约为 95 %。",
     "U is the expanded uncertainty with the coverage factor k = 2, corresponding to a coverage probability of about "
     "95 %."),
    (factors("2.00", "2.26", probability="0.9545"),
     "U 为扩展不确定度，各点的包含因子 k 见表，对应的包含概率约为 95.45 %。",
     "U is the expanded uncertainty; the coverage factor k of each point stands in the table and corresponds to a "
     "coverage probability of about 95.45 %."),
    (factors("2", "2", probability=""), "U 为扩展不确定度，包含因子 k = 2。",
     "U is the expanded uncertainty with the coverage factor k = 2."),
    (factors("2", "3", probability=""), "U 为扩展不确定度，各点的包含因子 k 见表。",
     "U is the expanded uncertainty; the coverage factor k of each point stands in the table."),
]  # fmt: skip


@pytest.mark.parametrize(("column", "zh", "en"), NOTES)
def test_each_way_of_stating_k_and_p_has_its_sentence(column, zh, en):
    table = ResultTable(Text("表", "Table"), (column,))
    assert [n.replace(B, " ") for n in printed_table(table, "zh").notes] == [zh]
    assert [n.replace(B, " ") for n in printed_table(table, "en").notes] == [en]


WORDS = {
    "pass": ("符合", "Pass"), "fail": ("不符合", "Fail"), "conditionalPass": ("有条件符合", "Conditional pass"),
    "conditionalFail": ("有条件不符合", "Conditional fail"), "noPass": ("不能判为符合", "No pass"),
    "noFail": ("不能判为不符合", "No fail"),
}  # fmt: skip


@pytest.mark.parametrize(("conformity", "said"), WORDS.items())
def test_each_outcome_of_a_decision_rule_stands_in_the_table_in_both_languages(conformity, said):
    assert (conformity_word(conformity, "zh"), conformity_word(conformity, "en")) == said
    column = replace(ERROR, conformities=(conformity,) * len(ERROR.quantity_values))
    for language, word in zip(("zh", "en"), said, strict=True):
        printed = printed_table(ResultTable(Text("表", "Table"), (column,)), language).columns[-1]
        assert printed.kind == "word"
        assert {cell.text for cell in printed.cells} == {word}


def test_the_columns_of_a_table_stand_in_the_order_of_the_content_each_with_its_uncertainty():
    heads = [(c.head.name, c.head.unit, c.head.symbol) for c in printed_table(RESULTS, "en").columns]
    assert heads == [
        (REFERENCE.name.en, "°C", ""), (INDICATION.name.en, "°C", ""), (ERROR.name.en, "°C", ""), ("", "°C", "U"),
        ("Conformity", "", ""),
    ]  # fmt: skip


# --- the words of each kind of certificate -------------------------------------------------------------------

KINDS = {
    # kind, language: title, number, date of work, due date, results, conclusion, who did it, seal, end
    ("calibration", "zh"): ("校准证书", "证书编号", "校准日期", "建议下次校准日期", "校准结果", "结论", "校准",
     "以下空白"),
    ("calibration", "en"): (
        "Calibration Certificate", "Certificate No.", "Date of calibration", "Next calibration due",
        "Results of calibration", "Conclusion", "Calibrated by", "End of certificate"),
    ("legal_verification", "zh"): (
        "检定证书", "证书编号", "检定日期", "有效期至", "检定结果", "检定结论", "检定", "以下空白"),
    ("legal_verification", "en"): (
        "Verification Certificate", "Certificate No.", "Date of verification", "Valid until",
        "Results of verification", "Conclusion of verification", "Verified by", "End of certificate"),
    ("testing", "zh"): ("检测报告", "报告编号", "检测日期", "建议下次检测日期", "检测结果", "检测结论", "检测",
     "以下空白"),
    ("testing", "en"): (
        "Test Report", "Report No.", "Date of testing", "Next test due", "Results of testing", "Conclusion of test",
        "Tested by", "End of report"),
}  # fmt: skip


@pytest.mark.parametrize(("which", "said"), KINDS.items(), ids=[" ".join(k) for k in KINDS])
def test_each_kind_of_certificate_has_its_own_words_on_every_page(which, said):
    kind, language = which
    content = certificate_content(kind=kind, conclusion=Text("合格", "Complies"))
    page = page_data(content, language=language, xml_name="c.xml", preview=False)
    title, number, date, due, results, conclusion, person, end = said
    labels = {line["label"]["main"] for group in page["cover"]["fields"].values() for line in group}
    assert (page["title"]["main"], page["number"]["label"], page["end"]["main"]) == (title, number, end)
    assert {date, due} <= labels
    assert page["results"]["title"]["main"] == results
    assert page["cover"]["conclusion"]["label"]["main"] == conclusion
    assert page["cover"]["persons"][0]["duty"]["main"] == person
    strange = {word for (other, _), words in KINDS.items() if other != kind for word in words[2:4]}
    assert not labels & strange


STATES = {
    # what is said: Chinese, English
    "preview": ("预览", "PREVIEW"),
    "amended": ("本证书代替编号为 YZ-1 的证书，被代替的证书自本证书签发之日起不再使用。",
                "This certificate replaces certificate YZ-1, which is no longer to be used from the date of issue of "
                "this one."),
    "reason": ("更改原因：地址有误", "Reason for the amendment: wrong address"),
    "agreed": ("2027-06-15（应委托方要求商定）", "2027-06-15 (agreed with the customer)"),
    "signed by a seal": ("机构电子签章：云泽市计量测试院，2026-06-16 15:47:30（UTC+08:00）。",
                         "Electronic seal of the institute: Yunze Institute of Metrology, 2026-06-16 15:47:30 "
                         "(UTC+08:00). "),
}  # fmt: skip


@pytest.mark.parametrize(("state", "said"), STATES.items(), ids=STATES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_state_of_a_certificate_is_said_in_both_languages(state, said, language):
    content = certificate_content(
        supersedes_number="YZ-1", amendment_reason=Text("地址有误", "wrong address")
    )
    page = str(page_data(content, language=language, xml_name="c.xml", preview=True))
    wanted, other = said if language == "zh" else said[::-1]
    assert wanted in page
    assert other not in page


PLACES = {
    "laboratory": ("本机构实验室", "laboratory of the institute"), "customer": ("委托方现场", "at the customer's site"),
    "laboratoryBranch": ("本机构分支实验室", "branch laboratory of the institute"),
    "customerBranch": ("委托方分支机构现场", "at a branch of the customer"), "other": ("其他地点", "elsewhere"),
}  # fmt: skip


@pytest.mark.parametrize(("location", "said"), PLACES.items())
def test_each_kind_of_place_is_said_behind_its_address(location, said):
    content = certificate_content(performance_location=location, performance_address=Text("5 号", "No. 5"))
    for language, expected in (("zh", f"5 号（{said[0]}）"), ("en", f"No. 5 ({said[1]})")):
        page = page_data(content, language=language, xml_name="c.xml", preview=False)
        assert page["body"]["place"]["lines"][0]["value"] == expected
