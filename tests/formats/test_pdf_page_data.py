"""What the pages say, before any page is set: every member in its place, in both languages, and nothing invented."""

from dataclasses import replace

import pytest
from tests.formats.pdf_content import (
    BATH,
    CUSTOMER,
    DEGREE,
    ERROR,
    FINGERPRINT,
    INSTITUTE,
    LINK,
    PROBE,
    RESULTS,
    THERMOMETER,
    certificate_content,
)

from jialiang.formats.content import (
    Address,
    Column,
    Identification,
    InfluenceCondition,
    ResultTable,
    Statement,
)
from jialiang.formats.dcc.profile import words as dcc_words
from jialiang.formats.dcc.statements import certificate_title
from jialiang.formats.pdf import body, cover
from jialiang.formats.pdf.pages import page_data
from jialiang.formats.pdf.results import printed_table
from jialiang.formats.pdf.wording import field, pair, wording, words
from jialiang.kernel.text import Text

NBSP = "\N{NO-BREAK SPACE}"


def lines(fields):
    """The lines of a group as label and value."""
    return {line["label"]["main"]: line["value"] for line in fields}


def data(language="zh", *, preview=False, **changes):
    return page_data(certificate_content(**changes), language=language, xml_name="c.xml", preview=preview)


# --- titles --------------------------------------------------------------------------------------------------

PASS = Statement("basic_conformity", Text("符合性", "Conformity"), Text("合格", "ok"), conformity="pass")
FAIL = replace(PASS, conformity="fail")


@pytest.mark.parametrize(
    ("kind", "statements", "zh", "en"),
    [
        ("calibration", (PASS,), "校准证书", "Calibration Certificate"),
        ("calibration", (FAIL,), "校准证书", "Calibration Certificate"),
        ("legal_verification", (PASS,), "检定证书", "Verification Certificate"),
        ("legal_verification", (PASS, FAIL), "检定结果通知书", "Notice of Verification Result"),
        ("testing", (FAIL,), "检测报告", "Test Report"),
    ],
)
def test_a_rejected_verification_is_no_certificate_on_paper_either(kind, statements, zh, en):
    content = certificate_content(kind=kind, statements=statements)
    for language, main, caption in (("zh", zh, en), ("en", en, zh)):
        title = data(language, kind=kind, statements=statements)["title"]
        assert title == {"main": main, "caption": caption}
    assert dcc_words(certificate_title(content)).zh == zh


@pytest.mark.parametrize(
    ("kind", "number", "end"),
    [("calibration", "Certificate No.", "End of certificate"), ("testing", "Report No.", "End of report")],
)
def test_a_report_is_called_a_report_from_its_number_to_its_end(kind, number, end):
    told = data("en", kind=kind)
    assert told["number"] == {"label": number, "text": "YZ-2026-T-004217"}
    assert told["end"]["main"] == end


# --- cover ---------------------------------------------------------------------------------------------------


def test_the_letterhead_has_the_name_in_both_languages_and_every_way_to_reach_the_institute():
    institute = replace(INSTITUTE, email="a@yunze.example")
    told = cover.letterhead(certificate_content(institute=institute), "zh")
    assert told["name"] == {"main": "云泽市计量测试院", "caption": "Yunze Institute of Metrology"}
    assert told["lines"] == [
        "云泽市度量路 5 号 999050", "电话 0100-5550 0187", "实验室代码 L00000", "a@yunze.example", "yunze.example",
    ]  # fmt: skip
    assert told["fictional"] == "虚构机构，仅供演示"
    english = cover.letterhead(certificate_content(institute=institute), "en")
    assert english["lines"][:2] == ["5 Duliang Road, Yunze, 999050, CN", "Tel. 0100-5550 0187"]


def test_what_an_institute_does_not_have_is_not_in_its_letterhead():
    bare = replace(
        INSTITUTE, address=Address(country_code=""), phone="", laboratory_code="", website="", fictional=False
    )
    told = cover.letterhead(certificate_content(institute=bare), "en")
    assert told["lines"] == []
    assert told["fictional"] == ""


@pytest.mark.parametrize(
    ("address", "zh", "en"),
    [
        (Address(Text("云泽", "Yunze"), Text("甲路", "A Road"), "1"), "云泽甲路 1", "A Road, Yunze, 1, CN"),
        (Address(Text("云泽", "Yunze")), "云泽", "Yunze, CN"),
        (Address(street=Text(zh="甲路")), "甲路", "甲路, CN"),
        (Address(postal_code="1", country_code=""), "1", "1"),
    ],
)
def test_an_address_stands_in_the_order_of_its_language(address, zh, en):
    content = certificate_content(customer=replace(CUSTOMER, address=address))
    assert lines(cover.fields(content, "zh")["full"])["委托方地址"] == zh
    assert lines(cover.fields(content, "en")["full"])["Customer's address"] == en


def test_a_single_instrument_is_described_on_the_cover_and_nowhere_else():
    told = data("zh")
    full, item = lines(told["cover"]["fields"]["full"]), lines(told["cover"]["fields"]["item"])
    assert full["器具名称"] == "数字温度计"
    assert full["制造单位"] == "北辰仪表（虚构）"
    assert item == {
        "型号规格": "TDX-200", "出厂编号": "T2104-0387", "测量范围": "−30 ℃ ~ 150 ℃", "管理编号": "CX-WD-031",
        "接收状态": "外观完好，通电正常",
    }  # fmt: skip
    assert told["body"]["items"]["lines"] == []


def test_several_instruments_are_counted_on_the_cover_and_described_behind_it():
    second = replace(THERMOMETER, serial_number="T-2", identifications=(), accuracy_class="A")
    told = data("en", items=(THERMOMETER, second))
    assert lines(told["cover"]["fields"]["full"])["Instrument"] == "2 items, listed on page 2"
    assert told["cover"]["fields"]["item"] == []
    first, other = (lines(each) for each in told["body"]["items"]["lines"])
    assert (first["Serial number"], other["Serial number"]) == ("T2104-0387", "T-2")
    assert "Accuracy class" not in first
    assert other["Accuracy class"] == "A"
    assert "Other identification" not in other


def test_every_other_number_of_an_instrument_is_named_once_and_its_serial_number_not_again():
    numbers = tuple(Identification("owner", n) for n in ("T2104-0387", "A-1", "", "B-2"))
    content = certificate_content(items=(replace(THERMOMETER, identifications=numbers),))
    assert lines(cover.fields(content, "zh")["item"])["管理编号"] == "A-1; B-2"


@pytest.mark.parametrize(
    ("begin", "end", "zh", "en"),
    [("2026-06-15", "2026-06-16", "2026-06-15 至 2026-06-16", "2026-06-15 to 2026-06-16"),
     ("2026-06-15", "2026-06-15", "2026-06-15", "2026-06-15"), ("2026-06-15", "", "2026-06-15", "2026-06-15")],
)  # fmt: skip
def test_the_work_took_one_day_or_several(begin, end, zh, en):
    content = certificate_content(begin_date=begin, end_date=end)
    assert lines(cover.fields(content, "zh")["dates"])["校准日期"] == zh
    assert lines(cover.fields(content, "en")["dates"])["Date of calibration"] == en


@pytest.mark.parametrize("kind", ["calibration", "testing"])
def test_a_next_date_is_said_to_be_agreed_or_not_said_at_all(kind):
    told = cover.fields(certificate_content(kind=kind), "zh")
    (last,) = told["last"]
    assert last["value"] == "2027-06-15（应委托方要求商定）"
    assert "有效期至" not in lines(told["dates"])
    assert cover.fields(certificate_content(kind=kind, due_date=""), "zh")["last"] == []


def test_a_verification_is_valid_until_its_date_by_law_without_agreement():
    told = cover.fields(certificate_content(kind="legal_verification"), "zh")
    assert told["last"] == []
    assert lines(told["dates"])["有效期至"] == "2027-06-15"
    without = cover.fields(certificate_content(kind="legal_verification", due_date=""), "zh")
    assert "有效期至" not in lines(without["dates"])


def test_numbers_of_the_job_stand_on_the_cover_unless_there_are_none():
    told = lines(cover.fields(certificate_content(), "en")["dates"])
    assert told["Commission"] == "C-2026-01873"
    assert told["Record"] == "R-2026-T-003311"
    assert told["Date of receipt"] == "2026-06-11"
    assert told["Date of issue"] == "2026-06-16"
    without = lines(cover.fields(certificate_content(commission_number="", receipt_date=""), "en")["dates"])
    assert {"Commission", "Date of receipt"}.isdisjoint(without)


def test_persons_stand_in_the_order_of_their_duties_with_the_words_of_the_kind():
    content = certificate_content()
    turned = certificate_content(persons=tuple(reversed(content.persons)), kind="legal_verification")
    told = cover.persons(turned, "zh")
    assert [(p["duty"]["main"], p["name"], p["role"]) for p in told] == [
        ("检定", "李小量", "校准员"), ("核验", "陈同律", "核验员"), ("批准", "周子钧", "授权签字人"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("signer_kind", "zh"), [("institute_seal", "机构电子签章"), ("person_in_role", "签字人电子签名")]
)
def test_the_page_says_whose_key_signs_and_when_it_was_there(signer_kind, zh):
    content = certificate_content(trust=replace(certificate_content().trust, signer_kind=signer_kind))
    assert (
        cover.signed(content, "zh")["text"] == f"{zh}：云泽市计量测试院，2026-06-16 15:47:30（UTC+08:00）。"
    )


@pytest.mark.parametrize("kind", ["calibration", "legal_verification", "testing"])
def test_the_seal_is_engraved_in_chinese_whatever_the_page(kind):
    for language in ("zh", "en"):
        told = cover.seal(certificate_content(kind=kind), language)
        assert told["ring"] == "云泽市计量测试院"
        assert told["centre"] == words("seal", kind).zh
        assert told["below"] == "虚构机构"
        assert told["chinese"] is True
    foreign = certificate_content(institute=replace(INSTITUTE, name=Text(en="Institute"), fictional=False))
    told = cover.seal(foreign, "zh")
    assert (told["ring"], told["centre"], told["below"], told["chinese"]) == (
        "Institute",
        "Calibration seal",
        "",
        False,
    )


def test_a_preview_has_no_seal_and_says_so():
    assert data(preview=True)["cover"]["seal"] == {}
    assert (data("zh", preview=True)["preview"], data("en", preview=True)["preview"]) == ("预览", "PREVIEW")
    assert data()["preview"] == ""


def test_what_is_needed_to_check_is_grouped_for_the_eye():
    told = cover.check(certificate_content(check_code="k7qm-3xrd9fwtp"), "zh")
    assert told["code"]["value"] == "K7QM-3XRD-9FWT-P"
    groups = told["fingerprint"]["value"].split(" ")
    assert "".join(groups) == FINGERPRINT
    assert {len(group) for group in groups} == {4}
    assert told["site"]["value"] == "check.yunze.example"
    assert "check.yunze.example" in told["how"]
    assert told["identifier"]["value"] == "88.999.1/YZ-2026-T-004217"
    assert told["qr"].startswith("<svg")
    assert told["data_matrix"].startswith("<svg")
    assert told["qr"] != told["data_matrix"]


@pytest.mark.parametrize("written", ["9c41 7e02", "9C:41:7E:02", "9C417E02"])
def test_a_fingerprint_is_shown_in_one_way_however_it_is_written(written):
    trust = replace(certificate_content().trust, authority_fingerprint=written)
    assert cover.check(certificate_content(trust=trust), "zh")["fingerprint"]["value"] == "9C41 7E02"


def test_an_amendment_is_only_said_of_one_and_its_reason_only_if_there_is_one():
    assert cover.amendment(certificate_content(), "zh") == []
    without = cover.amendment(certificate_content(supersedes_number="YZ-1"), "en")
    assert len(without) == 1
    assert "YZ-1" in without[0]
    reason = Text("更正型号", "Model corrected")
    told = cover.amendment(certificate_content(supersedes_number="YZ-1", amendment_reason=reason), "zh")
    assert told[1] == "更改原因：更正型号"
    assert cover.amendment(certificate_content(amendment_reason=reason), "zh") == []


# --- body ----------------------------------------------------------------------------------------------------


def test_methods_stand_in_their_order_with_what_they_were_used_for():
    told = body.methods(certificate_content(), "zh")["lines"]
    assert [m["norm"] for m in told] == ["YZ-TM-07", "JJF 1059.1-2012"]
    assert [m["purpose"] for m in told] == ["", "不确定度评定"]


@pytest.mark.parametrize(
    ("location", "address", "zh", "en"),
    [
        (
            "laboratory",
            Text("201 室", "Room 201"),
            "201 室（本机构实验室）",
            "Room 201 (laboratory of the institute)",
        ),
        ("customer", Text(), "委托方现场", "At the customer's site"),
        ("other", Text("船上", "On board"), "船上（其他地点）", "On board (elsewhere)"),
    ],
)
def test_the_place_is_named_with_its_kind(location, address, zh, en):
    content = certificate_content(performance_location=location, performance_address=address)
    assert body.place(content, "zh")["lines"][0]["value"] == zh
    assert body.place(content, "en")["lines"][0]["value"] == en


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (
            ("temperature", "22.9", "23.3", DEGREE),
            f"22.9{NBSP}℃ ~ 23.3{NBSP}℃",
            f"22.9{NBSP}°C to 23.3{NBSP}°C",
        ),
        (
            ("humidityRelative", "45", "52", "\\percent"),
            f"45{NBSP}%RH ~ 52{NBSP}%RH",
            f"45{NBSP}%RH to 52{NBSP}%RH",
        ),
        (("pressure", "101.3", "101.3", "\\kilo\\pascal"), f"101.3{NBSP}kPa", f"101.3{NBSP}kPa"),
        (("other", "-5", "45", "\\percent"), f"−5{NBSP}% ~ 45{NBSP}%", f"−5{NBSP}% to 45{NBSP}%"),
        (("other", "1", "2", ""), "1 ~ 2", "1 to 2"),
    ],
)
def test_a_condition_is_an_interval_or_one_value(condition, zh, en):
    quantity, minimum, maximum, unit = condition
    made = InfluenceCondition(quantity, Text("条件", "Condition"), minimum, maximum, unit)
    assert body.condition_text(made, "zh") == zh
    assert body.condition_text(made, "en") == en


def test_standards_and_other_equipment_have_a_table_each_and_none_if_empty():
    both = body.standards(certificate_content(), "zh")
    assert [table["title"]["main"] for table in both] == ["所用计量标准器", "其他设备"]
    assert [[row["name"] for row in table["rows"]] for table in both] == [["精密铂电阻温度计"], ["恒温油槽"]]
    assert [len(table["heads"]) for table in both] == [5, 5]
    assert [t["title"]["main"] for t in body.standards(certificate_content(equipment=(BATH,)), "zh")] == [
        "其他设备"
    ]
    assert body.standards(certificate_content(equipment=()), "zh") == []


def test_a_standard_is_traced_on_the_page_to_its_certificate_and_the_one_above():
    ((row,), _) = (table["rows"] for table in body.standards(certificate_content(), "zh"))
    assert row["numbers"] == "PRT-25, PRT-25-07"
    assert row["interval"] == "−40 ℃ ~ 200 ℃"
    assert row["uncertainty"] == "U = 0.006 ℃ (k = 2)"
    assert row["valid_until"] == "2026-08-14"
    assert row["expired"] == ""
    certificate = row["certificate"]
    assert certificate["number"] == "DL-2025-T-00312"
    assert certificate["lines"] == [
        "东岚省计量科学研究院（虚构）", "上级：国家计量院（虚构）", "NMI-2025-T-00007",
    ]  # fmt: skip
    assert certificate["digest"] == "c14n-sha256 a41b7c0d…e5f60912"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"procedure": "analogue", "digest": ""}, "纸质证书"),
        ({"procedure": "sha256", "digest": "ab" * 8}, "sha256 " + "ab" * 8),
        ({"procedure": "sha256", "digest": "ab" * 8 + "c"}, "sha256 abababab…babababc"),
    ],
)
def test_a_digest_is_shown_by_its_ends_if_it_is_long(changes, expected):
    equipment = replace(PROBE, certificate=replace(LINK, **changes))
    ((row,),) = (t["rows"] for t in body.standards(certificate_content(equipment=(equipment,)), "zh"))
    assert row["certificate"]["digest"] == expected


def test_a_certificate_out_of_validity_is_marked_and_a_missing_one_is_a_dash():
    late = replace(PROBE, certificate=replace(LINK, in_validity=False))
    none = replace(
        PROBE,
        certificate=None,
        measuring_interval=Text(),
        uncertainty_statement=Text(),
        inventory_number="PRT-25-07",
    )
    ((first, second),) = (
        t["rows"] for t in body.standards(certificate_content(equipment=(late, none)), "en")
    )
    assert (first["expired"], second["expired"]) == ("out of validity", "")
    assert (first["valid_until"], second["valid_until"]) == ("—", "—")
    assert second["certificate"] == {"number": "—", "lines": []}
    assert (second["interval"], second["uncertainty"]) == ("—", "—")
    assert second["numbers"] == "PRT-25, PRT-25-07", "a number that stands twice is printed once"


def test_statements_of_the_certificate_come_before_those_of_every_certificate():
    told = body.statements(certificate_content(), "zh", xml_name="c.xml")
    assert [s["label"]["main"] for s in told["lines"]] == [
        "溯源性",
        "符合性判定规则",
        "适用范围",
        "复制",
        "电子文件",
    ]
    assert "c.xml" in told["lines"][-1]["text"]
    assert told["lines"][1]["remarks"] == ["依据：JCGM 106:2012"]


@pytest.mark.parametrize(
    ("changes", "remarks"),
    [
        ({"conformity": "fail"}, ["Fail"]),
        ({"conformity": "conditionalPass", "norm": "A", "reference": "5.2", "date": "2026-06-16"},
         ["Conditional pass", "According to A 5.2", "2026-06-16"]),
        ({"reference": "5.2"}, ["According to 5.2"]),
        ({}, []),
    ],
)  # fmt: skip
def test_a_statement_carries_its_conformity_its_basis_and_its_date(changes, remarks):
    statement = Statement("basic_conformity", Text("符合性", "Conformity"), Text("说", "said"), **changes)
    told = body.statements(certificate_content(statements=(statement,)), "en", xml_name="c.xml")
    assert told["lines"][0]["remarks"] == remarks
    assert told["lines"][0]["text"] == "said"


# --- tables --------------------------------------------------------------------------------------------------


def table_of(*columns, **members):
    return ResultTable(Text("表", "Table"), columns, **members)


def test_without_coverage_factors_none_is_explained():
    bare = replace(ERROR, coverage_factors=(), coverage_probability="")
    printed = printed_table(table_of(bare), "en")
    assert printed.notes == ()
    assert [(c.head.symbol, c.head.coverage_factor) for c in printed.columns][:2] == [("", ""), ("U", "")]


def test_two_columns_with_one_k_are_explained_once_and_with_two_k_twice():
    other = replace(ERROR, name=Text("修正值", "Correction"))
    assert len(printed_table(table_of(ERROR, other), "en").notes) == 1
    third = replace(other, coverage_factors=("2.5",) * 7)
    notes = printed_table(table_of(ERROR, third), "en").notes
    assert len(notes) == 2
    assert "k = 2.5" in notes[1]


@pytest.mark.parametrize(
    ("cells", "weight"),
    [(("1",), 10), (("1" * 9,), 13), (("1" * 40,), 22), (("12345678", "1"), 12), ((), 10)],
)
def test_a_column_is_as_wide_as_its_longest_number_within_bounds(cells, weight):
    (column,) = printed_table(table_of(Column("gp_x", Text("甲", "A"), "", cells)), "zh").columns
    assert column.weight == weight


@pytest.mark.parametrize(
    ("adjustment", "zh", "en"),
    [("", "表", "Table"), ("beforeAdjustment", "表（调整前）", "Table (before adjustment)"),
     ("afterAdjustment", "表（调整后）", "Table (after adjustment)")],
)  # fmt: skip
def test_a_table_says_whether_it_was_before_or_after_adjustment(adjustment, zh, en):
    made = table_of(Column("gp_x", Text("甲", "A"), "", ("1",)), adjustment=adjustment)
    assert (printed_table(made, "zh").name, printed_table(made, "en").name) == (zh, en)


def test_the_graph_says_what_its_bars_are_only_if_it_has_some():
    assert printed_table(RESULTS, "en").chart.caption == "Error of indication; the bars show ±U"
    bare = replace(ERROR, expanded_uncertainties=(), coverage_factors=())
    without = printed_table(replace(RESULTS, columns=(*RESULTS.columns[:2], bare)), "en")
    assert without.chart.caption == "Error of indication"
    assert all(mark.low == mark.high for mark in without.chart.geometry.marks)


# --- words ---------------------------------------------------------------------------------------------------


def test_a_caption_stands_only_where_the_languages_differ():
    assert pair(Text("温度", "Temperature"), "en") == {"main": "Temperature", "caption": "温度"}
    assert pair(Text("U", "U"), "zh") == {"main": "U", "caption": ""}
    assert pair(Text(zh="温度"), "en") == {"main": "温度", "caption": ""}


def test_a_variant_of_words_is_taken_where_there_is_one():
    assert words("number", "testing").zh == "报告编号"
    assert words("number", "calibration") == words("number")
    assert field("field.due_date", "x", "zh", "legal_verification")["label"]["main"] == "有效期至"
    with pytest.raises(KeyError):
        words("nothing.of.that.name")


def test_all_words_of_the_pages_are_chinese_and_english():
    symbols = {
        "none", "unit.relative_humidity", "interval", "result.graph_without_bars", "result.uncertainty_of", "signed",
    }  # fmt: skip
    for key, text in wording().items():
        if key in symbols:
            continue
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh), key
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text.en), key
