"""Result tables and their graphs as values, before any page is set."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.pdf_content import ERROR, INDICATION, REFERENCE, RESULTS

from jialiang.formats.content import Column, ResultTable
from jialiang.formats.pdf.chart import Chart, axes_of, chart_of
from jialiang.formats.pdf.errors import ContentUnsuitable
from jialiang.formats.pdf.results import PrintedTable, printed_table
from jialiang.kernel.text import Text

NUMBERS = st.integers(-10_000, 10_000).map(lambda n: f"{n / 1000:.3f}")


def changed(**changes: object) -> ResultTable:
    """Return the table with changes of its column of errors."""
    return dataclasses.replace(
        RESULTS, columns=(REFERENCE, INDICATION, dataclasses.replace(ERROR, **changes))
    )


def heads(table: PrintedTable) -> list[tuple[str, str, str, str]]:
    return [(c.head.symbol, c.head.coverage_factor, c.head.name, c.head.unit) for c in table.columns]


def chart(table: ResultTable) -> Chart | None:
    axes = axes_of(table)
    return chart_of(*axes) if axes else None


def test_u_stands_right_of_its_quantity_with_k_in_the_head():
    assert heads(printed_table(RESULTS, "zh")) == [
        ("", "", "参考温度", "℃"),
        ("", "", "示值", "℃"),
        ("", "", "示值误差", "℃"),
        ("U", "2", "", "℃"),
        ("", "", "符合性", ""),
    ]


def test_where_k_varies_it_has_a_column_of_its_own():
    table = printed_table(changed(coverage_factors=("2", "2.1", "2", "2", "2", "2", "2.87")), "en")
    assert [h[0] for h in heads(table)] == ["", "", "", "U", "k", ""]
    assert [cell.text for cell in table.columns[4].cells] == ["2", "2.1", "2", "2", "2", "2", "2.87"]
    assert "stands in the table" in table.notes[1]


def test_with_several_uncertainties_each_says_whose_it_is():
    reference = dataclasses.replace(
        REFERENCE, expanded_uncertainties=("0.006",) * 7, coverage_factors=("2",) * 7
    )
    table = printed_table(dataclasses.replace(RESULTS, columns=(reference, ERROR)), "en")
    assert [h[2] for h in heads(table) if h[0] == "U"] == ["(Reference temperature)", "(Error of indication)"]


def test_the_note_says_what_u_k_and_p_mean_once():
    notes = printed_table(RESULTS, "zh").notes
    assert notes[0] == "示值误差 = 示值 − 参考温度。"
    assert (
        notes[1].replace("\N{NO-BREAK SPACE}", " ")
        == "U 为扩展不确定度，包含因子 k = 2，对应的包含概率约为 95 %。"
    )
    assert len(notes) == 2


def test_without_a_coverage_probability_none_is_claimed():
    (_, said) = printed_table(changed(coverage_probability=""), "en").notes
    assert "probability" not in said


def test_an_uncertainty_that_is_not_known_is_called_so():
    table = printed_table(
        changed(expanded_uncertainties=("0.014", "", "0.1", "0.1", "0.1", "0.1", "0.1")), "zh"
    )
    assert table.columns[3].cells[1].text == "未给出"


@pytest.mark.parametrize(
    ("conformity", "zh", "en"),
    [
        ("pass", "符合", "Pass"),
        ("fail", "不符合", "Fail"),
        ("conditionalPass", "有条件符合", "Conditional pass"),
        ("conditionalFail", "有条件不符合", "Conditional fail"),
        ("noPass", "不能判为符合", "No pass"),
        ("noFail", "不能判为不符合", "No fail"),
    ],
)
def test_every_conformity_has_its_words(conformity, zh, en):
    table = changed(conformities=(conformity,) * 7)
    assert printed_table(table, "zh").columns[-1].cells[0].text == zh
    assert printed_table(table, "en").columns[-1].cells[0].text == en


def test_results_before_and_after_adjustment_are_told_apart():
    before = dataclasses.replace(RESULTS, adjustment="beforeAdjustment")
    assert printed_table(before, "zh").name == "温度示值误差（调整前）"
    assert printed_table(before, "en").name == "Errors of the indicated temperature (before adjustment)"


@pytest.mark.parametrize(
    "member", ["quantity_values", "expanded_uncertainties", "coverage_factors", "conformities"]
)
def test_columns_of_unequal_length_are_refused(member):
    with pytest.raises(ContentUnsuitable) as refused:
        printed_table(changed(**{member: getattr(ERROR, member)[:-1]}), "zh")
    assert refused.value.facts["given"] == "6, 7"


def test_the_graph_puts_errors_over_the_reference_with_bars_of_u():
    drawn = chart(RESULTS)
    assert len(drawn.marks) == 7
    xs = [mark.x for mark in drawn.marks]
    assert xs == sorted(xs)
    first = drawn.marks[0]
    assert first.y - first.low == pytest.approx(first.high - first.y, abs=2e-5)
    assert [mark.y > drawn.zero for mark in drawn.marks] == [False, True, True, True, True, True, True]
    assert [tick.label for tick in drawn.x_ticks] == ["−20", "0", "20", "40", "60", "80", "100"]
    assert [tick.label for tick in drawn.y_ticks] == ["−0.02", "0.00", "+0.02", "+0.04"]


def test_corrections_far_from_zero_are_not_pressed_together_to_show_it():
    drawn = chart(
        changed(quantity_values=("-0.171", "-0.169", "-0.166", "-0.159", "-0.164", "-0.165", "-0.156"))
    )
    assert drawn.zero is None
    assert max(m.high for m in drawn.marks) - min(m.low for m in drawn.marks) > 0.8


@given(
    st.lists(NUMBERS, min_size=3, max_size=12, unique=True),
    st.data(),
)
def test_every_point_and_every_bar_lies_inside_the_graph(references, data):
    count = len(references)
    errors = tuple(data.draw(st.lists(NUMBERS, min_size=count, max_size=count)))
    bars = tuple(f"{data.draw(st.integers(0, 5000)) / 1000}" for _ in references)
    drawn = chart_of(
        Column("basic_referenceValue", Text("x"), "", tuple(references)),
        Column("basic_measurementError", Text("y"), "", errors, expanded_uncertainties=bars),
    )
    for mark in drawn.marks:
        assert 0 <= mark.x <= 1
        assert 0 <= mark.low <= mark.y <= mark.high <= 1
    assert all(0 <= tick.at <= 1 for tick in (*drawn.x_ticks, *drawn.y_ticks))
    assert 2 <= len(drawn.y_ticks) <= 12


@pytest.mark.parametrize(
    "table",
    [
        dataclasses.replace(RESULTS, columns=(REFERENCE, INDICATION)),
        dataclasses.replace(RESULTS, columns=(ERROR,)),
        changed(quantity_values=("—",) * 7),
        dataclasses.replace(
            RESULTS, columns=(dataclasses.replace(REFERENCE, quantity_values=("20",) * 7), ERROR)
        ),
    ],
    ids=["no error", "no reference", "no numbers", "one place"],
)
def test_without_points_to_compare_there_is_no_graph(table):
    assert chart(table) is None
    assert printed_table(table, "zh").chart is None


def test_a_constant_error_still_has_a_graph():
    same = changed(
        quantity_values=("0.000",) * 7, expanded_uncertainties=(), coverage_factors=(), conformities=()
    )
    assert {mark.low == mark.high for mark in chart(same).marks} == {True}
    assert printed_table(same, "zh").chart.caption == "示值误差"
