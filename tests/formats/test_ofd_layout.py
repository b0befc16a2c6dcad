"""Lines, pages and tables: nothing is lost or leaves its strip, heads come again, and lines end where they may."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.formats.ofd.block_pages import BlockPages, shown, word
from jialiang.formats.ofd.faces import Faces
from jialiang.formats.ofd.layout.flow import (
    BOTTOM,
    LEFT,
    PAGE_ROOM,
    RIGHT,
    TOP,
    Area,
    Flow,
    horizontal,
)
from jialiang.formats.ofd.layout.lines import Ruler, Type, pieces
from jialiang.formats.ofd.layout.tables import CELL, HEAD, Head, PlainTable, set_table
from jialiang.formats.ofd.model import DrawnPath
from jialiang.formats.ofd.names import PAGE_HEIGHT, PAGE_WIDTH
from jialiang.formats.ofd.page_writing import NewImage, NewText
from jialiang.formats.reading_view.blocks import (
    Column,
    Fact,
    Facts,
    FormulaBlock,
    Group,
    Paragraph,
    Picture,
    Said,
    Table,
)

RULER = Ruler(Faces())  # fonts of readers: Chinese letters 1, others ½
KIND = Type(4.0)
WORDS = st.text(st.sampled_from("ab1 .,-/（）中文，。 \u00a0"), max_size=60)


def flow():
    return Flow(RULER)


def texts(made):
    return [[each.text for each in page if isinstance(each, NewText)] for page in made.pages]


def all_texts(made):
    return [text for page in texts(made) for text in page]


# --- lines --------------------------------------------------------------------------------------------------------


@given(WORDS)
def test_pieces_together_are_the_text(text):
    assert "".join(pieces(text)) == text


@given(WORDS, st.floats(2, 60))
def test_lines_lose_no_letter_and_stay_within_the_width(text, width):
    lines = RULER.lines(text, KIND, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert RULER.width(line, KIND) <= width + 1e-9 or len(line) == 1


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 50, [""]),
        ("one two three", 14, ["one two", "three"]),
        ("one two three", 13.9, ["one", "two", "three"]),
        ("测量不确定度", 12, ["测量不", "确定度"]),
        ("测量，不确定", 8, ["测", "量，", "不确", "定"]),
        ("测（量）", 8, ["测", "（量", "）"]),
        ("k = 2，测", 10, ["k =", "2，测"]),
        ("1.000 mm", 11, ["1.000", "mm"]),
        ("-0.25", 8, ["-0.2", "5"]),
        ("well-known", 12, ["well-", "known"]),
        ("2026-01-02", 18, ["2026-01-0", "2"]),
        ("a\u00a0b c", 6, ["a\u00a0b", "c"]),
        ("abcdefgh", 6, ["abc", "def", "gh"]),
        ("ab abcdefgh", 6, ["ab", "abc", "def", "gh"]),
        ("https://a.example/long/path", 40, ["https://a.example/", "long/path"]),
    ],
)
def test_lines_end_where_they_may(text, width, lines):
    assert RULER.lines(text, KIND, width) == lines


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a b", ["a ", "b"]),
        ("中文", ["中", "文"]),
        ("中，文", ["中，", "文"]),
        ("（中", ["（中"]),
        ("a中", ["a", "中"]),
        ("x/y", ["x/", "y"]),
        ("1/2", ["1/2"]),
        ("-5", ["-5"]),
        ("e\u0301a", ["e\u0301a"]),
        ("", []),
    ],
)
def test_a_sign_stays_with_its_number_and_a_point_with_its_sentence(text, found):
    assert list(pieces(text)) == found


def test_width_is_measured_in_the_size_and_weight_of_the_text():
    assert RULER.width("中a", Type(4)) == 6
    assert RULER.width("中a", Type(8, bold=True)) == 12
    assert RULER.longest("one three", Type(4)) == 10


# --- pages --------------------------------------------------------------------------------------------------------


def test_a_long_text_goes_on_over_pages_in_order():
    made = flow()
    said = " ".join(f"w{n}" for n in range(3000))
    made.paragraph(said, KIND, Area())
    assert " ".join(all_texts(made)) == said
    assert len(made.pages) > 2
    for page in made.pages:
        assert all(TOP < each.y < PAGE_HEIGHT - BOTTOM for each in page)
        assert page[0].y == pytest.approx(TOP + 1.08 * KIND.size)


def test_what_does_not_fit_begins_a_new_page_and_nothing_stays_empty():
    made = flow()
    assert made.need(10 * PAGE_ROOM) is False  # a page that has nothing cannot do better
    made.y += PAGE_ROOM - 10
    assert made.need(10) is False
    assert made.need(10.01) is True
    assert (len(made.pages), made.y, made.is_at_top) == (2, TOP, True)


def test_room_is_left_only_below_something():
    made = flow()
    made.skip(5)
    assert made.y == TOP
    made.put_line("x", KIND, LEFT)
    made.y += 5
    made.skip(5)
    assert made.y == TOP + 10


def test_a_level_line_lies_around_its_height():
    line = horizontal(20, 50, 100, 0.4, "1 2 3")
    assert (line.box.x, line.box.y, line.box.width, line.box.height) == (20, 49.8, 100, 0.4)
    assert (line.commands, line.line_width, line.stroke_colour) == ("M 0 0.2 L 100 0.2", 0.4, "1 2 3")


def test_a_strip_can_be_indented():
    area = Area().indented(10)
    assert (area.left, area.width) == (LEFT + 10, PAGE_WIDTH - LEFT - RIGHT - 10)


# --- tables -------------------------------------------------------------------------------------------------------


def table(columns, rows, keys=1, numbers=True):
    heads = tuple(Head((f"h{n}", "mm"), numbers and n > 0) for n in range(columns))
    cells = tuple(tuple((f"{r}.{c}00",) for c in range(columns)) for r in range(rows))
    return PlainTable(heads, cells, keys)


def test_every_cell_of_a_table_is_on_a_page_once():
    made = flow()
    set_table(made, table(5, 40), Area())
    cells = [text for text in all_texts(made) if "." in text]
    assert sorted(cells) == sorted(f"{r}.{c}00" for r in range(40) for c in range(5))


def test_heads_come_again_on_every_page():
    made = flow()
    set_table(made, table(3, 200), Area())
    assert len(made.pages) > 3
    for page in texts(made)[:-1]:
        assert page[:6] == ["h0", "mm", "h1", "mm", "h2", "mm"]
    assert sum(text == "h1" for text in all_texts(made)) == len(made.pages) - (not made.pages[-1])


def test_rows_stay_in_order_and_within_the_margins():
    made = flow()
    set_table(made, table(2, 300), Area())
    first = [text for text in all_texts(made) if text.endswith(".000")]
    assert first == [f"{r}.000" for r in range(300)]
    for page in made.pages:
        for each in page:
            if isinstance(each, NewText):
                assert TOP <= each.y <= PAGE_HEIGHT - BOTTOM + 0.01
                assert each.x >= LEFT
                assert each.x + RULER.width(each.text, Type(each.size)) <= PAGE_WIDTH - RIGHT + 0.01


def test_numbers_end_at_one_line_and_words_begin_at_one():
    rows = tuple(((name,), (value,)) for name, value in (("a", "1"), ("b", "1000.25"), ("c", "-20")))
    made = flow()
    set_table(made, PlainTable((Head(("word",)), Head(("number",), True)), rows), Area())
    placed = {each.text: each for each in made.pages[0] if isinstance(each, NewText)}
    ends = {round(placed[text].x + RULER.width(text, CELL), 6) for text in ("1", "1000.25", "-20")}
    ends.add(round(placed["number"].x + RULER.width("number", HEAD), 6))
    assert len(ends) == 1
    assert len({placed[text].x for text in ("word", "a", "b", "c")}) == 1


def test_too_many_columns_go_into_strips_that_begin_with_the_keys():
    made = flow()
    wide = 24
    set_table(made, table(wide, 3, keys=1), Area())
    cells = [text for text in all_texts(made) if "." in text]
    strips = sum(text == "h0" for text in all_texts(made))
    assert strips > 1
    assert cells.count("0.000") == strips
    for row in range(3):
        for column in range(1, wide):
            assert cells.count(f"{row}.{column}00") == 1


def test_keys_that_are_too_wide_stand_once_only():
    heads = (Head(("k" * 40,)), *(Head((f"h{n}" * 10,)) for n in range(8)))
    rows = ((("key " + "y" * 80,), *((f"{n}" * 20,) for n in range(8))),)
    made = flow()
    set_table(made, PlainTable(heads, rows, 1), Area())
    joined = "".join(all_texts(made))
    for n in range(8):
        assert f"{n}" * 20 in joined


def test_a_number_keeps_its_unit_where_that_fits():
    rows = (((("a rather long name of a quantity that needs room " * 2).strip(),), ("10.000003E-3 kg",)),)
    made = flow()
    set_table(made, PlainTable((Head(("Quantity",)), Head(("Value",), True)), rows), Area(LEFT, 80))
    assert "10.000003E-3 kg" in all_texts(made)


def test_a_short_head_is_not_broken_letter_by_letter():
    heads = (Head(("序号",), True), *(Head((f"Upper tolerance limit {n}",), True) for n in range(6)))
    rows = tuple(((str(r),), *((f"{r}.{c}",) for c in range(6))) for r in range(3))
    made = flow()
    set_table(made, PlainTable(heads, rows), Area())
    assert "序号" in all_texts(made)


def test_a_row_higher_than_a_page_goes_on_below_the_head():
    lines = tuple(f"line {n}" for n in range(150))
    made = flow()
    set_table(made, PlainTable((Head(("h",)), Head(("v",))), (((("key",)), lines),)), Area())
    assert [text for text in all_texts(made) if text.startswith("line ")] == list(lines)
    assert [page[:2] for page in texts(made)] == [["h", "v"]] * len(made.pages)
    assert len(made.pages) == 3


def test_a_row_that_fits_on_a_page_is_not_torn():
    made = flow()
    tall = tuple(f"t{n}" for n in range(20))
    rows = tuple(((f"r{n}",), tall) for n in range(4))
    set_table(made, PlainTable((Head(("h",)), Head(("v",))), rows), Area())
    for page in texts(made):
        cells = [text for text in page if text.startswith("t")]
        assert len(cells) % 20 == 0


@pytest.mark.parametrize(("columns", "rows"), [(1, 0), (1, 1), (2, 0), (12, 1)])
def test_small_tables(columns, rows):
    made = flow()
    set_table(made, table(columns, rows), Area())
    assert sum("." in text for text in all_texts(made)) >= columns * rows
    assert any(isinstance(each, DrawnPath) for each in made.pages[0])


CELLS = st.text(st.sampled_from("0123456789.-eE abcμ中文（）"), max_size=40)


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=6), st.booleans())
def test_no_letter_of_any_table_is_lost_or_outside(rows, numbers):
    heads = tuple(Head(("head",), numbers) for _ in range(4))
    made = flow()
    set_table(made, PlainTable(heads, tuple(tuple((cell,) for cell in row) for row in rows)), Area())
    given_letters = sorted("".join("".join(row) for row in rows).replace(" ", ""))
    kept = [text for text in all_texts(made) if text != "head"]
    strips = sum(text == "head" for text in all_texts(made)) / 4
    if strips == 1:
        assert sorted("".join(kept).replace(" ", "")) == given_letters
    for each in (each for page in made.pages for each in page if isinstance(each, NewText)):
        assert each.x + RULER.width(each.text, Type(each.size)) <= PAGE_WIDTH - RIGHT + 0.01


# --- blocks -------------------------------------------------------------------------------------------------------


def set_blocks(*blocks, language="en"):
    made = flow()
    BlockPages(made, language).section(Group(Said(("Section",)), blocks))
    return made


def said(*lines, language=""):
    return Said(lines, language)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (said("a", "b"), ["a", "b"]),
        (said("a", "b", language="de"), ["a", "b [de]"]),
        (said("  a   b "), ["a b"]),
        (said(), [""]),
        (said(language="de"), ["[de]"]),
    ],
)
def test_a_text_in_another_language_says_so_at_its_end(text, lines):
    assert shown(text) == lines


def test_labels_stand_left_of_what_is_said():
    made = set_blocks(Facts((Fact(said("Serial no."), said("X 1", "Y 2"), "by the maker"),)))
    placed = {each.text: each for each in made.pages[0] if isinstance(each, NewText)}
    assert placed["Serial no."].x < placed["X 1"].x == placed["Y 2"].x == placed["by the maker"].x
    assert placed["Serial no."].y == placed["X 1"].y < placed["Y 2"].y < placed["by the maker"].y


def test_a_fact_as_long_as_pages_is_set_below_its_label():
    words = " ".join(f"w{n}" for n in range(4000))
    made = set_blocks(Facts((Fact(said("Label"), said(words), "hint"),)))
    found = all_texts(made)
    assert found[:2] == ["Section", "Label"]
    assert " ".join(found[2:-1]) == words
    assert found[-1] == "hint"


def test_headings_do_not_stand_alone_at_the_foot_of_a_page():
    made = flow()
    pages = BlockPages(made, "en")
    made.y = PAGE_HEIGHT - BOTTOM - 15
    pages.section(Group(said("Section"), (Group(said("Inner"), (Paragraph(said("text")),)),)))
    assert texts(made) == [[], ["Section", "Inner", "text"]]


def test_heads_of_tables_have_name_symbol_unit_and_remarks():
    columns = (Column(said("No.")), Column(said("Error", language="de"), "number", "E", "mm", ("after",)),
               Column(said("k"), "number", "k"), Column(said("T"), "number", "", "°C"))  # fmt: skip
    rows = ((said("1"), said("0.10"), said("2"), said("20")),)
    assert all_texts(set_blocks(Table(columns, rows)))[1:] == [
        "No.", "Error [de]", "E / mm", "after", "k", "k", "T", "°C", "1", "0.10", "2", "20",
    ]  # fmt: skip


def test_heads_that_are_as_long_as_a_story_are_told_before_the_table():
    long = "word " * 200
    made = set_blocks(
        Table((Column(said("a")), Column(said(long.strip()), "number")), ((said("1"), said("2")),))
    )
    found = all_texts(made)
    assert found.count("Column 2") == 1
    assert " ".join(found).count("word") == 200
    assert found[-4:] == ["Column 1", "Column 2", "1", "2"]


def test_a_table_without_columns_sets_nothing():
    assert all_texts(set_blocks(Table((), ()))) == ["Section"]


@pytest.mark.parametrize(("language", "label"), [("en", "Formula (latex)"), ("zh", "公式（latex）")])
def test_a_formula_is_shown_readable_or_as_its_source(language, label):
    made = set_blocks(FormulaBlock("latex", "x^2", "x²"), FormulaBlock("latex", "y^2", ""), language=language)
    assert all_texts(made)[1:] == [label, "x²", label, "y^2"]


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(300, 150, (50.8, 25.4)), (5000, 100, (172, 3.44)), (100, 5000, (2.2, 110)), (0, 0, (0, 0))],
)
def test_a_picture_keeps_its_shape_and_stays_on_the_page(width, height, expected):
    made = set_blocks(Picture(said("a.png"), "image/png", b"data", width, height))
    (image,) = [each for each in made.pages[0] if isinstance(each, NewImage)]
    assert (image.box.width, image.box.height) == pytest.approx(expected)
    assert (image.kind, image.data) == ("PNG", b"data")
    assert all_texts(made)[-1] == "a.png"


def test_a_picture_that_does_not_fit_goes_to_the_next_page():
    picture = Picture(said("b"), "image/jpeg", b"x", 100, 600)
    made = set_blocks(*[picture] * 4)
    assert len(made.pages) == 2
    assert {each.kind for page in made.pages for each in page if isinstance(each, NewImage)} == {"JPEG"}


@pytest.mark.parametrize(
    ("tone", "size", "bold"), [("text", 3.3, False), ("note", 2.9, False), ("warning", 3.3, True)]
)
def test_a_warning_is_heavy_and_a_note_is_small(tone, size, bold):
    made = set_blocks(Paragraph(said("words"), tone))
    (text,) = [each for each in made.pages[0] if isinstance(each, NewText) and each.text == "words"]
    assert (text.size, text.bold) == (size, bold)


def test_the_words_of_the_pages_are_there_in_both_languages():
    for key, facts in {
        "page": {"number": 1, "total": 2}, "end": {}, "document": {"name": "n", "digest": "d"}, "check": {},
        "number": {"number": "N"}, "column": {"number": 3}, "formula": {"notation": "latex"},
    }.items():  # fmt: skip
        text = word(key, **facts)
        assert text.zh != text.en
        for fact in facts.values():
            assert str(fact) in text.zh
            assert str(fact) in text.en
