"""The page that strangers see: whatever stands in its members is text in both languages, and nothing is left out."""

import json
import string
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from tests.formats.test_public_page import CERTIFICATE, GENUINE, MOMENT, VERDICTS

from jialiang.formats.public_keys import CHECKED_AT_MARKER
from jialiang.formats.public_page.answer import (
    PublicCheck,
    PublicDifference,
    PublicFile,
    PublicResults,
)
from jialiang.formats.public_page.page import _wording, answer_json, render_page, verdict_title
from jialiang.kernel.text import Text

LANGUAGES = ("zh", "en")
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>",
    "</title><script>1</script>",
    "</dd></dl></main><iframe src=//evil.example>", "<!--", "-->", "]]>", "{{ 7*7 }}", "{% raw %}", "{institute}",
    "javascript:alert(1)", "&lt;script&gt;", "\u202egnp.exe", "a\x00b", "<a href='//evil.example'>x</a>", "${7*7}",
    "<plaintext>", "<base href=//evil.example/>", "＜script＞", "'; DROP TABLE certificates; --",
]  # fmt: skip


class Structure(HTMLParser):
    """What a browser would make of a page: its elements with the names of their attributes, and its text."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.words: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def handle_comment(self, data):
        self.elements.append(("!--", ()))


def page_of(answer, language):
    return render_page(answer, language, checked_at=MOMENT, language_link="?lang=x")


def with_everything(said):
    """An answer in which every free text says the same."""
    text = Text(said, said)
    certificate = replace(
        CERTIFICATE, number=said, identifier=said, instrument=text, model=said, serial_number=said, institute=text,
        institute_phone=said, end_date=said, issue_date=said, due_date=said, signer=text, authority=text,
        authority_fingerprint=said, claimed_signing_time=said,
        results=PublicResults((text,), ("\\volt",), ((said,),)),
        files=(PublicFile(text, "/c/x", "00", 1),),
    )  # fmt: skip
    return replace(
        GENUINE, certificate=certificate, checks=(PublicCheck("integrity", "ok", text, text),), reason=text,
        since="2026-06-20T09:30:00+08:00", superseded_by_number=said,
        differences=(PublicDifference(text, said, said),), presented_file=said, presented_size=1, presented_sha256=said,
        domain=said, queried_number=said,
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_text_in_every_member_changes_no_element_and_no_attribute(said, language):
    for verdict in ("superseded", "unknown", "altered"):
        harmless = Structure(page_of(replace(with_everything("harmless"), verdict=verdict), language))
        hostile = Structure(page_of(replace(with_everything(said), verdict=verdict), language))
        assert hostile.elements == harmless.elements


@settings(max_examples=60, deadline=None)
@given(
    st.text(min_size=1, max_size=40).filter(lambda t: "\r" not in t and "\x00" not in t),
    st.sampled_from(LANGUAGES),
)
def test_any_text_is_shown_as_it_is_and_adds_nothing(said, language):
    try:
        said.encode()
    except UnicodeEncodeError:
        return
    harmless = Structure(page_of(with_everything("harmless"), language))
    found = Structure(page_of(with_everything(said), language))
    assert found.elements == harmless.elements
    assert said in "".join(found.words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hostile_number_cannot_leave_the_query_of_a_link(language):
    certificate = replace(CERTIFICATE, number='A&B=1#"><b> 量/..')
    tree = html.fromstring(page_of(replace(GENUINE, certificate=certificate), language).decode())
    (link,) = [a for a in tree.xpath("//@href") if a.startswith("/check/report")]
    query = link.partition("?")[2]
    assert query.startswith("number=A%26B%3D1%23%22%3E%3Cb%3E%20")
    assert set(query) <= set(string.ascii_letters + string.digits + "=%._/-~")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_number_that_was_asked_for_stands_in_the_form_again(language):
    answer = replace(GENUINE, verdict="unknown", certificate=None, checks=(), queried_number='JZ-1"><')
    tree = html.fromstring(page_of(answer, language).decode())
    assert tree.xpath("string(//input[@name='number']/@value)") == 'JZ-1"><'
    assert [f.get("action") for f in tree.xpath("//form")] == ["/check", "/check/file"]


@pytest.mark.parametrize("verdict", [v for v in VERDICTS if v != "unknown"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_only_an_unknown_certificate_asks_for_another_number(verdict, language):
    tree = html.fromstring(page_of(replace(GENUINE, verdict=verdict), language).decode())
    assert tree.xpath("//form") == []


# --- what has to be said -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_page_without_a_certificate_is_a_whole_page(verdict, language):
    answer = replace(GENUINE, verdict=verdict, certificate=None, checks=(), domain="c.example")
    tree = html.fromstring(page_of(answer, language).decode())
    words = tree.xpath("string(//main)")
    assert verdict_title(verdict).in_language(language) in words
    assert "c.example" in words
    assert "None" not in words
    assert "{" not in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_the_certificate_stands_on_the_page(language):
    words = html.fromstring(page_of(GENUINE, language).decode()).xpath("string(//main)")
    for member in fields(CERTIFICATE):
        said = getattr(CERTIFICATE, member.name)
        if member.name in ("kind", "begin_date", "results", "files"):
            continue
        assert (said.in_language(language) if isinstance(said, Text) else said) in words, member.name


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [("calibration", "校准", "alibrat"), ("legal_verification", "检定", "erif"), ("testing", "检测", "est")],
)
def test_the_page_speaks_of_the_kind_of_work(kind, zh, en):
    for language, expected in (("zh", zh), ("en", en)):
        certificate = replace(CERTIFICATE, kind=kind)
        words = page_of(replace(GENUINE, certificate=certificate), language).decode()
        assert expected in "".join(html.fromstring(words).xpath("//main//dl//text()"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawal_says_since_when_and_why_and_a_successor_is_linked(language):
    reason = Text("标准器失准", "the standard was found out of tolerance")
    withdrawn = replace(GENUINE, verdict="withdrawn", since="2026-06-20T09:30:59+08:00", reason=reason)
    words = html.fromstring(page_of(withdrawn, language).decode()).xpath("string(//main)")
    assert "2026-06-20 09:30" in words
    assert "09:30:59" not in words
    assert reason.in_language(language) in words
    superseded = replace(
        withdrawn, verdict="superseded", superseded_by_number="B-2", superseded_by_url="/c/2?k=1&x=2"
    )
    tree = html.fromstring(page_of(superseded, language).decode())
    (link,) = tree.xpath("//a[contains(., 'B-2')]")
    assert link.get("href") == "/c/2?k=1&x=2"


@pytest.mark.parametrize(
    ("reason", "ends"),
    [
        ("out of tolerance", "out of tolerance."),
        ("Really?", "Really?"),
        ("Stop!", "Stop!"),
        ("失准。", "失准。"),
    ],
)
def test_a_reason_gets_the_stop_that_it_lacks_in_its_language(reason, ends):
    answer = replace(
        GENUINE, verdict="withdrawn", since="2026-06-20T09:30:00+08:00", reason=Text(reason, reason)
    )
    words = html.fromstring(page_of(answer, "en").decode()).xpath("string(//main)")
    assert ends in words
    assert ends + "." not in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", ["ok", "failed", "warning", "not_checked"])
def test_every_outcome_of_a_check_has_a_shape_of_its_own_beside_its_colour(outcome, language):
    def drawn(each):
        check = PublicCheck("integrity", each, Text("甲", "A"), Text("依据", "evidence"))
        tree = html.fromstring(page_of(replace(GENUINE, checks=(check,)), language).decode())
        (item,) = tree.xpath("//ul[@class='jl-checks']/li")
        return html.tostring(item.find(".//svg")), item.text_content()

    others = {each for each in ("ok", "failed", "warning", "not_checked") if each != outcome}
    shape, words = drawn(outcome)
    assert ("依据" if language == "zh" else "evidence") in words
    assert all(drawn(other)[0] != shape for other in others)


def test_a_minus_is_typographic_in_results_and_a_hyphen_stays_in_names():
    results = PublicResults(
        (Text("U-1", "U-1"), Text("量", "q")), ("", "\\volt"), (("-0.5", "1E-3"), ("", "0.0"))
    )
    certificate = replace(CERTIFICATE, results=results, number="YZ-1")
    tree = html.fromstring(page_of(replace(GENUINE, certificate=certificate), "en").decode())
    assert tree.xpath("//th[@scope='col']/text()") == ["U-1", "q / V"]
    assert [td.text or "" for td in tree.xpath("//td[@class='jl-num']")] == ["−0.5", "1E−3", "", "0.0"]
    assert "YZ-1" in tree.text_content()


def test_headings_and_units_belong_together_one_by_one():
    results = PublicResults((Text("甲", "A"), Text("乙", "B")), ("\\volt",), (("1", "2"),))
    with pytest.raises(ValueError, match="zip"):
        page_of(replace(GENUINE, certificate=replace(CERTIFICATE, results=results)), "en")


def test_the_page_names_its_language_and_links_to_the_other():
    for language, code, other in (("zh", "zh-Hans", "en"), ("en", "en", "zh-Hans")):
        tree = html.fromstring(page_of(GENUINE, language).decode())
        assert tree.xpath("/html/@lang") == [code]
        assert tree.xpath("//nav/a/@lang") == [other]
        without = html.fromstring(render_page(GENUINE, language, checked_at=MOMENT).decode())
        assert without.xpath("//nav") == []


def test_the_moment_of_the_check_can_be_written_in_later():
    for language in LANGUAGES:
        page = render_page(GENUINE, language, checked_at=CHECKED_AT_MARKER.decode())
        assert page.count(CHECKED_AT_MARKER) == 2
        assert page.replace(CHECKED_AT_MARKER, MOMENT.encode()) == render_page(
            GENUINE, language, checked_at=MOMENT
        )


# --- JSON ----------------------------------------------------------------------------------------------------


def members(value):
    if is_dataclass(value):
        return {f.name for f in fields(value)}
    return set()


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_json_has_every_member_that_is_not_empty(verdict):
    answer = replace(with_everything("x"), verdict=verdict)
    told = json.loads(answer_json(answer, checked_at=MOMENT))
    wanted = {name for name in members(answer) if getattr(answer, name) not in ("", (), None, Text())}
    assert set(told) == wanted | {"verdict_text", "checked_at"}
    assert told["verdict_text"] == verdict_title(verdict).to_json()
    assert set(told["certificate"]) == members(answer.certificate)


@given(st.text(max_size=30).filter(lambda t: t.isprintable()))
def test_the_json_says_what_the_members_say(said):
    told = json.loads(answer_json(with_everything(said or "x"), checked_at=MOMENT))
    assert told["certificate"]["serial_number"] == (said or "x")
    assert told["certificate"]["results"]["rows"] == [[said or "x"]]


def test_words_of_the_page_stand_in_both_languages_with_the_same_facts():
    def placeholders(pattern):
        return {name for _, name, _, _ in string.Formatter().parse(pattern) if name}

    for verdict in VERDICTS:
        for member in ("title", "fact", "next"):
            both = _wording()["verdicts"][verdict][member]
            assert both["zh"], (verdict, member)
            assert both["en"], (verdict, member)
            assert placeholders(both["zh"]) == placeholders(both["en"])
    assert all(set(both) == {"zh", "en"} for both in _wording()["words"].values())
