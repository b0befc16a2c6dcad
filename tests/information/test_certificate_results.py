"""From a stored evaluation to the table, the statements and the conclusion of a certificate."""

from __future__ import annotations

import pytest

from jialiang.information.certificate_results import conclusion_of, result_table, statements_of, words
from jialiang.information.procedures import procedures

CELSIUS = "\\degreecelsius"


def point(**members):
    """A point of an evaluation with the members that a certificate is made from."""
    given = {
        "point": "20", "reference": "20.013", "indication": "20.031", "deviation": "0.018",
        "expanded_uncertainty": "0.006", "coverage_factor": "2.00", "coverage_probability": "0.95",
        "degrees_of_freedom": "inf", "conformity": "",
    }  # fmt: skip
    return given | members


def evaluation(*points, procedure="repeated_comparison", rule="none", unit=CELSIUS, line=None):
    """An evaluation as it is stored."""
    found = {
        "procedure": procedure, "unit": unit, "points": list(points) or [point()],
        "inputs": {"decision_rule": rule, "maximum_permissible_error": "0.2"},
    }  # fmt: skip
    return found | ({"line": line} if line else {})


def table_of(*points, **members):
    return result_table(
        evaluation(*points, **members), ("standard-1", "standard-2"), ("method", "uncertainty")
    )


# procedure: (kind of column, heading, member of the point)
TABLES = {
    "thermometer_line": [
        ("basic_measuredValue", "示值", "indication"),
        ("jl_correction", "修正值", "deviation"),
    ],
    "repeated_comparison": [
        ("basic_referenceValue", "参考值", "reference"),
        ("basic_measuredValue", "示值", "indication"),
        ("basic_measurementError", "示值误差", "deviation"),
    ],
    "mass_comparison": [
        ("basic_nominalValue", "标称值", "reference"),
        ("basic_measuredValue", "折算质量", "indication"),
        ("jl_nominalDeviation", "与标称值之差", "deviation"),
    ],
}
WITH_LINE = {"thermometer_line": {"degrees_of_freedom": 9}}


def test_every_procedure_has_its_table_and_its_words():
    assert set(TABLES) == set(procedures())


@pytest.mark.parametrize("procedure", TABLES)
def test_the_columns_of_a_table(procedure):
    points = [point(), point(reference="30.1", indication="30.2", deviation="0.1")]
    table = table_of(*points, procedure=procedure, line=WITH_LINE.get(procedure))
    assert [(column.ref_type, column.name.zh) for column in table.columns] == [
        row[:2] for row in TABLES[procedure]
    ]
    for column, (_, _, member) in zip(table.columns, TABLES[procedure], strict=True):
        assert column.quantity_values == tuple(each[member] for each in points)
        assert column.unit == CELSIUS


@pytest.mark.parametrize("procedure", TABLES)
def test_u_k_p_and_the_ways_stand_at_the_column_that_the_work_determined_and_at_no_other(procedure):
    table = table_of(procedure=procedure, line=WITH_LINE.get(procedure))
    *others, determined = table.columns
    assert determined.expanded_uncertainties == ("0.006",)
    assert determined.coverage_factors == ("2.00",)
    assert determined.coverage_probability == "0.95"
    assert determined.equipment_keys == ("standard-1", "standard-2")
    assert determined.method_keys == ("method", "uncertainty")
    for column in others:
        assert (column.expanded_uncertainties, column.coverage_factors, column.equipment_keys) == ((), (), ())


@pytest.mark.parametrize(
    ("degrees", "distribution"),
    [(("inf", "inf"), "normal"), (("inf", "9.0"), "t"), (("50.2",), "t"), (("",), "t"), (("inf",), "normal")],
)
def test_the_distribution_is_normal_only_where_every_point_has_infinite_degrees_of_freedom(
    degrees, distribution
):
    table = table_of(*(point(degrees_of_freedom=each) for each in degrees))
    assert table.columns[-1].distribution == distribution


@pytest.mark.parametrize(
    ("outcomes", "stated"),
    [
        (("pass", "fail"), ("pass", "fail")),
        (("", ""), ()),
        (("pass", ""), ()),
        (("conditionalPass",), ("conditionalPass",)),
    ],
)
def test_conformity_is_stated_at_every_point_or_at_none(outcomes, stated):
    assert table_of(*(point(conformity=each) for each in outcomes)).columns[-1].conformities == stated


def test_the_note_says_through_how_many_readings_a_line_was_laid():
    table = table_of(procedure="thermometer_line", line={"degrees_of_freedom": 9})
    assert "11 组读数" in table.note.zh
    assert "through 11 readings" in table.note.en
    assert "{" not in table.note.zh + table.note.en


# outcomes of the points: calibration in Chinese, verification in Chinese
CONCLUSIONS = [
    (("pass", "pass"),                    "所校准各点均符合", "合格"),
    (("pass", "conditionalPass"),         "有条件符合",       "合格"),
    (("conditionalPass", "conditionalFail"), "有条件不符合",  "不合格"),
    (("conditionalFail", "pass"),         "有条件不符合",     "不合格"),
    (("pass", "fail", "pass"),            "不符合要求",       "不合格"),
    (("fail", "conditionalFail"),         "不符合要求",       "不合格"),
]  # fmt: skip


@pytest.mark.parametrize(("outcomes", "calibration", "verification"), CONCLUSIONS)
def test_the_worst_point_decides_the_conclusion(outcomes, calibration, verification):
    found = evaluation(*(point(conformity=each) for each in outcomes))
    assert calibration in conclusion_of(found, "calibration").zh
    assert calibration in conclusion_of(found, "testing").zh
    assert conclusion_of(found, "legal_verification").zh == verification


@pytest.mark.parametrize(
    ("accuracy_class", "conclusion"),
    [
        ("0.05", "准予作0.05级使用"),
        ("0.05级", "准予作0.05级使用"),
        (" 2.5 级 ", "准予作2.5级使用"),
        ("Ⅲ", "准予作Ⅲ级使用"),
        ("III", "准予作III级使用"),
        ("M1", "准予作M1级使用"),
        ("一级", "准予作一级使用"),
        ("", "合格"),
        ("±0.3 ℃", "合格"),
        ("MPE ±1 mg", "合格"),
        ("0.05 %", "合格"),
        ("U=0.1, k=2", "合格"),
        ("二等", "合格"),
        ("级", "合格"),
        ("{x}", "合格"),
    ],
)
def test_a_verified_instrument_is_accepted_in_its_class_where_that_is_one(accuracy_class, conclusion):
    passed = evaluation(point(conformity="pass"))
    assert conclusion_of(passed, "legal_verification", accuracy_class).zh == conclusion
    # A class that was not reached is not granted, and a calibration grants none.
    failed = evaluation(point(conformity="fail"))
    assert conclusion_of(failed, "legal_verification", accuracy_class).zh == "不合格"
    assert conclusion_of(passed, "calibration", accuracy_class) == conclusion_of(passed, "calibration")


@pytest.mark.parametrize("kind", ["calibration", "testing", "legal_verification"])
def test_without_a_stated_conformity_nothing_is_concluded(kind):
    assert not conclusion_of(evaluation(), kind)
    assert [statement.ref_type for statement in statements_of(evaluation())] == [
        "jl_traceability",
        "basic_uncertainty",
    ]


@pytest.mark.parametrize(
    ("probability", "percent"),
    [
        ("0.95", "95"),
        ("0.9545", "95.45"),
        ("0.99", "99"),
        ("0.9", "90"),
        ("0.90", "90"),
        ("0.999", "99.9"),
        ("0.5", "50"),
    ],
)  # fmt: skip
def test_the_statement_on_uncertainty_names_the_probability_without_empty_digits(probability, percent):
    _, uncertainty = statements_of(evaluation(point(coverage_probability=probability)))
    assert f"约为 {percent} %" in uncertainty.declaration.zh
    assert f"about {percent} %" in uncertainty.declaration.en
    assert uncertainty.norm == "JCGM 100:2008"


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ("simple_acceptance", "简单接受规则", "Simple acceptance"),
        ("guard_band_u", "保护带 w = U", "Guard band w = U"),
    ],
)
def test_the_decision_rule_is_stated_with_its_limit_in_the_unit_of_each_language(rule, zh, en):
    found = evaluation(point(conformity="pass"), point(conformity="fail"), rule=rule)
    decision = statements_of(found)[-1]
    assert (decision.ref_type, decision.conformity) == ("basic_conformity", "fail")
    assert zh in decision.declaration.zh
    assert "±0.2 ℃" in decision.declaration.zh
    assert en in decision.declaration.en
    assert "±0.2 °C" in decision.declaration.en


def test_words_are_there_in_both_languages_and_an_unknown_one_is_a_fault_of_the_program():
    assert words("column.error").en == "Indication error"
    with pytest.raises(KeyError):
        words("column.unheard")
