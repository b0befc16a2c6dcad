"""The public page for every verdict, kind and language: which sentence, which sections, how large, and what never."""

import json
import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from tests.formats.test_public_page import CERTIFICATE, GENUINE, MOMENT

from jialiang.formats.public_page.answer import (
    PublicAnswer,
    PublicCheck,
    PublicDifference,
    PublicFile,
    PublicResults,
)
from jialiang.formats.public_page.page import answer_json, render_page, verdict_title
from jialiang.kernel.text import Text

LANGUAGES = ("zh", "en")
VERDICTS = ("genuine", "expired", "superseded", "withdrawn", "altered", "unknown")
SUCCESSOR = "YZ-2026-C-000002"


def answer_of(verdict: str, **changes: object) -> PublicAnswer:
    """A whole answer with every member that some verdict speaks of."""
    facts = {
        "since": "2026-06-20T09:30:00+08:00", "reason": Text("标准器失准", "the standard was out of tolerance"),
        "superseded_by_number": SUCCESSOR, "superseded_by_url": "/c/88.999.1/next?k=B",
    }  # fmt: skip
    return replace(GENUINE, verdict=verdict, **{**facts, **changes})


def tree_of(answer: PublicAnswer, language: str, *, link: str = "?lang=x"):
    return html.fromstring(render_page(answer, language, checked_at=MOMENT, language_link=link).decode())


def words(node) -> str:
    return " ".join(node.text_content().split())


# verdict, language: heading, fact, what to do next
SENTENCES = {
    ("genuine", "zh"): ("真实，且有效", "由云泽市计量测试院签发，内容未被改动，目前有效。",
     "请与手中的纸质件和器具逐项对照。"),
    ("genuine", "en"): (
        "Genuine and in force", "Issued by Yunze Institute of Metrology, not altered, in force now.",
        "Compare it with the paper and the instrument you hold."),
    ("expired", "zh"): (
        "真实，但已过期", "证书确由云泽市计量测试院签发，内容未改；有效期已于 2027-06-15 结束。",
        "器具应重新检定或校准后再使用。"),
    ("expired", "en"): (
        "Genuine, but expired",
        "Issued by Yunze Institute of Metrology and not altered; it was valid until 2027-06-15.",
        "Have the instrument verified or calibrated again before use."),
    ("superseded", "zh"): (
        "真实，但已被替代", "2026-06-20 09:30 起由证书 YZ-2026-C-000002 替代。原因：标准器失准。", "请改用现行证书。"),
    ("superseded", "en"): (
        "Genuine, but superseded",
        "Replaced by YZ-2026-C-000002 on 2026-06-20 09:30. Reason: the standard was out of tolerance.",
        "Use the certificate now in force."),
    ("withdrawn", "zh"): (
        "已撤销，不得使用", "云泽市计量测试院于 2026-06-20 09:30 撤销。原因：标准器失准。",
        "请停用该器具，并联系签发机构 0100-5550 0187。"),
    ("withdrawn", "en"): (
        "Withdrawn. Do not use",
        "Yunze Institute of Metrology withdrew it on 2026-06-20 09:30. Reason: the standard was out of tolerance.",
        "Take the instrument out of use and call the institute, 0100-5550 0187."),
    ("altered", "zh"): (
        "已被改动，不可信", "您交来的文件与签发的不同。", "不要凭此文件使用器具；请向签发机构索取原件。"),
    ("altered", "en"): (
        "Altered. Do not trust", "The file you gave is not the one that was issued.",
        "Do not rely on this file; ask the institute for the original."),
    ("unknown", "zh"): (
        "查不到", "这里没有与之相符的证书。可能输错，也可能是伪造。",
        "请核对编号与查验码；仍查不到，请联系证书上所写的机构。"),
    ("unknown", "en"): (
        "Not known here", "No certificate here matches. A typing slip, or a forgery.",
        "Check number and check code again; if still unknown, call the institute named on the paper."),
}  # fmt: skip


@pytest.mark.parametrize(("which", "said"), SENTENCES.items(), ids=[" ".join(k) for k in SENTENCES])
def test_each_verdict_is_told_in_whole_sentences(which, said):
    verdict, language = which
    (box,) = tree_of(answer_of(verdict), language).xpath("//div[@role='status']")
    heading, fact, next_step = said
    assert words(box.find("h1")) == heading
    assert words(box.find("p")) == fact
    assert next_step in words(box)


@pytest.mark.parametrize(("verdict", "language"), list(product(VERDICTS, LANGUAGES)))
def test_no_two_verdicts_look_or_read_alike(verdict, language):
    def seen(name: str) -> tuple[str, str, str]:
        (box,) = tree_of(answer_of(name), language).xpath("//div[@role='status']")
        return words(box.find("h1")), words(box.find("p")), html.tostring(box.find("svg")).decode()

    others = [seen(name) for name in VERDICTS if name != verdict]
    for part in range(3):
        assert seen(verdict)[part] not in [other[part] for other in others]


TONES = {"genuine": "ok", "expired": "warn", "superseded": "info", "withdrawn": "stop", "altered": "stop",
         "unknown": "idle"}  # fmt: skip


@pytest.mark.parametrize(("verdict", "tone"), TONES.items())
def test_only_a_genuine_certificate_in_force_is_green(verdict, tone):
    (box,) = tree_of(answer_of(verdict), "en").xpath("//div[@role='status']")
    assert box.get("class") == f"jl-verdict jl-{tone}"


# --- size, scripts, addresses --------------------------------------------------------------------------------


def large(rows: int = 60, files: int = 6, checks: int = 12) -> PublicAnswer:
    """As much as a public answer may carry: a long table, many files, checks and differences."""
    text = Text("某项检查的说明文字" * 4, "What was found by one of the checks " * 3)
    results = PublicResults(
        tuple(Text(f"量 {n}", f"Quantity {n}") for n in range(6)), ("\\degreecelsius",) * 6,
        tuple(tuple(f"-{n}.{column:03}" for column in range(6)) for n in range(rows)),
    )  # fmt: skip
    certificate = replace(
        CERTIFICATE, results=results,
        files=tuple(PublicFile(Text(f"文件 {n}", f"File {n}"), f"/c/x/{n}.pdf?k=A", "ab" * 32,
        10**6) for n in range(files)),
    )  # fmt: skip
    return answer_of(
        "altered", certificate=certificate, checks=tuple(PublicCheck(f"c{n}", "ok", text, text) for n in range(checks)),
        differences=tuple(PublicDifference(text, "22.000", "23.000") for _ in range(20)), presented_file="证书.xml",
        presented_size=12345, presented_sha256="ab" * 32,
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_even_the_largest_page_stays_below_fifty_kilobytes(language):
    assert len(render_page(large(), language, checked_at=MOMENT)) < 50_000


@pytest.mark.parametrize(("verdict", "language"), list(product(VERDICTS, LANGUAGES)))
def test_a_page_runs_nothing_and_leads_nowhere_else(verdict, language):
    tree = tree_of(replace(large(), verdict=verdict), language)
    assert (
        tree.xpath("//script | //iframe | //object | //embed | //style | //base | //meta[@http-equiv]") == []
    )
    attributes = {name for node in tree.iter() if isinstance(node.tag, str) for name in node.attrib}
    assert not {name for name in attributes if name.startswith("on") or name == "style"}
    for address in tree.xpath("//@href | //@src | //@action | //@formaction"):
        assert address.startswith(("/", "?", "#"))
        assert not address.startswith("//")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_forms_of_the_unknown_work_without_a_script(language):
    by_number, by_file = tree_of(
        answer_of("unknown", certificate=None, queried_number="YZ-1"), language
    ).xpath("//form")
    assert (by_number.get("method"), by_number.get("action")) == ("get", "/check")
    assert (by_file.get("method"), by_file.get("action"), by_file.get("enctype")) == (
        "post", "/check/file", "multipart/form-data",
    )  # fmt: skip
    inputs = {node.get("name"): node for node in (*by_number.iter("input"), *by_file.iter("input"))}
    assert set(inputs) == {"number", "code", "file"}
    assert inputs["number"].get("value") == "YZ-1"
    labels = {label.get("for") for label in (*by_number.iter("label"), *by_file.iter("label"))}
    assert {node.get("id") for node in inputs.values()} == labels
    assert len(by_number.xpath(".//button")) == len(by_file.xpath(".//button")) == 1


# --- which sections stand ------------------------------------------------------------------------------------

# what the answer has: number of sections for comparison, checks, differences, own file
SECTIONS = [
    ({"certificate": None, "checks": ()}, (0, 0, 0)),
    ({"certificate": None}, (0, 1, 0)),
    ({"checks": ()}, (1, 0, 0)),
    ({}, (1, 1, 0)),
    ({"presented_file": "a.xml", "presented_size": 5}, (1, 1, 1)),
    ({"differences": (PublicDifference(Text("型号", "Model"), "A", "B"),)}, (1, 1, 1)),
]
COMPARE = {"zh": "与您手中的对照", "en": "Compare with what you hold"}
CHECKED = {"zh": "我们核对了什么", "en": "What we checked"}
OWN = {"zh": ("哪里不同", "您的文件"), "en": ("What differs", "Your file")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("changes", "expected"), SECTIONS)
def test_a_section_stands_only_if_it_has_something_to_say(changes, expected, language):
    headings = tree_of(answer_of("altered", **changes), language).xpath("//h2/text()")
    found = (headings.count(COMPARE[language]), headings.count(CHECKED[language]),
             sum(headings.count(h) for h in OWN[language]))  # fmt: skip
    assert found == expected


@pytest.mark.parametrize(
    ("kind", "language", "dated", "due"),
    [
        ("calibration", "zh", "校准日期", "商定有效至"), ("calibration", "en", "Calibrated", "Agreed due date"),
        ("legal_verification", "zh", "检定日期", "有效期至"), ("legal_verification", "en", "Verified", "Valid until"),
        ("testing", "zh", "检测日期", "商定有效至"), ("testing", "en", "Tested", "Agreed due date"),
    ],
)  # fmt: skip
def test_dates_are_called_as_the_kind_of_work_wants(kind, language, dated, due):
    def pairs(certificate) -> dict[str, str]:
        tree = tree_of(answer_of("genuine", certificate=certificate), language)
        return {words(dt): words(dt.getnext()) for dt in tree.xpath("//dt")}

    shown = pairs(replace(CERTIFICATE, kind=kind))
    assert (shown[dated], shown[due]) == ("2026-06-16", "2027-06-15")
    assert due not in pairs(replace(CERTIFICATE, kind=kind, due_date=""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_institute_without_a_telephone_has_none_behind_its_name(language):
    with_phone, without = (
        words(
            tree_of(answer_of("genuine", certificate=replace(CERTIFICATE, institute_phone=p)), language).find(
                ".//dl"
            )
        )
        for p in ("0100-5550", "")
    )
    assert "· 0100-5550" in with_phone
    assert "·" not in without


CELLS = [
    ("-0.167", "−0.167"), ("0.167", "0.167"), ("-1E-3", "−1E−3"), ("WZP-230", "WZP-230"), ("A-1987-003", "A-1987-003"),
    ("2026-06-16", "2026-06-16"), ("-", "-"), ("", ""), ("通过", "通过"), ("Pt-100", "Pt-100"), ("3-5", "3-5"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "shown"), CELLS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_only_numbers_of_the_table_get_a_true_minus(cell, shown, language):
    results = PublicResults((Text("量", "Quantity"),), ("",), ((cell,),))
    tree = tree_of(answer_of("genuine", certificate=replace(CERTIFICATE, results=results)), language)
    assert [td.text or "" for td in tree.xpath("//td[@class='jl-num']")] == [shown]


MEMBERS = (
    "number",
    "serial_number",
    "model",
    "identifier",
    "authority_fingerprint",
    "claimed_signing_time",
    "end_date",
)


@pytest.mark.parametrize("member", MEMBERS)
def test_numbers_and_names_of_the_certificate_keep_their_hyphens(member):
    tree = tree_of(answer_of("genuine", certificate=replace(CERTIFICATE, **{member: "WZP-230-X"})), "zh")
    assert "WZP-230-X" in words(tree)
    assert "WZP−230" not in words(tree)


@pytest.mark.parametrize(("language", "own", "other"), [("zh", "zh-Hans", "en"), ("en", "en", "zh-Hans")])
def test_a_page_says_its_language_and_links_the_other_only_if_told_where(language, own, other):
    tree = tree_of(answer_of("genuine"), language, link="/c/x?lang=other")
    assert tree.get("lang") == own
    assert tree.xpath("//nav/a/@href") == ["/c/x?lang=other"]
    assert tree.xpath("//nav/a/@lang") == [other]
    assert tree_of(answer_of("genuine"), language, link="").xpath("//nav") == []


@pytest.mark.parametrize(
    ("status", "zh"), [("in_force", "真实，且有效"), ("not_checked", "真实（未查询登记库，是否仍有效不详）")]
)
def test_less_is_said_where_no_register_was_asked(status, zh):
    assert verdict_title("genuine", status).zh == zh
    assert verdict_title("withdrawn", status).zh == "已撤销，不得使用"


def test_search_engines_are_asked_to_stay_away():
    assert tree_of(answer_of("genuine"), "en").xpath("//meta[@name='robots']/@content") == ["noindex"]


# --- the same answer as JSON ---------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_json_says_the_verdict_in_both_languages_and_the_moment(verdict):
    said = json.loads(answer_json(answer_of(verdict), checked_at=MOMENT))
    assert (said["verdict"], said["checked_at"]) == (verdict, MOMENT)
    assert said["verdict_text"] == {language: SENTENCES[verdict, language][0] for language in LANGUAGES}
    assert said["certificate"]["results"]["rows"] == [["22.000", "-0.167", "0.013"]]


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.sampled_from(VERDICTS))
def test_whatever_is_asked_the_json_is_json_and_the_page_is_one_document(asked, verdict):
    answer = answer_of(verdict, queried_number=asked, presented_file=asked)
    assert json.loads(answer_json(answer, checked_at=MOMENT)).get("queried_number", "") == asked
    page = render_page(answer, "en", checked_at=MOMENT).decode()
    assert len(re.findall("<!doctype html>", page)) == len(re.findall("</html>", page)) == 1
