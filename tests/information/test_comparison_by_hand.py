"""Evaluations of rounds against sums done by hand or by other means: every way of assigning a value, every score."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from itertools import combinations
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import chi2
from tests.information.comparison_rows import evaluated, scores

from jialiang.base.comparison_rounds.errors import TooFewResults
from jialiang.formats.canonical import canonical_json, sha256_hex

SIGMA = "standard_deviation_for_assessment"
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# x, U, X, U_ref: E_n = (x - X)/√(U² + U_ref²), ζ with k = 2 twice that
AGAINST_A_REFERENCE = [
    ("13", "4", "10", "3", 0.6, 1.2, "satisfactory", "satisfactory"),
    ("15", "4", "10", "3", 1.0, 2.0, "satisfactory", "satisfactory"),
    ("15.05", "4", "10", "3", 1.01, 2.02, "unsatisfactory", "questionable"),
    ("5", "4", "10", "3", -1.0, -2.0, "satisfactory", "satisfactory"),
    ("17.45", "4", "10", "3", 1.49, 2.98, "unsatisfactory", "questionable"),
    ("17.5", "4", "10", "3", 1.5, 3.0, "unsatisfactory", "unsatisfactory"),
    ("2.5", "4", "10", "3", -1.5, -3.0, "unsatisfactory", "unsatisfactory"),
    ("10", "4", "10", "3", 0.0, 0.0, "satisfactory", "satisfactory"),
    (
        "-0.0171",
        "0.0012",
        "-0.0160",
        "0.0009",
        -0.7333333333333333,
        -1.4666666666666666,
        "satisfactory",
        "satisfactory",
    ),
    ("1.00013", "0.00012", "1.00000", "0.00005", 1.0, 2.0, "satisfactory", "satisfactory"),
    ("1e3", "8", "990", "6", 1.0, 2.0, "satisfactory", "satisfactory"),
]


@pytest.mark.parametrize(
    ("x", "wide", "ref", "wide_ref", "en", "zeta", "by_en", "by_zeta"), AGAINST_A_REFERENCE
)
def test_e_n_and_zeta_with_their_verdicts_at_the_edges(
    monkeypatch, x, wide, ref, wide_ref, en, zeta, by_en, by_zeta
):
    _, document, _ = evaluated(monkeypatch, [(x, wide)], "reference", reference=(ref, wide_ref, "2"))
    found = scores(document)
    assert found["en"] == (pytest.approx(en, rel=1e-14), by_en)
    assert found["zeta"] == (pytest.approx(zeta, rel=1e-14), by_zeta)
    assert set(found) == {"en", "zeta"}


@pytest.mark.parametrize(
    ("factor", "factor_ref"), [("2", "2"), ("3", "2"), ("2", "2.5"), ("1", "1"), ("2.13", "1.96")]
)
def test_e_n_takes_what_is_stated_and_zeta_each_u_over_its_own_k(monkeypatch, factor, factor_ref):
    _, document, _ = evaluated(
        monkeypatch, [("15", "4", factor)], "reference", reference=("10", "3", factor_ref)
    )
    found = scores(document)
    assert found["en"][0] == pytest.approx(1.0, rel=1e-14)
    assert found["zeta"][0] == pytest.approx(
        5 / math.hypot(4 / float(factor), 3 / float(factor_ref)), rel=1e-12
    )
    row = document["artefacts"][0]["rows"][0]
    assert float(row["difference_uncertainty"]) == pytest.approx(5.0)
    assigned = document["artefacts"][0]["assigned"]
    assert (assigned["value"], assigned["coverage_factor"]) == ("10.0", factor_ref.removesuffix(".0"))
    assert float(assigned["standard_uncertainty"]) == pytest.approx(3 / float(factor_ref))
    assert assigned["expanded_uncertainty"] == "3.0"


# σ_pt and u(x_pt): z′ stands beside z where u is more than 0.3 σ_pt
Z_PRIME = [
    ("1", "0.6", False), ("1", "0.602", True), ("1", "2", True), ("10", "6", False), ("10", "6.02", True),
    ("0.1", "0.06", False),
]  # fmt: skip


@pytest.mark.parametrize(("sigma", "wide_ref", "is_uncertain"), Z_PRIME)
def test_z_prime_is_scored_where_the_assigned_value_is_too_uncertain_for_z(
    monkeypatch, sigma, wide_ref, is_uncertain
):
    given = [(str(10 + 2.5 * float(sigma)), "1")]
    _, document, _ = evaluated(
        monkeypatch, given, "reference", reference=("10", wide_ref, "2"), **{SIGMA: sigma}
    )
    found = scores(document)
    assert found["z"] == (pytest.approx(2.5), "questionable")
    assert ("zprime" in found) is is_uncertain
    if is_uncertain:
        wide = math.hypot(float(sigma), float(wide_ref) / 2)
        assert found["zprime"][0] == pytest.approx(2.5 * float(sigma) / wide, rel=1e-12)
        assert abs(found["zprime"][0]) < abs(found["z"][0])


@pytest.mark.parametrize(
    ("x", "verdict"),
    [("12", "satisfactory"), ("12.01", "questionable"), ("12.99", "questionable"), ("13", "unsatisfactory"),
     ("8", "satisfactory"), ("7.99", "questionable"), ("7", "unsatisfactory")],
)  # fmt: skip
def test_verdicts_of_z_change_at_two_and_at_three(monkeypatch, x, verdict):
    _, document, _ = evaluated(
        monkeypatch, [(x, "1")], "reference", reference=("10", "0.1", "2"), **{SIGMA: "1"}
    )
    assert scores(document)["z"] == (pytest.approx(float(x) - 10, rel=1e-12), verdict)


def test_without_sigma_no_z_is_made_up(monkeypatch):
    _, document, _ = evaluated(monkeypatch, [("10", "2"), ("12", "2")])
    assert set(scores(document)) == {"en", "zeta"}
    assert document["standard_deviation_for_assessment"] == ""


def weighted(values):
    """Mean, u² of the mean and χ² as fractions; u = U/2."""
    pairs = [(Fraction(x), (Fraction(u) / 2) ** 2) for x, u in values]
    total = sum(1 / square for _, square in pairs)
    mean = sum(x / square for x, square in pairs) / total
    return mean, 1 / total, sum((x - mean) ** 2 / square for x, square in pairs)


SETS = [
    [("10", "2"), ("12", "2"), ("20", "4")],
    [("1.001", "0.002"), ("1.003", "0.004"), ("0.999", "0.002"), ("1.002", "0.006")],
    [("-5", "1"), ("5", "1")],
    [("100.1", "0.2"), ("100.1", "0.2"), ("100.1", "0.2")],
    [("3", "0.1"), ("3.1", "10")],
]


@pytest.mark.parametrize("values", SETS)
def test_the_weighted_mean_with_its_test_and_every_degree_as_fractions(monkeypatch, values):
    _, document, _ = evaluated(monkeypatch, values)
    mean, square, chi = weighted(values)
    found = document["artefacts"][0]
    assert float(found["assigned"]["value"]) == pytest.approx(float(mean), rel=1e-13)
    assert float(found["assigned"]["standard_uncertainty"]) == pytest.approx(math.sqrt(square), rel=1e-12)
    assert float(found["assigned"]["expanded_uncertainty"]) == pytest.approx(2 * math.sqrt(square), rel=1e-12)
    assert float(found["consistency"]["chi_squared"]) == pytest.approx(float(chi), rel=1e-9, abs=1e-20)
    assert found["consistency"]["degrees_of_freedom"] == len(values) - 1
    p = float(chi2.sf(float(chi), len(values) - 1))
    assert float(found["consistency"]["probability"]) == pytest.approx(p, rel=1e-6)
    assert found["consistency"]["is_consistent"] is (p >= 0.05)
    for row, (x, u) in zip(found["rows"], values, strict=True):
        wide = 2 * math.sqrt((Fraction(u) / 2) ** 2 - square)
        d = float(Fraction(x) - mean)
        assert float(row["difference"]) == pytest.approx(d, rel=1e-9, abs=1e-15)
        assert float(row["difference_uncertainty"]) == pytest.approx(wide, rel=1e-6)
        assert row["contributes"] is True
        en, zeta = (float(each["score"]) for each in row["scores"])
        assert en == pytest.approx(d / wide, rel=1e-6, abs=1e-12)
        assert zeta == pytest.approx(2 * en, rel=1e-12, abs=1e-15)


def subset_by_hand(values):
    """The largest subset whose χ² holds at 5 %, of several that of the smallest χ²."""
    for size in range(len(values), 1, -1):
        passing = []
        for chosen in combinations(range(len(values)), size):
            chi = weighted([values[i] for i in chosen])[2]
            if chi2.sf(float(chi), size - 1) >= 0.05:
                passing.append((chi, chosen))
        if passing:
            return min(passing)[1]
    return ()


LABS = [
    [("10", "0.2"), ("10.2", "0.4"), ("9.9", "0.2"), ("13", "0.2")],
    [("10", "2"), ("10.5", "2"), ("20", "2"), ("20.4", "2")],
    [("1", "1"), ("1.1", "1"), ("0.9", "1"), ("9", "0.5"), ("-7", "0.5")],
    [("5", "2"), ("5.1", "2"), ("5.2", "2")],
]


@pytest.mark.parametrize("values", LABS)
def test_the_largest_consistent_subset_is_the_one_found_by_trying_all(monkeypatch, values):
    _, document, _ = evaluated(monkeypatch, values, "largest_consistent_subset")
    chosen = subset_by_hand(values)
    found = document["artefacts"][0]
    assert tuple(i for i, row in enumerate(found["rows"]) if row["contributes"]) == chosen
    mean, square, chi = weighted([values[i] for i in chosen])
    assert float(found["assigned"]["value"]) == pytest.approx(float(mean), rel=1e-12)
    assert float(found["consistency"]["chi_squared"]) == pytest.approx(float(chi), rel=1e-9)
    for place, (x, u) in enumerate(values):
        own = (Fraction(u) / 2) ** 2
        wide = 2 * math.sqrt(own - square if place in chosen else own + square)
        row = found["rows"][place]
        assert float(row["difference_uncertainty"]) == pytest.approx(wide, rel=1e-9)
        assert scores(document, place)["en"][0] == pytest.approx(float(Fraction(x) - mean) / wide, rel=1e-9)


def test_of_two_subsets_of_a_size_that_agrees_best_is_taken(monkeypatch):
    """10 and 10.5 have χ² = 0.125, 20 and 20.4 only 0.08."""
    _, document, _ = evaluated(monkeypatch, LABS[1], "largest_consistent_subset")
    assert [row["contributes"] for row in document["artefacts"][0]["rows"]] == [False, False, True, True]
    assert document["artefacts"][0]["assigned"]["value"] == "20.2"


def test_a_result_that_alone_makes_the_mean_has_no_score_against_it(monkeypatch):
    """u = 1e-9 beside 1: the mean is that result, U(d) is zero, and nothing is divided by it."""
    _, document, _ = evaluated(monkeypatch, [("10", "0.000000002"), ("12", "2")], **{SIGMA: "1"})
    first, second = document["artefacts"][0]["rows"]
    assert float(first["difference_uncertainty"]) == 0.0
    assert [each["name"] for each in first["scores"]] == ["z"]
    assert {each["name"] for each in second["scores"]} == {"en", "zeta", "z"}
    assert scores(document, 1)["en"][0] == pytest.approx(1.0, rel=1e-9)


def algorithm_by_steps(values):
    """Algorithm A of ISO 13528 C.3.1, as it is written, 400 times."""
    x = [float(v) for v in values]
    centre = median(x)
    scatter = 1.483 * median([abs(v - centre) for v in x])
    for _ in range(400):
        reach = 1.5 * scatter
        drawn = [min(max(v, centre - reach), centre + reach) for v in x]
        centre = sum(drawn) / len(drawn)
        scatter = 1.134 * math.sqrt(sum((v - centre) ** 2 for v in drawn) / (len(drawn) - 1))
    return centre, scatter


ROBUST = [
    ("1", "2", "3", "4", "5"),
    ("4.5", "4.9", "5.6", "4.2", "6.2", "5.2", "9.9"),
    ("10.1", "10.2", "10.0", "9.9", "10.3", "25"),
    ("-1", "0", "1"),
    ("0.018", "0.021", "0.019", "0.035", "0.002", "0.020", "0.0205", "0.0195"),
]


@pytest.mark.parametrize("values", ROBUST)
def test_algorithm_a_step_by_step(monkeypatch, values):
    _, document, _ = evaluated(monkeypatch, [(v,) for v in values], "algorithm_a", **{SIGMA: "2"})
    found = document["artefacts"][0]
    centre, scatter = algorithm_by_steps(values)
    assert float(found["assigned"]["value"]) == pytest.approx(centre, rel=1e-9, abs=1e-12)
    assert float(found["robust_standard_deviation"]) == pytest.approx(scatter, rel=1e-7)
    u = 1.25 * scatter / math.sqrt(len(values))
    assert float(found["assigned"]["standard_uncertainty"]) == pytest.approx(u, rel=1e-7)
    assert float(found["assigned"]["expanded_uncertainty"]) == pytest.approx(2 * u, rel=1e-7)
    assert found["consistency"] is None
    for place, value in enumerate(values):
        z = (float(value) - centre) / 2
        assert scores(document, place)["z"][0] == pytest.approx(z, rel=1e-9, abs=1e-12)


def test_five_in_a_row_have_the_robust_deviation_of_the_formula(monkeypatch):
    """Nothing is drawn in: x* = 3 and s* = 1.134 √2.5."""
    _, document, _ = evaluated(monkeypatch, [(v,) for v in "12345"], "algorithm_a")
    found = document["artefacts"][0]
    assert found["assigned"]["value"] == "3.0"
    assert float(found["robust_standard_deviation"]) == pytest.approx(1.134 * math.sqrt(2.5), rel=1e-14)


def test_most_agree_and_one_does_not(monkeypatch):
    """s* = 0 and x* = 5; E_n of the outlier takes its own U alone, and z′ is not needed."""
    given = [("5",), ("5",), ("5",), ("9", "2")]
    _, document, _ = evaluated(monkeypatch, given, "algorithm_a", **{SIGMA: "1"})
    assert document["artefacts"][0]["assigned"]["value"] == "5.0"
    assert float(document["artefacts"][0]["robust_standard_deviation"]) == 0.0
    assert scores(document, 3) == {
        "en": (2.0, "unsatisfactory"), "zeta": (4.0, "unsatisfactory"), "z": (4.0, "unsatisfactory")
    }  # fmt: skip
    assert scores(document, 0) == {"z": (0.0, "satisfactory")}


NEEDED = [("reference", 1), ("weighted_mean", 2), ("largest_consistent_subset", 2), ("algorithm_a", 3)]


@pytest.mark.parametrize(("assigned_by", "needed"), NEEDED)
def test_withdrawn_laboratories_are_left_out_until_too_few_remain(monkeypatch, assigned_by, needed):
    reference = ("10", "1", "2") if assigned_by == "reference" else ("", "", "")
    there = [("10", "2"), (), ("10.1", "2"), (), ("9.9", "2")][: 2 * needed - 1]
    _, document, _ = evaluated(monkeypatch, there, assigned_by, reference=reference)
    assert [row["code"] for row in document["artefacts"][0]["rows"]] == ["A", "C", "E"][:needed]
    with pytest.raises(TooFewResults) as refused:
        evaluated(monkeypatch, [(), *there[1:]], assigned_by, reference=reference)
    assert (refused.value.facts["needed"], refused.value.facts["given"]) == (needed, needed - 1)
    assert refused.value.facts["artefact"].en == "Weight 1"
    for words in (refused.value.what, refused.value.rule, refused.value.way_out):
        assert words.zh
        assert words.en
        assert "{" not in words.zh + words.en


@QUICK
@given(
    values=st.permutations([("10", "0.2"), ("10.2", "0.4"), ("9.9", "0.2"), ("13", "0.2"), ("10.1", "0.3")])
)
def test_the_order_of_the_laboratories_changes_nothing(monkeypatch, values):
    for way in ("weighted_mean", "largest_consistent_subset", "algorithm_a"):
        _, document, _ = evaluated(monkeypatch, values, way)
        _, sorted_, _ = evaluated(monkeypatch, sorted(values), way)
        here, there = document["artefacts"][0], sorted_["artefacts"][0]
        assert float(here["assigned"]["value"]) == pytest.approx(float(there["assigned"]["value"]), rel=1e-12)
        by_value = {row["measured_value"]: row["contributes"] for row in there["rows"]}
        assert {row["measured_value"]: row["contributes"] for row in here["rows"]} == by_value


@QUICK
@given(factor=st.sampled_from([2, 5, 10, 1000]))
@pytest.mark.parametrize("way", ["weighted_mean", "largest_consistent_subset", "algorithm_a"])
def test_another_unit_changes_no_score(monkeypatch, way, factor):
    values = [("10", "0.2"), ("10.2", "0.4"), ("9.9", "0.2"), ("13", "0.2")]
    larger = [(str(float(x) * factor), str(float(u) * factor)) for x, u in values]
    _, one, _ = evaluated(monkeypatch, values, way)
    _, other, _ = evaluated(monkeypatch, larger, way)
    for place in range(len(values)):
        here, there = scores(one, place), scores(other, place)
        assert here.keys() == there.keys()
        for name, (score, verdict) in here.items():
            assert there[name] == (pytest.approx(score, rel=1e-9, abs=1e-12), verdict)


def test_the_digest_is_of_the_document_and_the_document_has_no_binary_numbers(monkeypatch):
    _, document, digest = evaluated(monkeypatch, SETS[0], **{SIGMA: "0.500"})
    assert digest == sha256_hex(canonical_json(document))
    assert json.loads(json.dumps(document)) == document
    assert not [
        word
        for word in json.dumps(document, ensure_ascii=False).split()
        if word.rstrip(",]}").endswith("NaN")
    ]
    assert document["standard_deviation_for_assessment"] == "0.500"
    again = evaluated(monkeypatch, SETS[0], **{SIGMA: "0.500"})[2]
    assert again == digest
    changed = [("10.0", "2"), *SETS[0][1:]]
    assert evaluated(monkeypatch, changed, **{SIGMA: "0.500"})[2] != digest


def turned(points):
    a, b = (median([p[i] for p in points]) for i in (0, 1))
    along = [(x - a + y - b) / math.sqrt(2) for x, y in points]
    across = [(y - b - x + a) / math.sqrt(2) for x, y in points]
    return along, across


def deviation(values):
    mean = sum(values) / len(values)
    return math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))


YOUDEN = [
    [(1, 2), (2, 3), (3, 4), (4, 9)],
    [(10, 10.1), (10.2, 10.0), (9.9, 10.0), (10.1, 10.3), (12, 12.1)],
]


@pytest.mark.parametrize("points", YOUDEN)
def test_the_youden_plot_by_turning_the_axes(monkeypatch, points):
    first, second = ([(str(p[i]), "1") for p in points] for i in (0, 1))
    _, document, _ = evaluated(monkeypatch, first, second=second)
    plot = document["youden"]
    along, across = turned(points)
    assert float(plot["sd_along"]) == pytest.approx(deviation(along), rel=1e-12)
    assert float(plot["sd_across"]) == pytest.approx(deviation(across), rel=1e-12)
    radius = deviation(across) * math.sqrt(-2 * math.log(0.05))
    assert float(plot["radius"]) == pytest.approx(radius, rel=1e-12)
    beyond = [code for code, t, p in zip("ABCDE", along, across, strict=False) if math.hypot(t, p) > radius]
    assert plot["outside"] == beyond


def test_a_laboratory_without_the_second_artefact_is_in_no_plot_but_in_its_table(monkeypatch):
    first = [("1", "1"), ("2", "1"), ("3", "1"), ("4", "1")]
    _, document, _ = evaluated(monkeypatch, first, second=[("2", "1"), (), ("4", "1"), ("5", "1")])
    assert document["youden"]["codes"] == ["A", "C", "D"]
    assert document["youden"]["second"] == ["2", "4", "5"]
    assert [[row["code"] for row in each["rows"]] for each in document["artefacts"]] == [
        list("ABCD"),
        list("ACD"),
    ]
    _, fewer, _ = evaluated(monkeypatch, first, second=[("2", "1"), (), ("4", "1")])
    assert fewer["youden"] is None
