"""Every wrong member of a budget document: the code of its error, and the place or figure that the error names."""

import math

import pytest

from jialiang.kernel.errors import JialiangError
from jialiang.science.documents.errors import DocumentNotJson, DocumentTooLarge
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document
from jialiang.science.documents.text import LARGEST, document_from_bytes

X = {"name": "x", "mean": 2, "u": 1}
Z = {"name": "z", "mean": 3, "u": 1}


def document(*inputs, expr="x", model=None, **members):
    return {"model": {"expr": {"y": expr}, **(model or {})}, "inputs": list(inputs), **members}


def one(**members):
    """A document with one input x of these members."""
    return document({"name": "x", **members})


def settings(**members):
    return document(X, settings=members)


def refusal(data):
    with pytest.raises(JialiangError) as refused:
        read_document(data)
    return refused.value


def evaluated(data):
    return evaluate_document(read_document(data))


# --- members of the wrong type or missing: JL-UNC-013 names the member ---------------------------------------------


@pytest.mark.parametrize(
    ("data", "member"),
    [
        ("text", ""),
        (None, ""),
        ({"inputs": [X]}, "model.expr"),
        ({"model": {}, "inputs": [X]}, "model.expr"),
        ({"model": "y = x", "inputs": [X]}, "model"),
        ({"model": ["y = x"], "inputs": [X]}, "model"),
        (document(X, id=7), "id"),
        (document(X, constants=[3]), "constants"),
        (document(X, constants={"g": "heavy"}), "constants.g"),
        (document(X, settings=[1]), "settings"),
        (document(X, model={"unit": ["m"]}), "model.unit"),
        (document(X, model={"predict": ["q"]}), "model.predict"),
        (document(X, model={"outputs": "y"}), "model.outputs"),
        (document(X, model={"expr": {"y": None}}), "model.expr.y"),
        (document(X, model={"expr": {"y": {"of": "x"}}}), "model.expr.y"),
        (document(X, model={"implicit": {"equations": []}}), "model.implicit.equations"),
        (
            document(X, model={"implicit": {"equations": ["q=x"], "unknowns": {}}}),
            "model.implicit.equations",
        ),
        (
            document(X, model={"implicit": {"equations": [1], "unknowns": {"q": 1}}}),
            "model.implicit.equations",
        ),
        (
            document(X, model={"implicit": {"equations": ["q=x"], "unknowns": {"q": [1]}}}),
            "model.implicit.unknowns",
        ),
        (
            document(X, model={"implicit": {"equations": ["q=x"], "unknowns": ["q"]}}),
            "model.implicit.unknowns",
        ),
        (document(X, model={"implicit": 5}), "model.implicit"),
    ],
)
def test_the_frame_of_a_document(data, member):
    refused = refusal(data)
    assert (refused.code, refused.facts["member"]) == ("JL-UNC-013", member)


@pytest.mark.parametrize(
    ("members", "member"),
    [
        ({"mean": 1, "distribution": "normal"}, "inputs[0].u"),
        ({"mean": "one", "u": 1}, "inputs[0].mean"),
        ({"mean": {"value": 1}, "u": 1}, "inputs[0].mean"),
        ({"mean": 1e999, "u": 1}, "inputs[0].mean"),
        ({"mean": 10**400, "u": 1}, "inputs[0].mean"),
        ({"mean": "1" * 401, "u": 1}, "inputs[0].mean"),
        ({"mean": 1, "u": False}, "inputs[0].u"),
        ({"mean": 1, "u": "1,5"}, "inputs[0].u"),
        ({"mean": 1, "u": math.inf}, "inputs[0].u"),
        ({"u_rel": 0.1}, "inputs[0].mean"),
        ({"mean": 1, "u": 1, "unit": 3}, "inputs[0].unit"),
        ({"mean": 1, "u": 1, "group": 3}, "inputs[0].group"),
        ({"mean": 1, "u": 1, "dof": [1]}, "inputs[0].dof"),
        ({"mean": 1, "u": 1, "dof": "few"}, "inputs[0].dof"),
        ({"mean": 1, "u": 1, "type": "C"}, "inputs[0].type (A, B)"),
        ({"mean": 1, "u": 1, "distribution": 4}, "inputs[0].distribution"),
        ({"mean": 1, "u": 1, "quantity_kind": "charm"}, "quantity_kind (charm)"),
        ({"distribution": "constant"}, "inputs[0].mean"),
        ({"distribution": "rectangular", "mean": 1}, "inputs[0].half_width"),
        ({"distribution": "rectangular", "high": 1}, "inputs[0].low"),
        ({"distribution": "rectangular", "low": 1}, "inputs[0].high"),
        ({"distribution": "triangular", "low": 1, "mode": 2}, "inputs[0].high"),
        ({"distribution": "trapezoidal", "half_width": 1}, "inputs[0].top_half_width"),
        ({"distribution": "ctrap", "low": 1, "high": 2}, "inputs[0].d"),
        ({"distribution": "exponential"}, "inputs[0].mean"),
        ({"distribution": "gamma", "u": 1}, "inputs[0].mean"),
        ({"distribution": "beta", "alpha": 1}, "inputs[0].beta"),
        ({"distribution": "beta", "beta": 1}, "inputs[0].alpha"),
        ({"distribution": "lognormal", "mu": 0}, "inputs[0].sigma"),
        ({"distribution": "lognormal", "u": 1}, "inputs[0].mean"),
        ({"distribution": "truncated_normal", "low": 0}, "inputs[0].u"),
        ({"distribution": "empirical", "values": "1 2 3"}, "inputs[0].values"),
        ({"distribution": "empirical", "values": [1, "b"]}, "inputs[0].values"),
        ({"readings": {"a": 1}}, "inputs[0].readings"),
        ({"readings": [1, True]}, "inputs[0].readings"),
        ({"readings": [[1, 2], 3]}, "inputs[0].readings"),
        ({"readings": [1, 2], "pooled": {"s": 1}}, "inputs[0].pooled.dof"),
        ({"readings": [1, 2], "pooled": {"dof": 1}}, "inputs[0].pooled.s"),
        ({"readings": [1, 2], "type_a": "magic"}, "inputs[0].type_a (gum, bayesian)"),
        ({"re": 1, "u": 1}, "inputs[0].im"),
        ({"re": 1, "im": 1}, "inputs[0].u_re"),
        ({"mag": 1, "u_mag": 1}, "inputs[0].phase_rad"),
        ({"mag": 1, "phase_rad": 1, "u_mag": 1}, "inputs[0].u_phase"),
        ({"re": [1, 2], "im": 1, "u": 1}, "inputs[0].re"),
    ],
)
def test_the_members_of_an_input(members, member):
    refused = refusal(one(**members))
    assert (refused.code, refused.facts["member"]) == ("JL-UNC-013", member)


def test_an_input_says_which_one_it_is():
    assert refusal(document(X, {"u": 1})).facts["member"] == "inputs[1].name"
    assert (
        refusal(document(X, {"name": "q", "mean": [1, 2], "u": [1, "b"]})).facts["member"] == "inputs[1][1].u"
    )
    assert refusal(document(X, 5)).facts["member"] == "inputs[1]"


@pytest.mark.parametrize(
    ("given", "member"),
    [
        ("x z 0.5", "correlation"),
        (["x"], "correlation[0]"),
        ([["x", "z"]], "correlation[0]"),
        ([["x", "z", 0.5, 1]], "correlation[0]"),
        ([["x", "z", "half"]], "correlation[0]"),
        ([["x", "z", 0.1], {"a": "x", "b": "z"}], "correlation[1].r"),
        ([{"between": ["x"], "r": 1}], "correlation[0]"),
        ([{"between": "xz", "r": 1}], "correlation[0].between"),
        ({"order": "xz", "matrix": [[1]]}, "correlation.order"),
        ({"order": ["x", "z"], "matrix": "none"}, "correlation.matrix"),
        ({"order": ["x", "z"], "matrix": [1, 2]}, "correlation.row"),
        ({"order": ["x", "z"], "matrix": [[1, "r"], ["r", 1]]}, "correlation.row"),
    ],
)
def test_the_members_of_a_correlation(given, member):
    refused = refusal(document(X, Z, correlation=given))
    assert (refused.code, refused.facts["member"]) == ("JL-UNC-013", member)


@pytest.mark.parametrize(
    ("given", "member"),
    [
        ({"name": "q", "on": {"x": 1}}, "common_influences"),
        ([5], "common_influences[0]"),
        ([{"on": {"x": 1}}], "common_influences[0].name"),
        ([{"name": "z", "on": ["x"]}], "common_influences[0].on"),
        ([{"name": "z", "on": {"x": "a"}}], "common_influences[0].on.x"),
        ([{"name": "z", "on": {"x": None}}], "common_influences[0].on.x"),
    ],
)
def test_the_members_of_a_common_influence(given, member):
    refused = refusal(document(X, Z, common_influences=given))
    assert (refused.code, refused.facts["member"]) == ("JL-UNC-013", member)


@pytest.mark.parametrize(
    ("member", "given", "named"),
    [
        ("method", "MC", "settings.method (lpu, lpu2, mc)"),
        ("method", ["lpu"], "settings.method (lpu, lpu2, mc)"),
        ("probability", "high", "settings.probability"),
        ("draws", "many", "settings.draws"),
        ("draws", 10000.5, "settings.draws"),
        ("seed", 1.5, "settings.seed"),
        ("seed", "lucky", "settings.seed"),
        ("digits", 1.5, "settings.digits"),
        ("coverage_factor", [2], "settings.coverage_factor"),
        ("degrees_of_freedom_rule", "round", "settings.degrees_of_freedom_rule (truncate, real)"),
        ("stopping_rule", "never", "settings.stopping_rule (jialiang, s1)"),
        ("interval_kind", "longest", "settings.interval_kind (symmetric, shortest)"),
        ("rounding_rule", "down", "settings.rounding_rule (half_even, half_up, up)"),
        ("reported_digits", "two", "settings.reported_digits"),
        ("smallest_expanded_uncertainty", "small", "settings.smallest_expanded_uncertainty"),
        ("smallest_expanded_uncertainty", {"y": []}, "cmc.y"),
        ("validate", "no", "settings.validate (true, false)"),
        ("validate", 0, "settings.validate (true, false)"),
    ],
)
def test_the_members_of_the_settings(member, given, named):
    refused = refusal(settings(**{member: given}))
    assert (refused.code, refused.facts["member"]) == ("JL-UNC-013", named)


@pytest.mark.parametrize(
    ("fit", "member"),
    [
        ({"model": "b", "data": {"b": [1, 2]}}, "fit.fit"),
        ({"model": "p + q*t", "data": {"t": [1, 2]}}, "fit.fit"),
        ({"model": "2*b = p", "data": {"b": [1, 2]}}, "fit.fit"),
        ({"model": "b > p", "data": {"b": [1, 2]}}, "fit.fit"),
        ({"model": "b = p + q*t", "data": {"t": [1, 2, 3]}}, "fit.data.b"),
        ({"model": "b = p + q*t", "data": {"b": [1, 2, 3], "t": [1, 2, "x"]}}, "fit.data.t"),
        ({"model": "b = p + q*t", "data": [1]}, "fit.data"),
        ({"model": "b = p", "data": {"b": [1, 2, 3]}, "start": {"p": "a"}}, "fit.start"),
        ({"model": "b = p", "data": {"b": [1, 2, 3]}, "uncertainty": "ub"}, "fit.uncertainty (ub)"),
        ({"model": "b = p", "data": {"b": [1, 2, 3]}, "uncertainty": "b"}, "fit.uncertainty (b)"),
        ({"model": "b = p", "data": {"b": [1, 2, 3]}, "uncertainty": ["a"]}, "fit.uncertainty"),
        ({"model": "b = p", "data": {"b": [1, 2, 3]}, "uncertainty": True}, "fit.uncertainty"),
        ({"model": 5, "data": {"b": [1, 2, 3]}}, "fit.model"),
    ],
)
def test_the_members_of_a_fit(fit, member):
    refused = refusal({"fit": fit, "model": {}})
    assert (refused.code, refused.facts["member"]) == ("JL-UNC-013", member)


@pytest.mark.parametrize(
    ("given", "code", "facts"),
    [
        ([1], "JL-UNC-013", {"member": "observations"}),
        ({"columns": "ab", "rows": []}, "JL-UNC-013", {"member": "observations.columns"}),
        ({"columns": ["a"], "rows": [1, 2]}, "JL-UNC-013", {"member": "observations.rows"}),
        ({"columns": ["a"], "rows": [["b"], [1]]}, "JL-UNC-013", {"member": "observations.rows"}),
        ({"columns": ["a"], "rows": [[1]]}, "JL-UNC-006", {"needed": 2, "given": 1}),
        ({"columns": ["a"]}, "JL-UNC-006", {"needed": 2, "given": 0}),
        ({"columns": ["a", "b"], "rows": [[1, 2], [3]]}, "JL-UNC-008", {"first": 2, "second": 1}),
        ({"columns": [], "rows": [[], []]}, "JL-UNC-008", {"first": 0, "second": 0}),
        (
            {"columns": ["a"], "rows": [[1], [2]], "units": ["V", "A"]},
            "JL-UNC-008",
            {"first": 1, "second": 2},
        ),
    ],
)
def test_the_members_of_observations(given, code, facts):
    refused = refusal({"model": {"expr": {"y": "a"}}, "observations": given})
    assert refused.code == code
    assert {name: refused.facts[name] for name in facts} == facts


# --- parameters outside their domain: JL-UNC-009 names parameter, value and what is allowed -------------------------


@pytest.mark.parametrize(
    ("members", "parameter"),
    [
        ({"mean": 1, "U": 2, "k": 0}, "k"),
        ({"mean": 1, "U": 2, "k": -2}, "k"),
        ({"mean": 1, "distribution": "t", "u": 1, "dof": 0}, "ν"),
        ({"mean": 1, "distribution": "t_by_mean_sd", "sd": 1, "dof": 2}, "ν"),
        ({"distribution": "rectangular", "low": 2, "high": 1}, "inputs[0].low"),
        ({"distribution": "rectangular", "half_width": 1, "low": 5, "high": 9}, "inputs[0].half_width"),
        (
            {"distribution": "arcsine", "mean": 7, "half_width": 2, "low": 5, "high": 8},
            "inputs[0].half_width",
        ),
        ({"distribution": "triangular", "low": 5, "mode": 4, "high": 9}, "mode"),
        ({"distribution": "exponential", "rate": 0}, "inputs[0].rate"),
        ({"distribution": "exponential", "rate": -1}, "inputs[0].rate"),
        ({"distribution": "gamma", "shape": 2, "rate": 0}, "inputs[0].rate"),
        ({"distribution": "gamma", "mean": 0, "u": 1}, "inputs[0].mean"),
        ({"distribution": "gamma", "mean": 1, "u": 0}, "inputs[0].mean"),
        ({"mag": 1, "phase_rad": 0, "u_mag": 1, "u_phase": 1, "k": 0}, "inputs[0].k"),
        ({"re": 1, "im": 0, "u": 1, "k": -2}, "inputs[0].k"),
        ({"readings": [1, 2, 4], "type_a": "bayesian"}, "ν"),
    ],
)
def test_parameters_outside_their_domain(members, parameter):
    refused = refusal(one(**members))
    assert (refused.code, refused.facts["parameter"]) == ("JL-UNC-009", parameter)
    assert refused.facts["allowed"]


@pytest.mark.parametrize(
    ("members", "code", "facts"),
    [
        ({"probability": 1}, "JL-UNC-009", {"parameter": "p", "given": 1}),
        ({"probability": -0.5}, "JL-UNC-009", {"parameter": "p", "given": -0.5}),
        ({"digits": 0}, "JL-UNC-005", {"digits": 0}),
        ({"digits": 3}, "JL-UNC-005", {"digits": 3}),
        ({"reported_digits": 0}, "JL-UNC-005", {"digits": 0}),
        ({"reported_digits": 3}, "JL-UNC-005", {"digits": 3}),
        (
            {"smallest_expanded_uncertainty": -1},
            "JL-UNC-009",
            {"parameter": "smallest_expanded_uncertainty", "given": -1},
        ),
        (
            {"smallest_expanded_uncertainty": {"y": -1}},
            "JL-UNC-009",
            {"parameter": "smallest_expanded_uncertainty", "given": -1},
        ),
    ],
)
def test_settings_outside_their_domain(members, code, facts):
    refused = refusal(settings(**members))
    assert refused.code == code
    assert {name: refused.facts[name] for name in facts} == facts


@pytest.mark.parametrize(
    ("members", "parameter", "given"),
    [
        ({"method": "mc", "draws": 9999}, "draws", 9999),
        ({"method": "mc", "draws": 0}, "draws", 0),
        ({"method": "mc", "draws": -1}, "draws", -1),
        ({"method": "mc", "draws": 10**15}, "draws", 10**15),
        ({"draws": 9999}, "draws", 9999),
        ({"method": "mc", "draws": 99_999, "probability": 0.999}, "draws", 99_999),
        ({"method": "mc", "draws": 10_000, "seed": -1}, "seed", -1),
        ({"coverage_factor": 0}, "k", 0),
        ({"coverage_factor": -2}, "k", -2),
    ],
)
def test_draws_seed_and_factor_outside_their_domain(members, parameter, given):
    with pytest.raises(JialiangError) as refused:
        evaluated(settings(**members))
    assert refused.value.code == "JL-UNC-009"
    assert (refused.value.facts["parameter"], refused.value.facts["given"]) == (parameter, given)


# --- what contradicts itself ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matrix", "coefficients"),
    [
        ([[1, 0.5], [0.9, 1]], "x–z: 0.5 ≠ 0.9"),
        ([[2, 0.5], [0.5, 1]], "x–x: 2 ≠ 1"),
        ([[1, 0.5], [0.5, 0]], "z–z: 0 ≠ 1"),
    ],
)
def test_a_matrix_of_coefficients_is_symmetric_with_ones_on_its_diagonal(matrix, coefficients):
    by_order = document(X, Z, correlation={"order": ["x", "z"], "matrix": matrix})
    joint = {"distribution": "multivariate_normal", "names": ["x", "z"], "mean": [1, 2], "u": [1, 1]}
    for data in (by_order, document(joint | {"correlation": matrix})):
        refused = refusal(data)
        assert (refused.code, refused.facts["coefficients"]) == ("JL-UNC-014", coefficients)


@pytest.mark.parametrize(
    ("joint", "code"),
    [
        ({"mean": [1, 2], "covariance": [[1, 0.5], [0.4, 1]]}, "JL-UNC-014"),
        ({"mean": [1, 2], "covariance": [[1, 2], [2, 1]]}, "JL-UNC-014"),
        ({"mean": [1, 2], "covariance": [[-1, 0], [0, 1]]}, "JL-UNC-013"),
        ({"mean": [1, 2], "covariance": [[1, 0]]}, "JL-UNC-013"),
        ({"mean": [1, 2], "covariance": [[1, 0, 0], [0, 1, 0]]}, "JL-UNC-013"),
        ({"mean": [1, 2], "covariance": [1, 2]}, "JL-UNC-013"),
        ({"mean": [1], "covariance": [[1, 0], [0, 1]]}, "JL-UNC-008"),
        ({"mean": [1, 2], "u": [1]}, "JL-UNC-008"),
        ({"mean": [1, 2]}, "JL-UNC-008"),
        ({"mean": [1, 2], "u": [1, 1], "unit": ["V"]}, "JL-UNC-008"),
        ({"mean": [1, 2], "u": [1, 1], "correlation": [[1]]}, "JL-UNC-008"),
    ],
)
def test_what_a_joint_normal_input_may_not_be(joint, code):
    with pytest.raises(JialiangError) as refused:
        evaluated(document({"distribution": "multivariate_normal", "names": ["x", "z"], **joint}))
    assert refused.value.code == code


def test_a_joint_input_may_hold_a_certain_one():
    joint = {"names": ["x", "z"], "mean": [1, 2], "covariance": [[0, 0], [0, 9]]}
    data = document(
        {"distribution": "multivariate_normal", **joint}, expr="x + z", settings={"validate": False}
    )
    assert evaluated(data).outputs["y"].standard_uncertainty == 3


@pytest.mark.parametrize(
    ("given", "code", "facts"),
    [
        ([["x", "q", 0.5]], "JL-UNC-011", {"symbol": "q"}),
        ([["x", "z", 1.01]], "JL-UNC-014", {}),
        ([["x", "z", -1.01]], "JL-UNC-014", {}),
        ([["x", "z", 0.5], ["z", "x", 0.5]], "JL-UNC-012", {}),
    ],
)
def test_correlations_that_cannot_be(given, code, facts):
    refused = refusal(document(X, Z, correlation=given))
    assert refused.code == code
    assert {name: refused.facts[name] for name in facts} == facts


def test_three_coefficients_have_to_go_together():
    """a and b alike, b and c alike, but a against c: no three quantities do that."""
    inputs = [{"name": name, "u": 1} for name in "xzw"]
    data = document(*inputs, correlation=[["x", "z", 0.9], ["z", "w", 0.9], ["x", "w", -0.9]])
    with pytest.raises(JialiangError) as refused:
        evaluated(data)
    assert refused.value.code == "JL-UNC-014"


def test_a_width_beside_limits_that_agree_is_read():
    both = {"distribution": "rectangular", "mean": 7, "half_width": 2, "low": 5, "high": 9}
    read = read_document(one(**both))
    assert read.budget.inputs[0].estimate == 7
    assert read.budget.inputs[0].standard_uncertainty == pytest.approx(2 / math.sqrt(3), rel=1e-15)


def test_a_group_has_one_number_of_degrees():
    inputs = [
        {**X, "distribution": "t", "dof": 5, "group": "g"},
        {**Z, "distribution": "t", "dof": 6, "group": "g"},
    ]
    refused = refusal(document(*inputs))
    assert (refused.code, refused.facts["group"]) == ("JL-UNC-015", "g")


# --- texts and sizes -----------------------------------------------------------------------------------------------


def test_a_reading_with_an_endless_exponent_is_no_reading():
    """As an exact fraction it would have a billion digits."""
    for reading in ("1e-999999999", "0e-999999999", "1e-331"):
        refused = refusal(one(readings=[reading, 1]))
        assert (refused.code, refused.facts["typed"]) == ("JL-UNC-003", reading)


def test_a_unit_beyond_all_numbers_is_no_unit():
    data = document({**X, "unit": "Tm99"}, model={"equation": "quantity"})
    assert refusal(data).code == "JL-UNIT-003"
    assert "Tm99" in read_document(document({**X, "unit": "Tm99"})).notes[0].en


def test_a_power_of_a_unit_beyond_all_numbers_does_no_harm():
    assert math.isfinite(evaluated(document({**X, "unit": "km"}, expr="x**200.5")).outputs["y"].value)
    assert refusal(document({**X, "unit": "km"}, expr="x**(1e308*10)")).code == "JL-EXPR-011"


def test_two_thousand_inputs_are_the_most():
    array = {"name": "x", "mean": [0] * 2000, "u": 1}
    assert len(read_document(document(array, expr="sum(x)")).budget.inputs) == 2000
    refused = refusal(document(array, Z, expr="sum(x)"))
    assert refused.facts["member"] == "inputs (≤ 2000)"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting property name"),
        (b'{"a": 1,}', "double quotes"),
        (b"\xff\xfe{}", "utf-8"),
        (b"[" * 200_000, "recursion"),
        (b"1" * 5000, "digits"),
    ],
)
def test_what_is_no_json_is_refused_with_the_reason(data, reason):
    with pytest.raises(DocumentNotJson) as refused:
        document_from_bytes(data)
    assert reason in refused.value.facts["reason"]


def test_a_file_has_at_most_sixteen_mebibytes_and_may_begin_with_a_mark():
    assert document_from_bytes(b"\xef\xbb\xbf" + b'{"a": 1}') == {"a": 1}
    assert document_from_bytes(b" " * (LARGEST - 2) + b"[]") == []
    with pytest.raises(DocumentTooLarge) as refused:
        document_from_bytes(b" " * (LARGEST - 1) + b"[]")
    assert refused.value.facts["limit"] == 16 * 1024 * 1024
