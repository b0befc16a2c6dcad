"""The reader on pages made by hand: places, steps, colours, resources, several documents, and what is missing."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.ofd_parts import (
    BOUND,
    ENTRANCE,
    PAGE_PART,
    changed,
    encoded,
    page_of,
    parts,
    without,
    zipped,
)

from jialiang.formats.ofd.errors import AttachmentMissing
from jialiang.formats.ofd.model import Box, Page, TextRun
from jialiang.formats.ofd.names import resolved
from jialiang.formats.ofd.reading import read_ofd, read_parts
from jialiang.formats.ofd.trees import box, number, numbers, steps


def page_with(inside, **around):
    """The first page of a document with this content."""
    named = parts() | {PAGE_PART: page_of(inside, **around)}
    return read_parts(encoded(named)).documents[0].pages[0]


def text_object(code, **attributes):
    said = {"ID": "5", "Boundary": "10 20 50 6", "Font": "2", "Size": "4"} | attributes
    return f"<ofd:TextObject {' '.join(f'{k}={v!r}' for k, v in said.items())}>{code}</ofd:TextObject>"


# --- numbers and boxes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        (" 2.5 ", 2.5),
        ("-0.25", -0.25),
        (".5", 0.5),
        ("+3", 3.0),
        ("1e2", 100.0),
        ("", None),
        (None, None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("0x10", None),
        ("1,5", None),
        ("\u0661", None),
        ("1_000", None),
        ("9" * 30, None),
        ("1 2", None),
    ],
)
def test_a_number_is_finite_decimal_text(text, value):
    assert number(text) == value


@given(st.text(max_size=12))
def test_whatever_is_taken_as_a_number_is_one(text):
    found = number(text)
    assert found is None or (math.isfinite(found) and found == float(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 0 210 297", Box(0, 0, 210, 297)),
        ("  1  2 3.5 0 ", Box(1, 2, 3.5, 0)),
        ("-1 -2 3 4", Box(-1, -2, 3, 4)),
        ("0 0 210", None),
        ("0 0 210 297 1", None),
        ("0 0 -1 5", None),
        ("0 0 a 5", None),
        ("", None),
        (None, None),
    ],
)
def test_a_box_is_four_numbers_with_no_negative_side(text, expected):
    assert box(text) == expected


def test_a_list_with_one_wrong_number_is_none():
    assert numbers("1 2 x") is None
    assert numbers("") == ()


@pytest.mark.parametrize(
    ("inner", "slack", "inside"),
    [
        (Box(0, 0, 10, 10), 0.01, True),
        (Box(-0.005, 0, 10, 10), 0.01, True),
        (Box(-0.02, 0, 5, 5), 0.01, False),
        (Box(5, 5, 5.02, 5), 0.01, False),
        (Box(5, 5, 5, 5.02), 0.01, False),
        (Box(5, 5, 5, 6), 1.0, True),
    ],
)
def test_a_box_holds_another_but_for_the_slack(inner, slack, inside):
    assert Box(0, 0, 10, 10).holds(inner, slack) is inside


# --- steps between letters ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "letters", "expected"),
    [
        ("3 3 1.5", 3, (3.0, 3.0, 1.5)),
        ("g 3 2.5", 3, (2.5, 2.5, 2.5)),
        ("1 g 2 5 7", 4, (1.0, 5.0, 5.0, 7.0)),
        ("g 2 1 g 1 9", 3, (1.0, 1.0, 9.0)),
        ("g 0 4 2", 1, (2.0,)),
        ("", 0, ()),
        (None, 0, ()),
        ("g", 3, None),
        ("g 3", 3, None),
        ("g x 1", 3, None),
        ("g -1 1", 3, None),
        ("a", 3, None),
        ("g 1000000000 1", 2, (1.0, 1.0, 1.0)),
        ("1 1 1 1 1 1", 2, (1.0, 1.0, 1.0)),
    ],
)
def test_steps_may_be_shortened_and_never_exceed_one_more_than_needed(text, letters, expected):
    assert steps(text, letters) == expected


@given(st.lists(st.tuples(st.integers(1, 9), st.floats(0, 99)), max_size=6))
def test_a_shortened_list_means_the_same_as_the_long_one(groups):
    short = " ".join(f"g {count} {step:.3f}" for count, step in groups)
    long = " ".join(f"{step:.3f}" for count, step in groups for _ in range(count))
    letters = sum(count for count, _ in groups)
    assert steps(short, letters) == steps(long, letters)


# --- locations ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "part", "base", "expected"),
    [
        ("Doc_0/Document.xml", "OFD.xml", "", "Doc_0/Document.xml"),
        ("/Doc_0/Signs/Signatures.xml", "OFD.xml", "", "Doc_0/Signs/Signatures.xml"),
        ("PublicRes.xml", "Doc_0/Document.xml", "", "Doc_0/PublicRes.xml"),
        ("/Doc_0/Attachments.xml", "Doc_0/Document.xml", "", "Doc_0/Attachments.xml"),
        ("a.ttf", "Doc_0/PublicRes.xml", "Res", "Doc_0/Res/a.ttf"),
        ("a.ttf", "Doc_0/PublicRes.xml", "/Res", "Res/a.ttf"),
        ("/x/a.ttf", "Doc_0/PublicRes.xml", "Res", "x/a.ttf"),
        ("../Res/a.png", "Doc_0/Pages/P.xml", "", "Doc_0/Res/a.png"),
        ("./a.xml", "Doc_0/b.xml", "", "Doc_0/a.xml"),
        ("  a.xml\n", "Doc_0/b.xml", "", "Doc_0/a.xml"),
        ("../../a", "Doc_0/b.xml", "", ""),
        ("/../a", "Doc_0/b.xml", "", ""),
        ("", "Doc_0/b.xml", "", ""),
        ("   ", "Doc_0/b.xml", "", ""),
        (".", "b.xml", "", ""),
        ("..", "b.xml", "", ""),
    ],
)
def test_a_location_counts_from_its_part_or_from_the_root_and_never_leads_out(location, part, base, expected):
    assert resolved(location, part, base) == expected


# --- texts --------------------------------------------------------------------------------------------------------


def test_the_place_of_a_text_is_that_of_its_object_plus_its_own():
    (run,) = page_with(text_object('<ofd:TextCode X="1" Y="4" DeltaX="4 5">测量值</ofd:TextCode>')).texts
    assert (run.text, run.x, run.y, run.size, run.advances) == ("测量值", 11, 24, 4, (4, 5))


def test_a_code_without_place_begins_where_the_one_before_did():
    codes = '<ofd:TextCode X="1" Y="4">a</ofd:TextCode><ofd:TextCode Y="9">b</ofd:TextCode>'
    codes += "<ofd:TextCode>c</ofd:TextCode>"
    found = [(run.text, run.x, run.y) for run in page_with(text_object(codes)).texts]
    assert found == [("a", 11, 24), ("b", 11, 29), ("c", 11, 29)]


def test_a_matrix_moves_and_scales_places_steps_and_sizes():
    code = '<ofd:TextCode X="1" Y="4" DeltaX="3">ab</ofd:TextCode>'
    (run,) = page_with(text_object(code, CTM="2 0 0 3 5 7")).texts
    assert (run.x, run.y, run.size, run.advances) == (10 + 2 * 1 + 5, 20 + 3 * 4 + 7, 12, (6,))


@pytest.mark.parametrize("matrix", ["1 2 3", "a b c d e f", "", "1 0 0 1 0 0 0"])
def test_a_matrix_that_is_none_changes_nothing(matrix):
    (run,) = page_with(text_object('<ofd:TextCode X="1" Y="4">a</ofd:TextCode>', CTM=matrix)).texts
    assert (run.x, run.y, run.size) == (11, 24, 4)


def test_colour_font_and_letters_with_references_are_read():
    code = '<ofd:FillColor Value="255 0 0"/><ofd:TextCode X="0" Y="0">&lt;U = 0.1&amp;&gt;&#x1F600;</ofd:TextCode>'
    (run,) = page_with(text_object(code)).texts
    assert (run.text, run.colour, run.font) == ("<U = 0.1&>\U0001f600", "255 0 0", "2")


def test_texts_in_blocks_inside_blocks_are_found_in_order():
    inner = text_object('<ofd:TextCode X="0" Y="1">b</ofd:TextCode>')
    outer = text_object('<ofd:TextCode X="0" Y="1">a</ofd:TextCode>')
    page = page_with(f"{outer}<ofd:PageBlock><ofd:PageBlock>{inner}</ofd:PageBlock></ofd:PageBlock>")
    assert [run.text for run in page.texts] == ["a", "b"]


def test_an_empty_code_is_an_empty_text():
    assert [run.text for run in page_with(text_object("<ofd:TextCode X='0' Y='0'/>")).texts] == [""]


def test_a_page_without_content_has_no_texts():
    named = parts() | {PAGE_PART: f"<ofd:Page {BOUND}/>"}
    page = read_parts(encoded(named)).documents[0].pages[0]
    assert (page.texts, page.paths, page.images, page.lines) == ((), (), (), ())


# --- shapes and pictures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("", (True, False, 0.353)),
        ('LineWidth="0.2"', (True, False, 0.2)),
        ('Stroke="false" Fill="true"', (False, True, 0.353)),
        ('LineWidth="x"', (True, False, 0.353)),
    ],
)
def test_a_shape_is_stroked_and_not_filled_unless_it_says_otherwise(attributes, expected):
    inside = (
        f'<ofd:PathObject ID="6" Boundary="1 2 3 4" {attributes}><ofd:StrokeColor Value="1 2 3"/>'
        '<ofd:FillColor Value="4 5 6"/><ofd:AbbreviatedData> M 0 0 L 1 1 </ofd:AbbreviatedData></ofd:PathObject>'
    )
    (path,) = page_with(inside).paths
    assert (path.stroke, path.fill, path.line_width) == expected
    assert (path.stroke_colour, path.fill_colour, path.commands) == ("1 2 3", "4 5 6", "M 0 0 L 1 1")
    assert path.box == Box(1, 2, 3, 4)


def test_a_picture_names_its_medium_and_the_medium_its_part():
    document = read_parts(encoded(parts())).documents[0]
    (image,) = document.pages[0].images
    (medium,) = document.media
    assert (image.box, image.resource, medium.id) == (Box(10, 40, 20, 10), "3", "3")
    assert (medium.kind, medium.part) == ("Image", "Doc_0/Res/a.png")


def test_fonts_are_found_below_the_base_of_their_resources():
    (font,) = read_parts(encoded(parts())).documents[0].fonts
    assert (font.id, font.name, font.part) == ("2", "A", "Doc_0/Res/a.ttf")


# --- pages and documents ------------------------------------------------------------------------------------------


def test_a_page_has_its_own_box_where_it_states_one():
    area = "<ofd:Area><ofd:PhysicalBox>0 0 297 210</ofd:PhysicalBox></ofd:Area>"
    assert page_with("", area=area).box == Box(0, 0, 297, 210)
    assert page_with("").box == Box(0, 0, 210, 297)


def test_pages_come_in_the_order_of_the_document():
    document = parts()["Doc_0/Document.xml"].replace(
        "<ofd:Pages>", '<ofd:Pages><ofd:Page ID="9" BaseLoc="Pages/Page_1/Content.xml"/>'
    )
    second = page_of(text_object('<ofd:TextCode X="0" Y="4">first</ofd:TextCode>'))
    named = parts() | {"Doc_0/Document.xml": document, "Doc_0/Pages/Page_1/Content.xml": second}
    assert read_parts(encoded(named)).documents[0].text == "first\n测量值"


def test_several_documents_in_one_container_are_all_read():
    body = ENTRANCE[ENTRANCE.index("<ofd:DocBody>") : ENTRANCE.index("</ofd:OFD>")]
    second = body.replace("Doc_0", "Doc_1").replace("0123456789abcdef0123456789abcdef", "f" * 32)
    named = parts() | {"OFD.xml": ENTRANCE.replace("</ofd:OFD>", f"{second}</ofd:OFD>")}
    named |= {name.replace("Doc_0", "Doc_1"): part for name, part in parts().items() if name != "OFD.xml"}
    file = read_ofd(zipped(named))
    assert [each.part for each in file.documents] == ["Doc_0/Document.xml", "Doc_1/Document.xml"]
    assert [each.info["DocID"][0] for each in file.documents] == ["0", "f"]
    assert file.documents[0].text == file.documents[1].text == "测量值"


@pytest.mark.parametrize(
    ("missing", "count"),
    [
        (PAGE_PART, {"pages": 1, "fonts": 1, "media": 1, "attachments": 1}),
        ("Doc_0/PublicRes.xml", {"pages": 1, "fonts": 0, "media": 1, "attachments": 1}),
        ("Doc_0/DocumentRes.xml", {"pages": 1, "fonts": 1, "media": 0, "attachments": 1}),
        ("Doc_0/Attachments.xml", {"pages": 1, "fonts": 1, "media": 1, "attachments": 0}),
        ("Doc_0/Attachs/data.xml", {"pages": 1, "fonts": 1, "media": 1, "attachments": 1}),
    ],
)
def test_what_is_missing_leaves_the_rest_readable(missing, count):
    document = read_parts(encoded(without(missing))).documents[0]
    assert {name: len(getattr(document, name)) for name in count} == count
    if missing == "Doc_0/Attachs/data.xml":
        assert document.attachments[0].data is None


def test_attachments_are_found_by_name_and_missed_by_name():
    document = read_parts(encoded(parts())).documents[0]
    assert document.attachment("data.xml").data == b"x" * 1536
    assert document.attachment("data.xml").said == {
        "ID": "8",
        "Name": "data.xml",
        "Format": "xml",
        "Size": "1.5",
    }
    with pytest.raises(AttachmentMissing) as caught:
        document.attachment("other")
    assert "data.xml" in caught.value.rule.en
    assert "data.xml" in caught.value.rule.zh


@pytest.mark.parametrize(
    ("text", "value"), [("9", 9), ("0", 0), ("-1", None), ("x", None), ("9" * 16, None), ("٣", None)]
)
def test_the_highest_identifier_is_a_plain_whole_number(text, value):
    named = changed("Doc_0/Document.xml", "<ofd:MaxUnitID>9<", f"<ofd:MaxUnitID>{text}<")
    assert read_parts(encoded(named)).documents[0].max_unit_id == value


# --- reading order ------------------------------------------------------------------------------------------------


def lines(*runs):
    return Page("1", "p", Box(0, 0, 210, 297), tuple(runs)).lines


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((TextRun("b", 10, 20, "1", 4), TextRun("a", 10, 10, "1", 4)), ("a", "b")),
        ((TextRun("b", 50, 10, "1", 4), TextRun("a", 10, 10, "1", 4)), ("a b",)),
        ((TextRun("1", 10, 10, "1", 4, ()), TextRun("2", 12.2, 10, "1", 4)), ("12",)),
        ((TextRun("a", 10, 10, "1", 4), TextRun("b", 30, 10.9, "1", 4)), ("a b",)),
        ((TextRun("a", 10, 10, "1", 4), TextRun("b", 30, 12, "1", 4)), ("a", "b")),
        ((TextRun("测", 10, 10, "1", 4), TextRun("量", 14, 10, "1", 4)), ("测量",)),
        ((TextRun("m·s", 10, 10, "1", 4, (3.9, 1.1)), TextRun("⁻¹", 16.6, 10, "2", 4, (1.7,))), ("m·s⁻¹",)),
    ],
)
def test_lines_are_read_from_top_to_bottom_and_from_left_to_right(runs, expected):
    assert lines(*runs) == expected


# --- what is odd --------------------------------------------------------------------------------------------------


def test_a_matrix_that_turns_moves_both_places():
    (run,) = page_with(text_object('<ofd:TextCode X="2" Y="3">a</ofd:TextCode>', CTM="1 10 100 1 5 7")).texts
    assert (run.x, run.y) == (10 + 1 * 2 + 100 * 3 + 5, 20 + 10 * 2 + 1 * 3 + 7)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"Boundary": "wrong"}, (1, 4, 4)),
        ({"Size": "wrong"}, (11, 24, 0)),
        ({"Size": ""}, (11, 24, 0)),
        ({"Boundary": "1 2 3 4", "Size": "2.5"}, (2, 6, 2.5)),
    ],
)
def test_what_cannot_be_placed_counts_from_the_corner_of_the_page(attributes, expected):
    (run,) = page_with(text_object('<ofd:TextCode X="1" Y="4">a</ofd:TextCode>', **attributes)).texts
    assert (run.x, run.y, run.size) == expected


@pytest.mark.parametrize(
    ("text", "steps_said", "advances"),
    [
        ("abc", "1 2", (1, 2)),
        ("abc", "1 2 3 4 5", (1, 2, 3)),
        ("a", "1 2", (1,)),
        ("", "1 2", (1,)),
        ("ab", "x", ()),
    ],
)
def test_more_steps_than_letters_are_cut_after_one(text, steps_said, advances):
    (run,) = page_with(
        text_object(f'<ofd:TextCode X="0" Y="0" DeltaX="{steps_said}">{text}</ofd:TextCode>')
    ).texts
    assert run.advances == advances


def test_a_page_without_any_box_has_none():
    named = changed("Doc_0/Document.xml", "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>", "")
    document = read_parts(encoded(named)).documents[0]
    assert (document.page_box, document.pages[0].box) == (None, Box(0, 0, 0, 0))


@pytest.mark.parametrize(
    ("inside", "members"),
    [
        ("<ofd:Annotations>a.xml</ofd:Annotations>", (True, False, False)),
        ("<ofd:CustomTags>a.xml</ofd:CustomTags>", (False, False, True)),
        ("", (False, False, False)),
    ],
)
def test_what_a_document_has_besides_is_told(inside, members):
    named = changed("Doc_0/Document.xml", "</ofd:Pages>", f"</ofd:Pages>{inside}")
    document = read_parts(encoded(named)).documents[0]
    assert (document.has_annotations, document.has_templates, document.has_custom_tags) == members
