"""Which text is shown in which language, and how a text is made fit for a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.reading_pieces import name_part, rich_part, said

from jialiang.formats.reading_view.texts import Reader, fit, lines_of, named, text_of
from jialiang.formats.reading_view.texts import said as plain
from jialiang.formats.xml.nodes import Node


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.0250", "0.0250"),
        ("-1.5e-3", "-1.5e-3"),
        ("二级", "二级"),
        ("Größe", "Größe"),
        ("a\u202eb", "a[U+202E]b"),  # right-to-left override: would show 1.05 for 50.1
        ("a\u2066b\u2069", "a[U+2066]b[U+2069]"),
        ("a\u202ab\u202c", "a[U+202A]b[U+202C]"),
        ("a\u200fb\u200e", "ab"),  # marks without a shape
        ("a\u200bb", "ab"),
        ("a\u00adb", "ab"),
        ("a\ufeffb", "ab"),
        ("a\x07b", "a[U+0007]b"),
        ("a\x9fb", "a[U+009F]b"),
        ("a\ue000b", "a[U+E000]b"),  # private use: nobody knows its shape
        ("a\U0010fffdb", "a[U+10FFFD]b"),
        ("a\u0378b", "a[U+0378]b"),  # not assigned
        ("a\tb", "a b"),
        ("a\nb", "a b"),
        ("ὅσον", "ὅσον"),
        ("e\u0301", "e\u0301"),
        ("µΩ·m", "µΩ·m"),
        ("😀", "😀"),
        ("", ""),
    ],
)
def test_a_line_is_fit_for_every_page(text, shown):
    assert fit(text) == shown


@given(st.text())
def test_what_is_fit_stays_as_it_is(text):
    assert fit(fit(text)) == fit(text)


@given(st.text())
def test_nothing_that_turns_or_controls_is_left(text):
    shown = fit(text)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    assert all(letter == " " or letter.isprintable() or ord(letter) > 0x9F for letter in shown)


@given(st.text(alphabet="0123456789.+-eE"))
def test_numbers_are_never_touched(text):
    assert fit(text) == text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one line", ("one line",)),
        ("Case\n      The weights are in a box.", ("Case", "The weights are in a box.")),
        ("multiplied by the\n    coverage factor k = 2.", ("multiplied by the coverage factor k = 2.",)),
        ("first\r\nSecond\rThird", ("first", "Second", "Third")),
        ("\n\n  \n", ()),
        ("", ()),
        ("  a   b\t c ", ("a b c",)),
        ("Werte:\n- erster\n- zweiter", ("Werte:", "- erster", "- zweiter")),
        ("第一行\n第二行", ("第一行", "第二行")),
        ("k = 2\n2. Punkt", ("k = 2", "2. Punkt")),
        ("one\u2028Two\u2029Three", ("one", "Two", "Three")),
        ("lower at once", ("lower at once",)),
        ("\u00a0a\u00a0b\u00a0", ("a b",)),
        ("a\n\u202eb", ("a", "[U+202E]b")),
    ],
)
def test_lines_are_those_that_the_writer_meant(text, lines):
    assert lines_of(text) == lines
    assert plain(text).lines == lines


def test_a_line_does_not_grow_without_end():
    lines = lines_of("A" * 20_000 + "\nb" * 3)
    assert len(lines) == 2
    assert lines[1] == "b b b"


def test_no_text_is_no_text():
    assert not plain(None)
    assert not plain("  \n ")
    assert plain("x")


NAMES = [
    # contents, language of the page, languages of the certificate, text, mark
    ((("en", "mass"), ("de", "Masse")), "en", ("de", "en"), "mass", ""),
    ((("en", "mass"), ("de", "Masse")), "zh", ("de", "en"), "mass", "en"),
    ((("de", "Masse"), ("en", "mass")), "zh", ("de", "en"), "mass", "en"),
    ((("de", "Masse"),), "en", ("de", "en"), "Masse", "de"),
    ((("de", "Masse"), ("fr", "masse")), "en", ("fr", "de"), "masse", "fr"),
    ((("de", "Masse"), ("fr", "masse")), "en", (), "Masse", "de"),
    ((("zh", "质量"), ("en", "mass")), "zh", ("zh", "en"), "质量", ""),
    ((("zh-Hans", "质量"), ("en", "mass")), "zh", ("zh", "en"), "质量", ""),
    ((("ZH", "质量"),), "zh", ("zh",), "质量", ""),
    ((("", "TH477D"), ("de", "anders")), "en", ("de",), "TH477D", ""),
    ((("", "TH477D"), ("en", "other")), "en", ("de", "en"), "other", ""),
    ((("", "no language"),), "zh", ("de",), "no language", ""),
    (
        (("", "kein Hersteller"), ("", "no manufacturer")),
        "en",
        ("de",),
        "kein Hersteller\nno manufacturer",
        "",
    ),
    ((("en", "twice"), ("en", "twice")), "en", ("en",), "twice", ""),
    ((("en", "one"), ("en", "two")), "en", ("en",), "one\ntwo", ""),
    ((("en", "  "), ("de", "Masse")), "en", ("de", "en"), "Masse", "de"),
    ((("en", "Name\n   With break"),), "en", ("en",), "Name / With break", ""),
    ((), "en", ("en",), "", ""),
    ((("en", ""),), "en", ("en",), "", ""),
    ((("d\u202ee", "x"),), "en", ("de",), "x", "d[U+202E]e"),
]


@pytest.mark.parametrize(("contents", "page", "languages", "text", "mark"), NAMES)
def test_a_name_comes_in_the_language_of_the_page_or_says_which(contents, page, languages, text, mark):
    shown = Reader(page, languages).pick(contents)
    assert (shown.text, shown.language) == (text, mark)


@pytest.mark.parametrize(("contents", "page", "languages", "text", "mark"), NAMES[:13])
def test_a_name_part_is_read_as_its_contents(contents, page, languages, text, mark):
    shown = Reader(page, languages).say(name_part(*contents))
    assert (shown.text, shown.language) == (text, mark)


PARAGRAPHS = [
    ((("en", "One."), ("en", "Two.")), "en", ("One.", "Two."), ""),
    ((("en", "One."), ("de", "Eins."), ("en", "Two."), ("de", "Zwei.")), "en", ("One.", "Two."), ""),
    ((("en", "One."), ("", "$x$"), ("en", "Two.")), "en", ("One.", "$x$", "Two."), ""),
    ((("de", "Eins."), ("", "$x$")), "en", ("Eins.", "$x$"), "de"),
    ((("", "$x$"),), "zh", ("$x$",), ""),
    ((("de", "Eins."), ("en", "One.")), "zh", ("One.",), "en"),
    ((), "zh", (), ""),
]  # fmt: skip


@pytest.mark.parametrize(("contents", "page", "lines", "mark"), PARAGRAPHS)
def test_paragraphs_keep_their_order_and_those_of_no_language(contents, page, lines, mark):
    reader = Reader(page, ("de", "en"))
    assert reader.paragraphs(contents) == said(*lines, language=mark)
    assert reader.tell(rich_part(*contents)) == said(*lines, language=mark)


def test_nothing_is_said_of_nothing():
    reader = Reader("en", ())
    assert not reader.say(None)
    assert not reader.tell(None)
    assert reader.instead == {}
    assert not reader.found


def test_the_reader_remembers_what_stood_in_for_the_missing_language():
    reader = Reader("zh", ("de", "en", "fr"))
    reader.pick([("de", "Masse")])
    assert list(reader.instead) == ["de"]
    assert not reader.found
    reader.pick([("fr", "masse"), ("de", "Masse")])
    reader.pick([("zh", "质量")])
    assert list(reader.instead) == ["de"]
    assert reader.found
    reader.pick([("fr", "masse")])
    assert list(reader.instead) == ["de", "fr"]


def test_a_text_without_a_language_stands_in_for_nothing():
    reader = Reader("zh", ("de",))
    reader.pick([("", "TH477D")])
    assert reader.instead == {}
    assert not reader.found


def test_words_of_the_house_have_no_mark():
    assert named("section.results", "zh") == said("校准结果")
    assert named("section.results", "en") == said("Results")


def test_the_text_of_a_child_that_is_not_there_is_empty():
    node = Node("{x}a", content=(Node("{x}b", content=(" 2026-01-01 ",)),))
    assert text_of(node, "b") == " 2026-01-01 "
    assert text_of(node, "c") == ""


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "de", "en", "zh", "fr"]), st.text(alphabet="ABC \n", max_size=8))
    ),
    st.sampled_from(["zh", "en"]),
)
def test_a_text_is_found_wherever_one_is(contents, page):
    """Whatever the languages: something is shown exactly if something is said, and it is one of the texts."""
    shown = Reader(page, ("de", "en")).pick(contents)
    texts = {" / ".join(lines_of(text)) for _, text in contents if text.strip()}
    assert bool(shown) == bool(texts)
    assert set(shown.lines) <= texts
    if page in {tag for tag, text in contents if text.strip()}:
        assert shown.language == ""
