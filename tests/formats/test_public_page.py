"""The public answer reads well in both languages, carries no script and stays small."""

import json
from dataclasses import replace

import pytest
from lxml import html

from jialiang.formats.public_page.answer import (
    PublicAnswer,
    PublicCertificate,
    PublicCheck,
    PublicDifference,
    PublicFile,
    PublicResults,
)
from jialiang.formats.public_page.page import answer_json, render_page, verdict_title
from jialiang.kernel.text import Text

MOMENT = "2026-06-16T08:02:11Z"
CERTIFICATE = PublicCertificate(
    number="YZ-2026-C-000001",
    identifier="88.999.1/yz-2026-c-000001",
    kind="calibration",
    instrument=Text("数字温度计", "Digital thermometer"),
    model="TDX-200",
    serial_number="T2104-0387",
    institute=Text("云泽市计量测试院", "Yunze Institute of Metrology"),
    institute_phone="0100-5550 0187",
    begin_date="2026-06-16",
    end_date="2026-06-16",
    issue_date="2026-06-16",
    due_date="2027-06-15",
    signer=Text("云泽市计量测试院 校准签章", "Seal of Yunze Institute of Metrology"),
    authority=Text("嘉量示范 CA", "Jialiang demo CA"),
    authority_fingerprint="AB:CD",
    claimed_signing_time="2026-06-16T15:47:30+08:00",
    results=PublicResults(
        headings=(Text("标称点", "Point"), Text("修正值", "Correction"), Text("U", "U")),
        units=("\\degreecelsius", "\\degreecelsius", "\\degreecelsius"),
        rows=(("22.000", "-0.167", "0.013"),),
    ),
    files=(PublicFile(Text("XML", "XML"), "/c/88.999.1/x/certificate.xml?k=A", "00", 10),),
)
GENUINE = PublicAnswer(
    verdict="genuine",
    status="in_force",
    checks=(PublicCheck("integrity", "ok", Text("内容未改动", "Content not altered")),),
    certificate=CERTIFICATE,
    domain="check.example.org",
)
VERDICTS = ("genuine", "expired", "superseded", "withdrawn", "altered", "unknown")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_has_a_page_under_30_kb_without_script_or_foreign_address(verdict, language):
    answer = replace(
        GENUINE,
        verdict=verdict,
        since="2026-06-20T09:30:00+08:00",
        reason=Text("标准器失准", "the standard was found out of tolerance"),
        superseded_by_number="YZ-2026-C-000002",
    )
    page = render_page(answer, language, checked_at=MOMENT)
    tree = html.fromstring(page.decode())
    assert len(page) < 30_000
    assert tree.find("body").xpath(".//script | .//*[@style] | .//*[@onclick]") == []
    assert all(a.startswith(("/", "?")) for a in tree.xpath("//@href | //@src | //@action"))
    assert tree.xpath("string(//h1)") == verdict_title(verdict).in_language(language)
    assert "{" not in tree.xpath("string(//main)")


def test_the_page_shows_what_to_compare_with_the_paper():
    text = html.fromstring(render_page(GENUINE, "zh", checked_at=MOMENT).decode()).xpath("string(//main)")
    for expected in (
        "YZ-2026-C-000001",
        "T2104-0387",
        "2026-06-16",
        "2027-06-15",
        "−0.167",
        "0.013",
        "修正值 / ℃",
    ):
        assert expected in text


def test_english_pages_hold_no_chinese_but_the_language_switch():
    tree = html.fromstring(render_page(GENUINE, "en", checked_at=MOMENT, language_link="?lang=zh").decode())
    for nav in tree.xpath("//nav"):
        nav.drop_tree()
    assert not [c for c in tree.text_content() if "\u4e00" <= c <= "\u9fff"]


def test_what_people_typed_cannot_become_markup():
    hostile = replace(CERTIFICATE, serial_number="<script>alert(1)</script>", model='"><img src=x>')
    answer = replace(GENUINE, certificate=hostile, queried_number='"><b>')
    page = render_page(answer, "en", checked_at=MOMENT).decode()
    assert "<script" not in page
    assert "<img" not in page


def test_a_difference_names_what_was_issued_and_what_was_presented():
    difference = PublicDifference(Text("22 ℃ 修正值", "Correction at 22 °C"), "-0.167", "-0.067")
    answer = replace(
        GENUINE, verdict="altered", differences=(difference,), presented_file="c.xml", presented_size=9
    )
    text = html.fromstring(render_page(answer, "en", checked_at=MOMENT).decode()).text_content()
    assert "Correction at 22 °C" in text
    assert "-0.067" in text
    assert "c.xml, 9 bytes" in text


def test_the_json_answer_carries_verdict_checks_and_both_languages():
    data = json.loads(answer_json(GENUINE, checked_at=MOMENT))
    assert data["verdict"] == "genuine"
    assert data["verdict_text"] == {"zh": "真实，且有效", "en": "Genuine and in force"}
    assert data["checks"][0]["outcome"] == "ok"
    assert data["certificate"]["instrument"]["zh"] == "数字温度计"
    assert data["checked_at"] == MOMENT


def test_a_reason_ends_with_exactly_one_full_stop():
    for reason in ("标准器失准", "标准器失准。"):
        answer = replace(GENUINE, verdict="withdrawn", since="2026-06-20T09:30:00+08:00", reason=Text(reason))
        page = render_page(answer, "zh", checked_at=MOMENT).decode()
        assert "2026-06-20 09:30" in page
        assert "失准。</p>" in page
