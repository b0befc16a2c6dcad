"""What the typesetter is given: plain data, every text once, tables in pieces that fit."""

import json

import pytest
from tests.formats.dcc_samples import (
    SAMPLES,
    certificate_with,
    expanded_list,
    quantity,
    real_list,
    sample_certificate,
)
from tests.formats.reading_pieces import LANGUAGES, every_text, listed, said, table_view, view_of

from jialiang.formats.pdf.reading_data import MOST, PAGE_WIDTH, reading_data
from jialiang.formats.pdf.reading_rendering import SOURCES, attachment_name
from jialiang.formats.pdf.wording import template
from jialiang.formats.reading_view.blocks import (
    Column,
    Fact,
    Facts,
    FormulaBlock,
    Group,
    Paragraph,
    Picture,
    ReadingView,
    Table,
)
from jialiang.formats.reading_view.building import reading_view


def strings(data):
    """Every text in plain data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for member in data.values():
            yield from strings(member)
    elif isinstance(data, list):
        for member in data:
            yield from strings(member)


def tables(data):
    """Every table in plain data, in order."""
    if isinstance(data, dict):
        if data.get("kind") == "tables":
            yield from data["tables"]
        for member in data.values():
            yield from tables(member)
    elif isinstance(data, list):
        for member in data:
            yield from tables(member)


def view_with(*blocks, **changes):
    """A view of one section."""
    members = {
        "language": "en", "title": "Title", "number": "N-1", "version": "3.3.0", "laboratory": said("Lab"),
        "languages": ("en",), "notices": (), "sections": (Group(said("Section"), blocks, key="results"),),
        "origin": "o",
    } | changes  # fmt: skip
    return ReadingView(**members)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_line_of_the_view_is_given(oracles, name, language):
    view = reading_view(sample_certificate(oracles, name), language)
    data, pictures = reading_data(view)
    assert pictures == {}
    given = set(strings(data))
    assert {line for line in every_text(view) if line} <= given
    json.dumps(data)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Paragraph(said("a"), "note"), {"kind": "paragraph", "tone": "note", "said": {"lines": ["a"], "language": ""}}),
        (
            Facts((Fact(said("l"), said("t", language="de"), "h"),)),
            {"kind": "facts", "facts": [{"label": {"lines": ["l"], "language": ""},
                                         "said": {"lines": ["t"], "language": "de"}, "hint": "h"}]},
        ),
        (FormulaBlock("latex", "\\frac", "\\frac"), {"kind": "formula", "source": "\\frac"}),
        (FormulaBlock("mathml", "<math/>", "a/b", "<math/>"), {"kind": "formula", "source": "a/b"}),
        (FormulaBlock("mathml", "<math/>", "", "<math/>"), {"kind": "formula", "source": "<math/>"}),
        (
            Picture(said("p"), "image/png", b"x", 1, 1),
            {"kind": "picture", "file": "picture-0.json", "name": {"lines": ["p"], "language": ""}},
        ),
        (
            Group(said("g"), (), "about", "key"),
            {"kind": "group", "key": "key", "heading": {"lines": ["g"], "language": ""}, "about": "about",
             "blocks": []},
        ),
    ],
)  # fmt: skip
def test_blocks_are_plain_data(block, expected):
    data, _ = reading_data(view_with(block))
    assert data["sections"][0]["blocks"] == [expected]


def test_pictures_are_numbered():
    pictures = [Picture(said(str(at)), "image/png", bytes([at]), 1, 1) for at in range(3)]
    data, files = reading_data(view_with(*pictures))
    assert files == {"picture-0": b"\0", "picture-1": b"\1", "picture-2": b"\2"}
    assert [each["file"] for each in data["sections"][0]["blocks"]] == [
        f"picture-{at}.json" for at in range(3)
    ]


def test_a_table_has_heads_rows_and_what_aligns_them():
    table = Table((Column(said("x"), "number", "U", "m", ("k = 2",)),), ((said("1.25"),), (said("5"),)), 0)
    data, _ = reading_data(view_with(table))
    (given,) = tables(data)
    assert given["heads"][0] | {"weight": 0} == {
        "name": {"lines": ["x"], "language": ""}, "kind": "number", "symbol": "U", "unit": "m", "remarks": ["k = 2"],
        "weight": 0,
    }  # fmt: skip
    assert [row[0] for row in given["rows"]] == [
        {"lines": ["1.25"], "language": "", "tail": ""},
        {"lines": ["5"], "language": "", "tail": ".00"},
    ]
    assert given["scale"] == 1.0
    assert not given["full"]


@pytest.mark.parametrize("count", [1, 3, 6, 9, 15, 40])
def test_tables_are_set_smaller_and_then_cut(count):
    quantities = [
        quantity(real_list(f"{at}.12345 {at}.1", "\\metre", expanded_list("0.12345")), f"quantity {at}")
        for at in range(count)
    ]
    data, _ = reading_data(table_view(listed(*quantities)))
    for table in tables(data):
        wide = sum(head["weight"] for head in table["heads"])
        assert wide <= MOST + 1e-9
        assert table["scale"] == pytest.approx(min(1.0, PAGE_WIDTH / wide))
        assert table["scale"] > 0.75
        assert table["full"] == (wide > 0.8 * PAGE_WIDTH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_the_page_are_in_its_language_and_the_origin_in_both(language):
    data, _ = reading_data(view_of(certificate_with(number="N-7"), language))
    zh, en = (
        "本页由嘉量（Jialiang）根据 DCC N-7 生成；以 XML 文件为准。",
        "Made from the DCC N-7 by Jialiang; the XML is the document.",
    )
    assert data["origin"] == ([zh, en] if language == "zh" else [en, zh])
    assert data["page"] == ("第 {page} 页 共 {pages} 页" if language == "zh" else "Page {page} of {pages}")
    assert data["end"][0] == ("以下空白" if language == "zh" else "End of certificate")
    assert data["number_label"] == ("证书编号" if language == "zh" else "Certificate No.")


def test_notices_stand_line_for_line():
    data, _ = reading_data(
        view_with(notices=(Paragraph(said("a", "b"), "warning"), Paragraph(said("c"), "warning")))
    )
    assert data["notices"] == ["a", "b", "c"]


def test_the_sources_of_the_pages_are_there():
    assert SOURCES["main.typ"] == "reading.typ"
    for name in SOURCES.values():
        assert template(name)


@pytest.mark.parametrize("name", ["reading.typ", "style.typ"])
def test_templates_read_data_and_never_evaluate_them(name):
    source = template(name).decode()
    assert "eval(" not in source
    assert "http" not in source
    assert "plugin(" not in source


@pytest.mark.parametrize("number", ["A", "证书 1", "x/../y", "a" * 300, "\u202e", "..", "-", " "])
def test_the_name_of_the_file_inside_is_never_a_path(number):
    name = attachment_name(number)
    assert name.isascii()
    assert name.endswith(".xml")
    assert not set(name) & set("/\\: ")
    assert not name.startswith((".", "-", "_"))
    assert len(name) <= 84
