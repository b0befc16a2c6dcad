"""Every step of the workbench in both languages, with the plain forms that its pages hold."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from django.test import Client
from lxml import etree, html

from jialiang.console.workbench.views import DOWNLOADS, STEPS
from jialiang.formats.conversion.registry import notations
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcoc.documents import write_dcoc
from jialiang.formats.documents.kinds import KINDS
from jialiang.formats.documents.reasons import why_of
from jialiang.formats.pdf.reading import embedded_files
from jialiang.kernel.text import Text
from tests.console.whole import faults_of
from tests.console.workbench.desk import FIRST, LISTED, METRE, OLD, SECOND, SI, Visitor, zipped
from tests.formats.dcc_samples import certificate_with, expanded, quantity, real, reference
from tests.formats.dcoc_samples import changed as dcoc_changed
from tests.formats.drmd_samples import plain_xml
from tests.formats.test_credential_rules import small as credential

pytestmark = pytest.mark.django_db
LANGUAGES = ("zh", "en")
FAULTY = certificate_with(end="2999-01-01", version="3.2.1")
WORDS = {
    "see": {"zh": "结果，表 1", "en": "Results, table 1"},
    "check": {"zh": "有效", "en": "valid"},
    "genuineness": {"zh": "查不到", "en": "Not known here"},
    "compare": {"zh": "其他变化", "en": "Other changes"},
    "convert": {"zh": "标签语言", "en": "Language of the labels"},
    "migrate": {"zh": "已是最新版本", "en": "of the latest version already"},
    "chain": {"zh": "没有引用其他证书", "en": "no references"},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_workbench_says_what_it_reads_and_its_limits(language: str) -> None:
    visitor = Visitor(language)
    visitor.answer = visitor.client.get("/workbench/")
    assert visitor.answer.status_code == 200
    words = visitor.text()
    for kind in KINDS:
        assert kind.text.in_language(language) in words
    assert ("不保存任何文件" if language == "zh" else "Nothing is kept") in words
    assert "20 MB" in words
    assert not visitor.page().xpath("//*[@style] | //style")
    assert len(visitor.page().xpath("//h1")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_answers_in_both_languages(step: str, language: str) -> None:
    visitor = Visitor(language)
    answer = visitor.hand_in(step, ("a.xml", FIRST), ("b.xml", SECOND))
    assert answer.status_code == 200
    assert WORDS[step][language] in visitor.text()
    pressed = visitor.page().xpath("//button[@aria-pressed='true']/@formaction")
    assert pressed == [f"/workbench/{step}"]
    assert len(visitor.carried()) == 2
    assert not visitor.page().xpath("//*[@style]")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
def test_every_page_is_whole(step: str, language: str) -> None:
    visitor = Visitor(language)
    visitor.hand_in(step, ("a.xml", FAULTY), ("b.xml", SECOND), ("c.zip", b"PK\x03\x04"))
    assert faults_of(visitor.answer.content.decode(), "zh-hans" if language == "zh" else "en") == []


@pytest.mark.parametrize("step", STEPS)
def test_the_page_carries_the_files_from_step_to_step(step: str) -> None:
    visitor = Visitor()
    visitor.hand_in("see", ("a.xml", FIRST), ("b.xml", SECOND))
    carried = visitor.carried()
    assert visitor.go_on(step).status_code == 200
    assert visitor.carried() == carried


def test_a_file_that_is_unchecked_is_gone() -> None:
    visitor = Visitor()
    visitor.hand_in("check", ("a.xml", FIRST), ("b.xml", SI))
    assert {"a.xml", "b.xml"} <= set(visitor.page().xpath("//h2/text()"))
    visitor.go_on("check", 0)
    assert len(visitor.carried()) == 1
    assert "a.xml" not in visitor.text()


def test_the_same_file_twice_is_one() -> None:
    visitor = Visitor()
    visitor.hand_in("see", ("a.xml", FIRST), ("a.xml", FIRST))
    assert len(visitor.carried()) == 1


# --- see ---------------------------------------------------------------------------------------------------------


def test_see_shows_values_as_they_stand() -> None:
    visitor = Visitor()
    visitor.hand_in("see", ("l.xml", LISTED))
    cells = visitor.page().xpath("//table//td[@class='jl-num']/text()")
    assert cells == ["1", "2", "−3.50"]
    assert visitor.page().xpath("//table//th/text()") == ["Steps / m"]
    assert "Thing" in visitor.text() and "N-1" in visitor.text()


def test_see_shows_uncertainty_beside_the_value() -> None:
    visitor = Visitor()
    visitor.hand_in("see", ("a.xml", FIRST))
    assert visitor.page().xpath("//table//td[@class='jl-num']/text()") == ["10.0", "0.3", "2", "0.95"]


def test_see_says_that_nothing_is_translated() -> None:
    only_german = FIRST.replace(b"LangCodeISO639_1>zh<", b"LangCodeISO639_1>de<").replace(
        b"LangCodeISO639_1>en<", b"LangCodeISO639_1>de<"
    )
    visitor = Visitor()
    visitor.hand_in("see", ("a.xml", only_german))
    assert "nothing is translated" in visitor.text()
    visitor.hand_in("see", ("a.xml", FIRST))
    assert "nothing is translated" not in visitor.text()


def test_see_opens_archives_and_says_what_cannot_be_seen() -> None:
    visitor = Visitor()
    visitor.hand_in("see", ("p.zip", zipped(one_xml=FIRST, two_xml=SI)))
    assert "p.zip/one.xml" in visitor.text()
    visitor.hand_in("see", ("s.xml", SI))
    assert "None of the files is a certificate that can be laid out" in visitor.text()


def test_markup_in_a_certificate_stays_text() -> None:
    evil = certificate_with(quantity(real("1", METRE), "&lt;script&gt;alert(1)&lt;/script&gt;"))
    visitor = Visitor()
    visitor.hand_in("see", ("<b>x.xml", evil))
    assert b"<script>alert" not in visitor.answer.content
    assert "<script>alert(1)</script>" in visitor.text()


# --- check -------------------------------------------------------------------------------------------------------

def test_check_lists_findings_with_line_path_and_reason() -> None:
    visitor = Visitor()
    visitor.hand_in("check", ("f.xml", FAULTY))
    words = visitor.text()
    assert "not valid" in words
    assert "DCC-DATE-IN-FUTURE" in words
    assert "line " in words
    assert "/dcc:digitalCalibrationCertificate" in words
    assert visitor.page().xpath("//details/div[@class='jl-why']/text()")


OTHERS = {
    "m.xml": (plain_xml().replace("7439", "7438").encode(), "valid", "1.0.0"),
    "c.json": (write_dcoc(dcoc_changed(number=""), "json"), "not valid", "1"),
    "c.rdf": (write_dcoc(dcoc_changed(), "rdfxml"), "valid", "1.0"),
    "v.json": (json.dumps(credential()).encode(), "valid", "working"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_every_kind_is_checked_and_seen_only_where_it_can_be(name: str) -> None:
    data, verdict, version = OTHERS[name]
    visitor = Visitor()
    assert visitor.hand_in("check", (name, data)).status_code == 200
    words = visitor.text()
    assert verdict in words and f"{version} · " in words
    for step in ("see", "genuineness", "convert", "migrate"):
        assert visitor.go_on(step).status_code == 200


def test_a_finding_of_another_kind_says_what_its_rule_is_for() -> None:
    visitor = Visitor()
    visitor.hand_in("check", ("v.json", json.dumps(credential()).encode()))
    reasons = visitor.page().xpath("//details[summary='CREDENTIAL-NOT-SECURED']/div[@class='jl-why']/text()")
    assert reasons == [why_of("CREDENTIAL-NOT-SECURED").en]
    assert why_of("no rule") == Text()


@pytest.mark.parametrize(
    ("wanted", "there", "absent"), [("error", "error", "hint"), ("hint", "hint", "error"), ("nonsense", "error", "")]
)
def test_check_is_narrowed_by_severity(wanted: str, there: str, absent: str) -> None:
    visitor = Visitor()
    visitor.hand_in("check", ("f.xml", FAULTY))
    visitor.go_on("check", severity=[wanted])
    shown = visitor.page().xpath("//ul[contains(@class, 'jl-found')]//span[contains(@class, 'jl-st')]")
    words = {" ".join(each.text_content().split()) for each in shown}
    assert there in words
    assert absent not in words


def test_a_report_is_taken_away_as_json_and_html() -> None:
    visitor = Visitor("zh")
    visitor.hand_in("check", ("f.xml", FAULTY), ("bad.xml", b"<a"), ("z.zip", b"PK\x03\x04"))
    told = json.loads(visitor.go_on("report-json").content)
    assert [(each["file"], each["valid"]) for each in told] == [
        ("f.xml", False), ("bad.xml", False), ("z.zip", False),
    ]  # fmt: skip
    assert told[2]["problem"]["code"] == "JL-FIL-001"
    visitor.hand_in("report", ("f.xml", FAULTY))
    assert visitor.answer["Content-Disposition"].startswith('attachment; filename="report.html"')
    page = visitor.answer.content.decode()
    assert "检查报告" in page and "DCC-DATE-IN-FUTURE" in page and sha256(FAULTY).hexdigest() in page


# --- genuine -----------------------------------------------------------------------------------------------------


def test_a_certificate_of_another_house_is_unknown_and_not_accused() -> None:
    visitor = Visitor()
    visitor.hand_in("genuineness", ("a.xml", FIRST))
    assert "That is no accusation" in visitor.text()
    assert sha256(FIRST).hexdigest() in visitor.text()


def test_what_cannot_be_examined_says_so_beside_the_others() -> None:
    visitor = Visitor()
    visitor.hand_in("genuineness", ("a.xml", FIRST), ("x.bin", b"\x00\x01rubbish"))
    assert visitor.answer.status_code == 200
    assert "cannot be examined" in visitor.text()
    assert "Not known here" in visitor.text()


# --- compare -----------------------------------------------------------------------------------------------------


def test_compare_shows_e_n_as_figure_and_drawing() -> None:
    visitor = Visitor()
    visitor.hand_in("compare", ("a.xml", FIRST), ("b.xml", SECOND))
    assert "1.40" in visitor.text()  # 0.7 / sqrt(0.3² + 0.4²)
    assert "beyond 1" in visitor.text()
    (drawing,) = visitor.page().xpath("//svg[@role='img'][contains(@class, 'jl-chart')]")
    assert drawing.get("aria-label") == "E_n of 1 points, 1 of them beyond ±1"
    assert "2026-03-03" in visitor.text()


def test_compare_of_equal_certificates() -> None:
    visitor = Visitor()
    visitor.hand_in("compare", ("a.xml", FIRST), ("b.xml", FIRST + b"\n"))
    assert "nothing differs" in visitor.text()


THREE = [(f"{n}.xml", FIRST + b" " * n) for n in range(3)]


@pytest.mark.parametrize("files", [[("a.xml", FIRST)], [("s.xml", SI)], THREE])
def test_compare_needs_a_pair(files: list[tuple[str, bytes]]) -> None:
    visitor = Visitor()
    assert visitor.hand_in("compare", *files).status_code == 422
    assert "JL-WBE-005" in visitor.text()
    assert len(visitor.carried()) == len(files)


# --- convert, migrate, chain ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", notations())
def test_convert_gives_every_notation(name: str) -> None:
    visitor = Visitor()
    visitor.hand_in("convert", ("C-1.xml", FIRST))
    assert name in visitor.page().xpath("//select[@name='to']//option/@value")
    answer = visitor.go_on("converted", to=name, language="zh", document="0")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="C-1.')
    assert "sandbox" in answer["Content-Security-Policy"]
    if name == "xml":
        assert answer.content == FIRST


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_kind_at_hand_is_offered_its_own_notations(language: str) -> None:
    visitor = Visitor(language)
    dcoc, drmd = write_dcoc(dcoc_changed(), "xml"), plain_xml().encode()
    visitor.hand_in("convert", ("c.xml", dcoc), ("m.xml", drmd))
    groups = visitor.page().xpath("//select[@name='to']/optgroup")
    offered = {str(each.get("label")): each.xpath("option/@value") for each in groups}
    by_name = {kind.text.in_language(language): kind for kind in KINDS if kind.name in ("dcoc", "drmd")}
    assert {name: list(kind.notations()) for name, kind in by_name.items()} == offered
    carried = visitor.carried()
    pdf = visitor.go_on("converted", to="pdf", language=language, document="0").content
    assert pdf.startswith(b"%PDF")
    assert dcoc in [each.data for each in embedded_files(pdf)]
    answer = visitor.client.post("/workbench/converted", {
        "carried": carried, "to": "data-json", "document": "1"})  # fmt: skip
    assert "filename=\"m.data.json\"" in answer["Content-Disposition"]


def test_a_certificate_of_conformity_becomes_a_credential_of_the_issuer_named() -> None:
    visitor = Visitor()
    visitor.hand_in("convert", ("c.xml", write_dcoc(dcoc_changed(), "xml")))
    (field,) = visitor.page().xpath("//input[@name='issuer']")
    assert visitor.page().xpath(f"//label[@for='{field.get('id')}']/text()") == ["Issuer of a credential (DID)"]
    carried = visitor.carried()
    given = {"carried": carried, "to": "credential", "document": "0", "issuer": " did:web:body.example "}
    answer = visitor.client.post("/workbench/converted", given)
    assert 'filename="c.credential.json"' in answer["Content-Disposition"]
    made = json.loads(answer.content)
    assert made["issuer"]["id"] == "did:web:body.example"
    refused = visitor.client.post("/workbench/converted", given | {"issuer": ""})
    assert (refused.status_code, b"JL-VC-003" in refused.content) == (422, True)


def test_no_issuer_is_asked_for_where_nothing_becomes_a_credential() -> None:
    visitor = Visitor()
    visitor.hand_in("convert", ("a.xml", FIRST))
    assert not visitor.page().xpath("//input[@name='issuer']")


def test_convert_takes_the_document_that_was_chosen() -> None:
    visitor = Visitor()
    visitor.hand_in("convert", ("a.xml", FIRST), ("b.xml", SECOND))
    assert visitor.client.post("/workbench/converted", {
        "carried": visitor.carried(), "to": "xml", "document": "1"}).content == SECOND  # fmt: skip


def test_migrate_counts_changes_and_gives_the_file() -> None:
    visitor = Visitor()
    visitor.hand_in("migrate", ("o.xml", OLD))
    assert "3.2.1 → 3.3.0" in visitor.text()
    (number,) = visitor.page().xpath("//button[@name='document']/@value")
    made = visitor.go_on("migrated", document=number)
    assert Certificate.read(made.content).version == "3.3.0"
    assert 'filename="o.3.3.0.xml"' in made["Content-Disposition"]


def test_migrate_says_why_it_cannot() -> None:
    visitor = Visitor()
    visitor.hand_in("migrate", ("x.xml", certificate_with(version="2.1.0")))
    assert visitor.answer.status_code == 200
    assert "2.1.0" in visitor.text()
    assert not visitor.page().xpath("//button[@name='document']")


@pytest.mark.parametrize(("language", "word"), [("en", "intact"), ("zh", "完好")])
def test_chain_follows_the_files_at_hand(language: str, word: str) -> None:
    carried = reference("N-1", "sha256", sha256(FIRST).hexdigest())
    lower = certificate_with(quantity(real("1", METRE, expanded())), equipment=carried, number="N-2")
    visitor = Visitor(language)
    visitor.hand_in("chain", ("l.xml", lower), ("u.xml", FIRST))
    assert word in visitor.text()
    (drawing,) = visitor.page().xpath("//img/@src")
    assert drawing.startswith("data:image/svg+xml;base64,")
    (told,) = visitor.page().xpath("//div[@class='jl-paper-drawing']/img/@alt")
    assert "2" in told
    visitor.go_on("chain", 1)
    assert ("not at hand" if language == "en" else "手头没有") in visitor.text()


# --- around ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [*STEPS, *DOWNLOADS])
def test_an_address_of_a_step_opens_the_empty_workbench(client: Client, step: str) -> None:
    assert client.get(f"/workbench/{step}").status_code == 200


def test_an_unknown_step_is_not_there(client: Client) -> None:
    assert client.get("/workbench/explode").status_code == 404
    assert client.post("/workbench/explode").status_code == 404
    assert client.put("/workbench/see").status_code == 405


def test_somebody_who_is_signed_in_finds_the_workbench_too(signed_in) -> None:
    answer = signed_in("technician", language="en").get("/workbench/")
    assert answer.status_code == 200
    assert b"Certificate workbench" in answer.content


# --- taken away, and read in the other language ----------------------------------------------------------------------

TAKEN = [
    ("compare", "difference-json", "difference.json", [("a.xml", FIRST), ("b.xml", SECOND)]),
    ("compare", "difference-svg", "difference.svg", [("a.xml", FIRST), ("b.xml", SECOND)]),
    ("chain", "chain-json", "chain.json", [("a.xml", FIRST)]),
    ("chain", "chain-svg", "chain.svg", [("a.xml", FIRST)]),
]


@pytest.mark.parametrize(("step", "taken", "name", "files"), TAKEN)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_comparison_and_chain_are_taken_away_by_buttons_of_the_page(
    language: str, step: str, taken: str, name: str, files: list[tuple[str, bytes]]
) -> None:
    visitor = Visitor(language)
    visitor.hand_in(step, *files)
    assert f"/workbench/{taken}" in visitor.page().xpath("//button/@formaction")
    answer = visitor.go_on(taken)
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{name}"')
    if name.endswith(".json"):
        told = json.loads(answer.content)
        assert told["worst_e_n"] == pytest.approx(1.4) if step == "compare" else told["starts"]
    else:
        drawing = etree.fromstring(answer.content)
        assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
        assert len(drawing.xpath("//*[local-name() = 'text']")) > 0


def test_there_is_no_drawing_to_take_where_nothing_is_drawn() -> None:
    visitor = Visitor()
    plain = certificate_with(quantity(real("1", METRE)))
    visitor.hand_in("compare", ("a.xml", plain), ("b.xml", plain + b" "))
    assert "/workbench/difference-json" in visitor.page().xpath("//button/@formaction")
    assert "/workbench/difference-svg" not in visitor.page().xpath("//button/@formaction")
    assert visitor.go_on("difference-svg").status_code == 422


def test_what_cannot_be_compared_is_told_on_the_page_of_the_step() -> None:
    visitor = Visitor()
    assert visitor.hand_in("difference-json", ("a.xml", FIRST)).status_code == 422
    assert "JL-WBE-005" in visitor.text()
    (pressed,) = visitor.page().xpath("//button[@aria-pressed='true']/@formaction")
    assert pressed == "/workbench/compare"


@pytest.mark.parametrize("step", ["see", "check", "genuineness", "convert", "migrate", "chain"])
def test_the_switch_of_the_language_does_the_step_again_in_the_other_one(step: str) -> None:
    visitor = Visitor("en")
    visitor.hand_in(step, ("a.xml", FIRST))
    (switch,) = visitor.page().xpath("//button[contains(@formaction, 'page_language')]")
    assert (switch.get("form"), switch.get("formaction")) == ("work", f"/workbench/{step}?page_language=zh-hans")
    assert visitor.page().xpath("//form[@id='work']")
    before = visitor.carried()
    answer = visitor.go_on(switch.get("formaction").removeprefix("/workbench/"))
    assert answer.status_code == 200
    assert visitor.page().get("lang") == "zh-Hans"
    assert visitor.carried() == before
    assert answer.cookies["jialiang_language"].value == "zh-hans"
    assert visitor.go_on(step).status_code == 200
    assert visitor.page().get("lang") == "zh-Hans"


def test_without_a_result_the_language_is_switched_as_everywhere() -> None:
    page = html.fromstring(Visitor("en").client.get("/workbench/").content)
    assert not page.xpath("//button[contains(@formaction, 'page_language')]")
    assert page.xpath("//form[contains(@action, 'preferences/language')]")


def test_an_unknown_language_changes_nothing() -> None:
    visitor = Visitor("en")
    visitor.hand_in("see?page_language=fr", ("a.xml", FIRST))
    assert visitor.page().get("lang") == "en"
    assert "jialiang_language" not in visitor.answer.cookies
