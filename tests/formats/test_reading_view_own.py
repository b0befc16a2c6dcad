"""Certificates of this house as anybody reads them: nothing that was issued is missing from the page."""

import pytest
from tests.formats.made_up_content import made_up
from tests.formats.pdf_content import NODE_MODULES
from tests.formats.reading_pieces import (
    LANGUAGES,
    column,
    every_text,
    fact_list,
    facts,
    heads,
    tables,
    view_of,
    words_of,
)
from tests.formats.sample_content import sample_content
from tests.formats.test_html_page import page_of
from tests.formats.test_pdf_reading_pages import MADE_AT, folded, text_of

from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.pdf.font_files import find_font_folders
from jialiang.formats.pdf.reading_rendering import render_reading
from jialiang.formats.pdf.structure import structure_findings

SEEDS = range(12)


@pytest.fixture(scope="module")
def xml():
    return dcc_xml(sample_content())


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_are_there_and_nothing_is_said_to_be_missing(xml, language):
    view = view_of(xml, language)
    assert view.notices == ()
    marks = [cell.language for table in tables(view) for row in table.rows for cell in row]
    assert set(marks) == {""}


def test_numbers_stand_in_columns_with_uncertainty_and_conformity(xml):
    content = sample_content()
    table = tables(view_of(xml, "zh"), "results")[0]
    result = content.results[0]
    shown = [column(table, at) for at in range(len(table.columns))]
    for each in result.columns:
        assert list(each.quantity_values) in shown
        if each.expanded_uncertainties:
            assert list(each.expanded_uncertainties) in shown
        if each.coverage_factors:
            assert list(each.coverage_factors) in shown or all(
                len(set(each.coverage_factors)) == 1 for _ in "x"
            )
    assert ("", "符合性", "") in heads(table)


def test_conformity_of_rows_is_said_once(xml):
    lines = every_text(view_of(xml, "zh"))
    assert not [line for line in lines if "符合、符合" in line]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("zh", ("证书标识符", "查验码", "委托单号", "原始记录号")),
        ("en", ("Certificate identifier", "Check code")),
    ],
)
def test_numbers_of_the_certificate_are_named(xml, language, names):
    assert set(names) <= set(facts(view_of(xml, language), "identity"))


def test_persons_are_told_once_with_their_duty(xml):
    told = fact_list(view_of(xml, "zh"), "persons")
    assert len(told) == len(sample_content().persons)
    for each in told:
        said = (*each.said.lines, *([each.hint] if each.hint else []))
        assert len(set(said)) == len(said)
    assert {"核验", "批准"} <= {line for each in told for line in (*each.said.lines, each.hint)}


@pytest.mark.parametrize("kind", ["calibration", "legal_verification", "testing"])
def test_the_title_is_that_of_the_kind(kind):
    titles = {"calibration": "校准证书", "legal_verification": "检定证书", "testing": "检测报告"}
    assert view_of(dcc_xml(sample_content(kind=kind)), "zh").title == titles[kind]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_number_of_a_made_up_certificate_is_on_the_page(seed, language):
    content = made_up(seed)
    view = view_of(dcc_xml(content), language)
    shown = {word for line in every_text(view) for word in words_of(line)}
    html = {word for text in page_of(view).texts for word in words_of(text)}
    for table in content.results:
        for each in table.columns:
            numbers = {text for text in (*each.quantity_values, *each.expanded_uncertainties) if text}
            if each.unit:
                assert numbers <= shown
                assert numbers <= html


@pytest.mark.parametrize("seed", SEEDS[:4])
def test_a_made_up_certificate_becomes_a_sound_pdf_with_every_number(seed, tmp_path):
    content = made_up(seed)
    document = dcc_xml(content)
    pdf = render_reading(
        view_of(document, "zh"), xml=document, font_folders=find_font_folders(NODE_MODULES), made_at=MADE_AT
    )
    assert structure_findings(pdf) == ()
    shown = set(words_of(folded(text_of(pdf, tmp_path))))
    for table in content.results:
        for each in table.columns:
            if each.unit:
                assert {text for text in each.quantity_values if text} <= shown
