"""How people read that results are correlated: a small table, a sentence, in the language of the page; never a dump."""

from __future__ import annotations

import re

import pytest
from tests.formats.sample_content import sample_content
from tests.formats.test_dcc_covariances import CELSIUS, column, content

from jialiang.formats.content import Column, ResultTable
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.covariances import MOST_PAIRS
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.html_page.page import html_of
from jialiang.formats.pdf.results import printed_table
from jialiang.formats.reading_view.blocks import Group, Paragraph, Table
from jialiang.formats.reading_view.building import reading_view
from jialiang.formats.reading_view.covariances import MOST_ROWS
from jialiang.kernel.text import Text


def even(rows, r="0.4"):
    """A column of ``rows`` with u = 1 each and r between all of them."""
    matrix = tuple(tuple("1" if i == j else r for j in range(rows)) for i in range(rows))
    return column(quantity_values=tuple(f"0.{n}" for n in range(1, rows + 1)), covariances=matrix,
                  expanded_uncertainties=("2.0",) * rows, coverage_factors=("2",) * rows)  # fmt: skip


def blocks_of(made, language):
    """All blocks of the results, groups opened."""
    view = reading_view(Certificate.read(dcc_xml(made)), language)

    def opened(blocks):
        for block in blocks:
            yield block
            if isinstance(block, Group):
                yield from opened(block.blocks)

    return [block for section in view.sections for block in opened(section.blocks)]


def correlations(made, language):
    word = {
        "zh": "各序号的值之间的相关系数 r",
        "en": "Correlation coefficients r between the values by their numbers",
    }[language]
    blocks = blocks_of(made, language)
    told = [b for b in blocks if isinstance(b, Paragraph) and b.said.text == word]
    tables = [b for b in blocks if isinstance(b, Table) and "r" in [each.symbol for each in b.columns]]
    assert len(told) == len(tables)
    return tables


@pytest.mark.parametrize("language", ["zh", "en"])
def test_two_rows_have_one_coefficient(language):
    (table,) = correlations(content(column()), language)
    assert [[cell.text for cell in row] for row in table.rows] == [["2", "0.50"]]
    assert [each.name.text for each in table.columns[1:]] == ["1"]
    assert [each.symbol for each in table.columns] == ["", "r"]


def test_three_rows_are_a_triangle():
    matrix = (("1", "0.5", "-0.25"), ("0.5", "4", "0"), ("-0.25", "0", "0.25"))
    three = column(quantity_values=("1", "2", "3"), covariances=matrix, expanded_uncertainties=("2", "4", "1"),
                   coverage_factors=("2",) * 3, region_factor="2.80")  # fmt: skip
    (table,) = correlations(content(three), "en")
    assert [[cell.text for cell in row] for row in table.rows] == [["2", "0.25", ""], ["3", "-0.50", "0.00"]]
    assert table.keys == 1


@pytest.mark.parametrize(("rows", "is_table"), [(2, True), (MOST_ROWS, True), (MOST_ROWS + 1, False), (20, False)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_many_rows_are_a_sentence(rows, is_table, language):
    made = content(even(rows))
    assert bool(correlations(made, language)) is is_table
    sentence = {
        "zh": f"这 {rows} 个值相互相关，相关系数在 0.40 到 0.40 之间",
        "en": f"These {rows} values are correlated, with coefficients between 0.40 and 0.40",
    }[language]
    told = [b.said.text for b in blocks_of(made, language) if isinstance(b, Paragraph) and sentence in b.said.text]
    assert len(told) == (0 if is_table else 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_k_and_p_of_the_region_stand_beside_it(language):
    tables = [b for b in blocks_of(content(column()), language) if isinstance(b, Table)]
    (shared,) = [table for table in tables if [row[1].text for row in table.rows][-2:] == ["2.45", "0.95"]]
    assert shared.columns[0].name.text == {"zh": "适用于整个列表", "en": "For the whole list"}[language]
    assert shared.rows[0][0].text == {"zh": "分布", "en": "Distribution"}[language]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_has_coefficients_and_no_covariances(language):
    page = html_of(reading_view(Certificate.read(dcc_xml(content(column()))), language)).decode()
    assert "0.50" in page
    assert "0.000006" not in page
    assert "\\tothe" not in page


def broken(old, new):
    """The certificate with a matrix that is none."""
    return Certificate.read(dcc_xml(content(column())).replace(old, new))


@pytest.mark.parametrize(("old", "new"), [
    (b"<si:valueXMLList>0.000016<", b"<si:valueXMLList>NaN<"), (b"<si:valueXMLList>0.000016<", b"<si:valueXMLList>0<"),
    (b"<si:valueXMLList>0.000009<", b"<si:valueXMLList>-1<"),
    (b"<si:valueXMLList>0.000009<", b"<si:valueXMLList>1 2<"),
])  # fmt: skip
def test_a_matrix_that_is_none_is_shown_entry_by_entry(old, new):
    view = reading_view(broken(old, new), "en")
    text = str(view)
    assert "Covariance matrix, column" in text
    assert "Correlation coefficients" not in text


def notes(table, language):
    return printed_table(table, language).notes


def table_of(made):
    return made.results[0]


def test_on_paper_pairs_are_named_by_the_first_column():
    table = table_of(content(column()))
    assert "r(20, 21) = 0.50" in notes(table, "zh")[-1]
    assert notes(table, "zh")[-1].startswith("各行的修正值由共同的来源而相关")
    assert "r(20, 21) = 0.50" in notes(table, "en")[-1]
    assert notes(table, "en")[-1].startswith("Correction: the rows are correlated")


def test_on_paper_a_true_minus_stands_before_a_coefficient():
    matrix = (("0.000009", "-0.000006"), ("-0.000006", "0.000016"))
    assert "= \u22120.50" in notes(table_of(content(column(covariances=matrix))), "en")[-1]


def test_on_paper_pairs_without_correlation_are_left_out():
    matrix = (("1", "0.5", "0"), ("0.5", "1", "0.004"), ("0", "0.004", "1"))
    three = column(quantity_values=("1", "2", "3"), covariances=matrix, expanded_uncertainties=("2",) * 3,
                   coverage_factors=("2",) * 3)  # fmt: skip
    said = notes(table_of(content(three)), "en")[-1]
    assert re.findall(r"r\([^)]*\)", said) == ["r(20, 21)"]
    nothing = column(covariances=(("1", "0.001"), ("0.001", "1")))
    assert not any("correlated" in note for note in notes(table_of(content(nothing)), "en"))


@pytest.mark.parametrize(("rows", "listed"), [(6, True), (7, False)])
def test_on_paper_more_than_fifteen_pairs_are_told_by_their_ends(rows, listed):
    assert (rows * (rows - 1) // 2 <= MOST_PAIRS) is listed
    said = notes(table_of(content(even(rows))), "zh")[-1]
    assert ("r(20, 21)" in said) is listed
    assert ("0.40 至 0.40" in said) is not listed


def test_without_a_matrix_nothing_is_said():
    plain = column(covariances=(), region_factor="")
    assert not any("相关" in note for note in notes(table_of(content(plain)), "zh"))
    assert correlations(content(plain), "en") == []


def test_two_columns_each_say_their_own():
    other = column(name=Text("误差", "Error"), ref_type="basic_measurementError",
                   covariances=(("1", "0.9"), ("0.9", "1")))  # fmt: skip
    first = Column("basic_nominalValue", Text("标称", "Nominal"), CELSIUS, ("5", "6"))
    table = ResultTable(Text("结果", "Results"), (first, column(), other))
    said = [note for note in notes(table, "en") if "correlated" in note]
    assert [("Correction" in note, "0.90" in note) for note in said] == [(True, False), (False, True)]
    assert len(correlations(sample_content(results=(table,)), "en")) == 2
