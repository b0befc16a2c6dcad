"""The designer and the print dialogue, field by field: what is refused stands under its field, in both languages."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from lxml import html

from jialiang.base.label_templates.selectors import label_template_by_code, label_templates
from jialiang.console.label_templates.papers import sheet_words
from jialiang.formats.labels.designs import FIELDS
from jialiang.formats.labels.logos import LARGEST_BYTES
from tests.console.registers.identifier_desk import NAME, browser_of
from tests.console.registers.test_label_template_pages import NEW, said, saved
from tests.formats.labels.test_logos import SVG, png

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
CHINESE = re.compile("[\u4e00-\u9fff]")


def under(answer, field):
    """What stands under a field as its error."""
    page = html.fromstring(answer.content.decode())
    *_, control = page.xpath(f"//*[@name='{field}']")  # the frame has a choice of language, too
    named = (control.get("aria-describedby") or "").split()
    told = [each for name in named for each in page.xpath(f"//*[@id='{name}']")]
    assert control.get("aria-invalid") == "true", field
    return " ".join(each.text_content() for each in told)


def beside(answer):
    """The words beside the form where the label is drawn."""
    [panel] = html.fromstring(answer.content.decode()).xpath("//*[@id='preview']")
    return panel


REFUSED = [
    ({"code": ""}, "code"), ({"code": "Gauge"}, "code"), ({"name_zh": ""}, "name_zh"), ({"width": ""}, "width"),
    ({"width": "4"}, "width"), ({"height": "301"}, "height"), ({"height": "thirty"}, "height"),
    ({"letters": ""}, "letters"), ({"letters": "3"}, "letters"), ({"letters": "x"}, "letters"),
    ({"symbol": "pdf417"}, "symbol"), ({"line_1": "colour"}, "line_1"), ({"language": "fr"}, "language"),
    ({"sheet": "a3"}, "sheet"), ({"sheet": "a4:", "grid": "9x9:0,0:0,0"}, "grid"),
    ({"width": "12", "height": "8", "line_1": "", "line_2": "", "line_3": ""}, "symbol"),
]  # fmt: skip


@LANGUAGES
@pytest.mark.parametrize(("more", "field"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_is_wrong_stands_under_its_field_in_the_language_of_the_page(identifier_desk, more, field, language):
    answer = browser_of(identifier_desk, "operator", language).post(NEW, said(**more))
    assert answer.status_code in (404, 409, 422)
    words = under(answer, field)
    assert words.strip()
    assert bool(CHINESE.search(words)) is (language == "zh-hans"), words
    assert label_templates().rows == ()


@LANGUAGES
def test_what_was_typed_is_still_there_after_a_refusal(identifier_desk, language):
    typed = said(code="Bad Code", name_en="Gauge", width="55.5", line_2="", line_4="identifier", band="on")
    answer = browser_of(identifier_desk, "operator", language).post(NEW, typed)
    page = html.fromstring(answer.content.decode())
    values = {each.get("name"): each.get("value") for each in page.xpath("//form//input[@type='text']")}
    assert (values["code"], values["name_en"], values["width"]) == ("Bad Code", "Gauge", "55.5")
    assert page.xpath("//select[@name='line_4']/option[@selected]/@value") == ["identifier"]
    assert page.xpath("//input[@name='band']/@checked")


def test_the_label_is_drawn_beside_a_form_that_was_refused_for_its_code(identifier_desk):
    answer = browser_of(identifier_desk, "operator").post(NEW, said(code=""))
    assert answer.status_code == 422
    assert beside(answer).xpath(".//img/@src")[0].startswith("data:image/png;base64,")


@LANGUAGES
def test_a_label_that_cannot_be_drawn_says_which_field_keeps_it(identifier_desk, language):
    answer = browser_of(identifier_desk, "operator", language).post(NEW, said(width="", letters="99"))
    told = [each.text_content() for each in beside(answer).xpath(".//p")]
    names = ("宽度", "字号") if language == "zh-hans" else ("Width", "letters")
    assert len(told) == 2
    assert all(name in words for name, words in zip(names, told, strict=True)), told
    assert not beside(answer).xpath(".//img")


@pytest.mark.parametrize("logo", [SVG, png()], ids=["svg", "png"])
def test_a_logo_that_was_chosen_is_drawn_and_kept_from_one_upload(identifier_desk, logo):
    row = saved(identifier_desk, logo=SimpleUploadedFile("logo", logo))
    assert bytes(row.logo) == logo


def test_a_logo_is_drawn_even_where_the_form_is_refused(identifier_desk):
    browser = browser_of(identifier_desk, "operator")
    plain = browser.post(NEW, said(code="")).context["picture"]
    marked = browser.post(NEW, said(code="", logo=SimpleUploadedFile("l.svg", SVG))).context["picture"]
    assert plain and marked and plain != marked


@LANGUAGES
@pytest.mark.parametrize(
    "data", [b"", b"words", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", SVG + b" " * LARGEST_BYTES],
    ids=["empty", "text", "script", "large"],
)  # fmt: skip
def test_a_logo_that_cannot_be_used_says_why_under_its_field(identifier_desk, data, language):
    answer = browser_of(identifier_desk, "operator", language).post(
        NEW, said(logo=SimpleUploadedFile("logo.svg", data))
    )
    assert answer.status_code == 422
    assert bool(CHINESE.search(under(answer, "logo"))) is (language == "zh-hans")


def test_only_a_template_with_a_logo_offers_to_take_it_away(identifier_desk):
    browser = browser_of(identifier_desk, "operator")
    assert "without_logo" not in browser.get(NEW).context["form"].fields
    bare = saved(identifier_desk, code="bare")
    marked = saved(identifier_desk, code="marked", logo=SimpleUploadedFile("l.svg", SVG))
    offered = [
        "without_logo" in browser.get(reverse("label_template_change", args=[row.id])).context["form"].fields
        for row in (bare, marked)
    ]
    assert offered == [False, True]


@pytest.mark.parametrize("chosen", [(), ("due",), ("due", "name"), tuple(FIELDS)[::-1]], ids=len)
def test_lines_are_kept_in_their_order_and_gaps_are_closed(identifier_desk, chosen):
    lines = {f"line_{number}": "" for number in range(1, 9)}
    places = range(8 - len(chosen) + 1, 9)
    lines |= {f"line_{place}": name for place, name in zip(places, chosen, strict=True)}
    row = saved(identifier_desk, **lines, width="120", height="80")
    assert row.fields == list(chosen)


@pytest.mark.parametrize(
    ("sheet", "zh", "en"),
    [("roll", "卷纸", "Roll"), ("a4", "A4", "A4"), ("a4:3x7:7.25,15.15:2.5,0", "自定网格 3 × 7", "Own grid 3 × 7"),
     ("a4:", "自定网格", "Own grid"), ("gone", "gone", "gone")],
)  # fmt: skip
@LANGUAGES
def test_a_sheet_is_told_in_words(sheet, zh, en, language):
    with override(language):
        assert sheet_words(sheet).strip().startswith(zh if language == "zh-hans" else en)


@LANGUAGES
def test_the_list_tells_size_sheet_and_state_of_each(identifier_desk, language):
    saved(identifier_desk, sheet="a4:", grid="3x7:10,10:5,5")
    page = browser_of(identifier_desk, "operator", language).get(reverse("label_templates")).content.decode()
    words = " ".join(html.fromstring(page).text_content().split())
    assert "50 × 30 mm" in words
    assert ("自定网格 3 × 7" if language == "zh-hans" else "Own grid 3 × 7") in words
    assert ("使用中" if language == "zh-hans" else "In use") in words
    assert "50.0" not in words


def asked(**more):
    return {"names": NAME, "template": "gauge", "sheet": "", "language": "zh", "status": "", "start": "0",
            "dots_per_inch": "0"} | more  # fmt: skip


@LANGUAGES
@pytest.mark.parametrize(
    ("more", "field"),
    [({"names": ""}, "names"), ({"names": "88.101.5/none"}, "names"), ({"template": "none"}, "template"),
     ({"sheet": "a3"}, "sheet"), ({"sheet": "a4-65"}, "sheet"), ({"start": "-1"}, "start"), ({"start": "500"}, "start"),
     ({"dots_per_inch": "96"}, "dots_per_inch"), ({"language": "fr"}, "language"), ({"status": "new"}, "status")],
    ids=str,
)  # fmt: skip
def test_the_print_dialogue_says_what_is_wrong_under_its_field(identifier_desk, more, field, language):
    saved(identifier_desk)
    answer = browser_of(identifier_desk, "operator", language).post(reverse("identifier_labels"), asked(**more))
    assert answer.status_code in (404, 422)
    assert under(answer, field).strip()


@pytest.mark.parametrize("status", ["", "qualified", "limited", "stopped"])
def test_a_label_with_a_band_is_printed_for_each_status(identifier_desk, status):
    saved(identifier_desk, band="on", height="45")
    browser = browser_of(identifier_desk, "operator")
    printed = browser.post(reverse("identifier_labels"), asked(status=status, dots_per_inch="203")).content
    assert printed.startswith(b"^XA^PW400^LL360")
    others = browser.post(reverse("identifier_labels"), asked(status="stopped", dots_per_inch="203")).content
    assert (printed == others) is (status == "stopped")


def test_a_template_that_was_withdrawn_is_shown_and_no_longer_offered(identifier_desk):
    row = saved(identifier_desk)
    browser = browser_of(identifier_desk, "operator")
    offered = browser.get(reverse("identifier_labels")).context["form"].fields["template"].choices
    assert "gauge" in dict(offered)
    browser.post(reverse("label_template_withdraw", args=[row.id]))
    offered = browser.get(reverse("identifier_labels")).context["form"].fields["template"].choices
    assert "gauge" not in dict(offered)
    page = browser.get(reverse("label_template", args=[row.id]))
    assert (page.status_code, page.context["may_change"], page.context["may_withdraw"]) == (200, False, False)
    assert browser.get(reverse("label_template_withdraw", args=[row.id])).status_code == 405


@pytest.mark.parametrize("version", ["", "0", "2", "x", "9" * 30])
def test_a_change_from_no_version_that_was_shown_is_refused(identifier_desk, version):
    row = saved(identifier_desk)
    body = said(version=version, letters="6")
    body.pop("code")
    answer = browser_of(identifier_desk, "operator").post(reverse("label_template_change", args=[row.id]), body)
    assert answer.status_code == 409
    assert label_template_by_code("gauge").letters == 7
