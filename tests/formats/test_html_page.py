"""A certificate as one HTML file: complete, self-standing, harmless whatever the certificate says."""

import base64
import hashlib
import io
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.formats.dcc_samples import (
    NS,
    SAMPLES,
    certificate_with,
    expanded_list,
    quantity,
    real_list,
    sample_certificate,
)
from tests.formats.reading_pieces import (
    LANGUAGES,
    MATHML,
    every_text,
    listed,
    said,
    table_view,
    tables,
    view_of,
    words_of,
)

from jialiang.formats.html_page.page import html_of
from jialiang.formats.html_page.pieces import block_html, text_html
from jialiang.formats.reading_view.blocks import Column, Fact, Facts, Group, Paragraph, Table
from jialiang.formats.reading_view.building import reading_view

VOID = {"meta", "br", "img"}
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section", "div", "span", "p", "h1",
    "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "br", "b", "i",
    "figure", "figcaption", "img", "code", "svg", "path", "math", "mi", "mo", "mn", "mrow", "mfrac", "msqrt", "mtext",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "scope", "dir", "tabindex", "role", "translate",
    "data-t", "alt", "width", "height", "src", "viewbox", "fill", "stroke", "stroke-width", "stroke-linejoin",
    "aria-hidden", "d", "xmlns",
}  # fmt: skip


class Page(HTMLParser):
    """What another reader finds in a page: elements, attributes, and texts by the element that they stand in."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.open, self.texts, self.cells = [], [], [], [], []
        self.feed(page.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)
        if "td" in self.open:
            self.cells[-1] += data

    def value(self, tag, name):
        return [value for each, key, value in self.attributes if (each, key) == (tag, name)]


def page_of(view):
    page = Page(html_of(view))
    assert page.open == []
    return page


@pytest.fixture(scope="module")
def pages(oracles):
    """Every sample in both languages."""
    return {
        (name, language): page_of(reading_view(sample_certificate(oracles, name), language))
        for name in SAMPLES
        for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_number_of_a_sample_is_on_the_page(oracles, pages, name, language):
    shown = {word for text in pages[name, language].texts for word in words_of(text)}
    for quantity_ in sample_certificate(oracles, name).quantities():
        for writing in (part for each in quantity_.writings for part in each.flat()):
            u = writing.uncertainty
            for texts in (writing.values, writing.second, u.expanded_uncertainty, u.standard_uncertainty,
                          u.coverage_factor, u.coverage_probability, u.interval_min, u.interval_max):  # fmt: skip
                assert set(texts) <= shown, quantity_.path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_numbers_of_the_file_found_by_xpath_are_on_the_page(oracles, pages, name, language):
    shown = {word for text in pages[name, language].texts for word in words_of(text)}
    tree = sample_certificate(oracles, name).tree
    for path in ("//si:value", "//si:valueXMLList", "//si:uncertainty", "//si:uncertaintyXMLList",
                 "//si:valueExpandedMUXMLList"):  # fmt: skip
        for found in tree.xpath(path, namespaces=NS):
            assert set(found.text.split()) <= shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_line_of_the_view_is_on_the_page(oracles, pages, name, language):
    texts = set(pages[name, language].texts)
    for line in every_text(reading_view(sample_certificate(oracles, name), language)):
        assert not line or line in texts or line.strip() in {text.strip() for text in texts}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_has_known_elements_and_nothing_outside(pages, name, language):
    page = pages[name, language]
    assert set(page.tags) <= ALLOWED
    assert {attribute for _, attribute, _ in page.attributes} <= ATTRIBUTES
    assert not [
        value
        for _, attribute, value in page.attributes
        if attribute == "src" and not value.startswith("data:image/")
    ]
    assert "href" not in {attribute for _, attribute, _ in page.attributes}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_policy_allows_the_one_style_sheet_and_pictures_inside(oracles, language):
    data = html_of(reading_view(sample_certificate(oracles, "v3.1.2_gp_humidity"), language))
    style = re.search(rb"<style>(.*?)</style>", data, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    policy = re.search(rb'http-equiv="Content-Security-Policy" content="([^"]*)"', data)[1].decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert data.index(b"Content-Security-Policy") < data.index(b"<style>")
    assert not re.search(rb"url\(|@import|expression|javascript:", style)


def test_the_page_says_its_language_and_title(pages):
    assert pages["v2.4.0_siliziumkugel", "zh"].value("html", "lang") == ["zh-Hans"]
    page = pages["v2.4.0_siliziumkugel", "en"]
    assert page.value("html", "lang") == ["en"]
    assert "Calibration certificate PTB - 11129 18" in page.texts
    assert page.value("meta", "charset") == ["utf-8"]


@pytest.mark.parametrize("name", SAMPLES)
def test_texts_in_another_language_carry_their_tag(pages, name):
    page = pages[name, "zh"]
    assert "en" in page.value("span", "lang") + page.value("div", "lang")
    assert page.texts.count("en") >= 5


def test_headings_do_not_leave_a_level_out(pages):
    for page in pages.values():
        levels = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


def test_every_section_can_be_linked_to(pages):
    assert set(pages["v3.1.2_gp_humidity", "en"].value("section", "id")) == {
        "identity", "laboratory", "customer", "persons", "items", "results", "statements", "file",
    }  # fmt: skip


def test_the_same_certificate_gives_the_same_page(oracles):
    first, second = (html_of(reading_view(sample_certificate(oracles, SAMPLES[0]), "zh")) for _ in range(2))
    assert first == second


ATTACKS = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<!--", "-->", "]]>", "</table></main></body>", "<svg onload=alert(1)>", "&lt;b&gt;", "&amp;amp;", "<a href='//x'>",
    "{{7*7}}", "{% raw %}", "${1+1}", "javascript:alert(1)", "<base href='//x'>", "<meta http-equiv=refresh>",
    "\u202e05.1", "\u2066x\u2069", "a\u200bb", "\x85", "😀", "נִקּוּד", "ก", "ﷺ", "A" * 5000,
]  # fmt: skip


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def poisoned(text):
    """A certificate that says the same thing everywhere."""
    said_ = escaped(text)
    content = f"<dcc:name><dcc:content>{said_}</dcc:content></dcc:name>"
    convention = f"<dcc:convention>{said_}</dcc:convention><dcc:norm>{said_}</dcc:norm>"
    statement = f"<dcc:statement>{content}{convention}</dcc:statement>"
    inside = f"<si:label>{said_}</si:label>"
    value = f"<si:real>{inside}<si:value>{said_}</si:value><si:unit>{said_}</si:unit></si:real>"
    attributes = f'refType="{said_}"'
    return certificate_with(
        quantity(value, said_, attributes)
        + quantity(real_list("1 2", "\\metre", expanded_list(said_)), said_),
        statements=statement,
        number=said_,
        end=said_,
        conditions=f"<dcc:influenceCondition>{content}<dcc:status>{said_}</dcc:status></dcc:influenceCondition>",
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_of_a_certificate_becomes_markup(text, language):
    page = page_of(view_of(poisoned(text), language))
    assert set(page.tags) <= ALLOWED - {"img"}
    assert {attribute for _, attribute, _ in page.attributes} <= ATTRIBUTES
    assert page.tags.count("style") == 1
    assert "script" not in page.tags


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x>', "&amp;", "a & b < c"])
def test_a_hostile_text_is_still_shown_as_text(text):
    assert text in page_of(view_of(poisoned(text))).texts


def test_marks_that_turn_writing_are_shown_and_not_obeyed():
    data = html_of(view_of(poisoned("\u202e05.1"))).decode()
    assert "\u202e" not in data
    assert "[U+202E]05.1" in data


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_any_text_stays_text(text):
    kept = "".join(letter for letter in text if letter not in "\ufffe\uffff")
    page = page_of(view_of(poisoned(kept)))
    assert set(page.tags) <= ALLOWED - {"img"}


def test_pictures_are_inside_the_page():
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20)).save(buffer, "PNG")
    encoded = base64.b64encode(buffer.getvalue()).decode()
    file = f"""<dcc:byteData><dcc:name><dcc:content>&quot;A&quot; graph</dcc:content></dcc:name>
    <dcc:fileName>a.png</dcc:fileName>
    <dcc:mimeType>text/html</dcc:mimeType><dcc:dataBase64>{encoded}</dcc:dataBase64></dcc:byteData>"""
    page = page_of(table_view(file))
    assert page.value("img", "src") == [f"data:image/png;base64,{encoded}"]
    assert page.value("img", "alt") == ['"A" graph']
    assert (page.value("img", "width"), page.value("img", "height")) == (["30"], ["20"])


def test_svg_and_other_files_are_listed_and_not_shown():
    encoded = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>").decode()
    file = f"""<dcc:byteData><dcc:fileName>a.svg</dcc:fileName><dcc:mimeType>image/svg+xml</dcc:mimeType>
    <dcc:dataBase64>{encoded}</dcc:dataBase64></dcc:byteData>"""
    page = page_of(table_view(file))
    assert "img" not in page.tags
    assert "a.svg" in page.texts


def test_mathml_is_set_as_mathml():
    formula = f"""<dcc:formula><dcc:mathml><m:math xmlns:m="{MATHML}"><m:mfrac><m:mi>a</m:mi><m:mi onclick="x">b</m:mi>
    </m:mfrac></m:math></dcc:mathml></dcc:formula>"""
    page = page_of(table_view(formula))
    assert [tag for tag in page.tags if tag.startswith("m") and tag not in ("main", "meta")] == [
        "math",
        "mfrac",
        "mi",
        "mi",
    ]
    assert "onclick" not in {name for _, name, _ in page.attributes}


def test_latex_is_shown_as_it_is_written():
    page = page_of(table_view("<dcc:formula><dcc:latex>a &lt; \\frac{b}{c}</dcc:latex></dcc:formula>"))
    assert "a < \\frac{b}{c}" in page.texts
    assert "code" in page.tags


def test_what_aligns_numbers_is_not_part_of_the_text():
    page = page_of(table_view(listed(quantity(real_list("1.25 5 -0.5", "\\metre"), "x"))))
    assert page.cells == ["1", "1.25", "2", "5", "3", "-0.5"]
    assert page.value("b", "data-t") == [".00", "0"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (said("a"), "a"),
        (said("a", "b"), "a<br>b"),
        (said("<"), "&lt;"),
        (said('"'), "&quot;"),
        (
            said("a", language="de"),
            '<span lang="de" dir="auto">a</span><span class="lg" translate="no">de</span>',
        ),
        (
            said("a", language='"x'),
            '<span lang="&quot;x" dir="auto">a</span><span class="lg" translate="no">&quot;x</span>',
        ),
        (said(), ""),
    ],
)
def test_texts_are_escaped_and_marked(text, html):
    assert text_html(text) == html


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (Paragraph(said("a", "b")), '<div class="text"><p>a</p><p>b</p></div>'),
        (Paragraph(said("a"), "note"), '<div class="note"><p>a</p></div>'),
        (Facts((Fact(said("l"), said("t"), "h"),)),
         '<dl><div><dt>l</dt><dd>t <span class="ab">h</span></dd></div></dl>'),
        (Group(said("h"), (), "about"), '<section class="g"><h3>h <span class="ab">about</span></h3></section>'),
        (Group(said(), (Paragraph(said("a")),)), '<div class="g"><div class="text"><p>a</p></div></div>'),
        (Table((Column(said("x"), "number", "U", "m", ("k = 2",)),), ((said("1"),),), 0),
         '<div class="tb" tabindex="0" role="group"><table><thead><tr><th scope="col" class="n"><i>U</i> x'
         '<span class="un">m</span><span class="ab">k = 2</span></th></tr></thead><tbody><tr>'
         '<td class="n c">1</td></tr>'
         "</tbody></table></div>"),
    ],
)  # fmt: skip
def test_blocks_are_plain_html(block, html):
    assert block_html(block, 3) == html


def test_groups_deeper_than_headings_stay_at_the_last_level():
    block = Group(said("x"), (Group(said("y"), ()),))
    assert "<h6>x</h6>" in block_html(block, 6)
    assert "<h6>y</h6>" in block_html(block, 6)


def test_a_large_certificate_makes_a_page_in_reasonable_size():
    values = " ".join(f"{number}.5" for number in range(20_000))
    view = table_view(listed(quantity(real_list(values, "\\metre"), "x")))
    assert len(tables(view)[0].rows) == 20_000
    assert len(html_of(view)) < 3_000_000
