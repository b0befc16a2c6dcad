"""Pages as a whole: every text of the reading view is on them, in order, and no text stands on another."""

import itertools
import re
from functools import cache

import pytest
from tests.conftest import absent
from tests.formats.dcc_samples import (
    SAMPLES,
    certificate_with,
    expanded,
    quantity,
    real,
    real_list,
    sample,
    sample_certificate,
)
from tests.formats.sample_content import sample_content

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.ofd.certificate import certificate_document
from jialiang.formats.ofd.faces import Faces, house_faces
from jialiang.formats.ofd.model import DrawnPath
from jialiang.formats.ofd.page_writing import NewImage, NewText
from jialiang.formats.reading_view.blocks import Facts, FormulaBlock, Group, Paragraph, Picture, Table
from jialiang.formats.reading_view.building import reading_view
from jialiang.kernel.npm_files import npm_folder

LANGUAGES = ("zh", "en")
FACES = Faces()


@cache
def made(oracles, name, language):
    """The document of a sample, before it is written."""
    return certificate_document(sample_certificate(oracles, name), language, FACES)


def letters(text):
    """A text without any blank."""
    return "".join(text.split())


def set_texts(document):
    """The texts of all pages but the feet, in the order in which they were set, without blanks."""
    return "".join(
        letters(each.text)
        for page in document.pages
        for each in page.content
        if isinstance(each, NewText) and each.y < page.height - 15
    )


def said_in(blocks):
    """Every text of blocks, in order: what a page has to show."""
    for block in blocks:
        if isinstance(block, Group):
            yield from block.heading.lines
            yield block.about
            yield from said_in(block.blocks)
        elif isinstance(block, Facts):
            for fact in block.facts:
                yield from (*fact.label.lines, *fact.said.lines, fact.hint)
        elif isinstance(block, Paragraph):
            yield from block.said.lines
        elif isinstance(block, FormulaBlock):
            yield block.readable or block.source
        elif isinstance(block, Picture):
            yield from block.name.lines
        elif isinstance(block, Table):
            for column in block.columns:
                yield from (*column.name.lines, column.symbol, column.unit, *column.remarks)
            for row in block.rows:
                for cell in row:
                    yield from cell.lines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_text_of_the_reading_view_is_on_a_page(oracles, name, language):
    view = reading_view(sample_certificate(oracles, name), language)
    shown = set_texts(made(oracles, name, language))
    pieces = [piece for text in said_in(view.sections) for piece in text.split()]
    # A cell may be broken and its lines stand beside those of the next cell: then its pieces are there.
    missing = [piece for piece in pieces if letters(piece) not in shown]
    torn = [piece for piece in missing if len(piece) < 12]
    assert torn == []
    for piece in missing:
        assert all(part in shown for part in re.findall(r"[\w.]{1,6}", piece)), piece


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_sections_come_in_the_order_of_the_view(oracles, name, language):
    view = reading_view(sample_certificate(oracles, name), language)
    headings = ["".join(section.heading.lines) for section in view.sections]
    found = [
        each.text
        for page in made(oracles, name, language).pages
        for each in page.content
        if isinstance(each, NewText) and each.bold and each.size == 4.6
    ]
    assert [letters(text) for text in found] == [letters(text) for text in headings]


def boxes(page, faces):
    """The strips that the letters of each text really take: from its x to its end, half a size around its middle."""
    for each in page.content:
        if isinstance(each, NewText) and each.text.strip():
            width = faces.width(each.text, each.size, bold=each.bold)
            yield each, (each.x, each.y - 0.75 * each.size, each.x + width, each.y + 0.15 * each.size)


def overlap(first, second):
    return (
        min(first[2], second[2]) - max(first[0], second[0]) > 0.05
        and min(first[3], second[3]) - max(first[1], second[1]) > 0.05
    )


def overlapping(page, faces):
    placed = sorted(boxes(page, faces), key=lambda pair: pair[1][1])
    for at, (first, box) in enumerate(placed):
        for second, other in itertools.takewhile(lambda pair, box=box: pair[1][1] < box[3], placed[at + 1 :]):
            if overlap(box, other):
                yield first.text, second.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_no_text_stands_on_another(oracles, name, language):
    for page in made(oracles, name, language).pages:
        assert list(overlapping(page, FACES)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_leaves_the_margins(oracles, name, language):
    for page in made(oracles, name, language).pages:
        for text, (left, top, right, bottom) in boxes(page, FACES):
            assert left >= 20 - 0.01, text
            assert right <= 192 + 0.02, text
            assert top >= 15, text
            assert bottom <= 290, text
        for each in page.content:
            if isinstance(each, DrawnPath | NewImage):
                assert each.box.x >= 20 - 0.01
                assert each.box.x + each.box.width <= 192 + 0.02


@pytest.mark.parametrize(
    "name", ["v2.4.0_siliziumkugel", "v3.1.1_gp_temperature_extensive", "v3.1.2_gp_humidity"]
)
def test_with_the_houses_fonts_no_text_stands_on_another_either(oracles, name):
    if not (npm_folder() / "@expo-google-fonts").is_dir():
        absent("fonts", "run npm ci")
    faces = house_faces(npm_folder())
    for language in LANGUAGES:
        for page in certificate_document(sample_certificate(oracles, name), language, faces).pages:
            assert list(overlapping(page, faces)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_houses_own_certificate_is_set_well(language):
    document = certificate_document(Certificate.read(dcc_xml(sample_content())), language, FACES)
    for page in document.pages:
        symbol = [each.box for each in page.content if isinstance(each, DrawnPath) and each.fill]
        assert list(overlapping(page, FACES)) == []
        for text, box in boxes(page, FACES):
            for area in symbol:
                assert not overlap(box, (area.x, area.y, area.x + area.width, area.y + area.height)), text


def test_a_page_is_used_well_before_the_next_begins(oracles):
    for name, language in itertools.product(SAMPLES, LANGUAGES):
        pages = made(oracles, name, language).pages
        for page in pages[:-1]:
            lowest = max(each.y for each in page.content if isinstance(each, NewText) and each.y < 280)
            assert lowest > 180, (name, language)


def test_tables_on_a_new_page_begin_with_their_heads():
    values = " ".join(f"{n}.5" for n in range(300))
    data = certificate_with(quantity(real_list(values, "\\metre"), name="Length"))
    pages = certificate_document(Certificate.read(data), "en", FACES).pages
    with_rows = [
        [each.text for each in page.content if isinstance(each, NewText)]
        for page in pages
        if sum(
            bool(re.fullmatch(r"\d+\.5( m)?", each.text))
            for each in page.content
            if isinstance(each, NewText)
        )
        > 5
    ]
    assert len(with_rows) > 3
    for first, following in itertools.pairwise(with_rows):
        heads = [text for text in first if text in following and not re.search(r"\d", text)]
        assert heads


# --- uncertainty and unit stay with the value ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "u", "shown"),
    [
        ("1.000", "\\metre", "0.010", ("1.000 m", "0.010")),
        ("-0.50", "\\degreecelsius", "0.10", ("-0.50 °C", "0.10")),
        ("1.2480E-6", "\\metre\\tothe{3}", "0.0005E-6", ("1.2480E-6 m³", "0.0005E-6")),
        ("100", "\\percent", "1", ("100 %", "1")),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_value_unit_and_uncertainty_stand_on_one_line(value, unit, u, shown, language):
    data = certificate_with(quantity(real(value, unit, expanded(u))))
    page_texts = [
        each
        for page in certificate_document(Certificate.read(data), language, FACES).pages
        for each in page.content
        if isinstance(each, NewText)
    ]
    written = shown[0].replace("°C", "℃") if language == "zh" else shown[0]
    (cell,) = [each for each in page_texts if each.text == written]
    row = [each.text for each in page_texts if abs(each.y - cell.y) < 0.01]
    assert any(shown[1] in text for text in row)
    assert any(text == "2" for text in row)


@pytest.mark.parametrize("count", [1, 2, 12, 40])
def test_many_quantities_side_by_side_all_show_their_names_and_values(count):
    columns = "".join(
        quantity(real_list(" ".join(f"{n}.{row}25" for row in range(3)), "\\metre"), name=f"Q{n:02d}")
        for n in range(count)
    )
    data = certificate_with(f"<dcc:list>{columns}</dcc:list>")
    document = certificate_document(Certificate.read(data), "en", FACES)
    shown = {each.text for page in document.pages for each in page.content if isinstance(each, NewText)}
    joined = " ".join(shown)
    for n in range(count):
        assert f"Q{n:02d}" in joined
        for row in range(3):
            assert f"{n}.{row}25" in joined
    for page in document.pages:
        assert list(overlapping(page, FACES)) == []


def test_the_sources_of_the_samples_are_kept_for_attaching(oracles):
    for name in SAMPLES:
        certificate = sample_certificate(oracles, name)
        assert certificate.xml == sample(oracles, name)
        assert made(oracles, name, "zh").attachments[0].data == certificate.xml
