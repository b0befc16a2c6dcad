"""The evaluation of rounds: published numbers, sums by hand, laws of degrees of equivalence, and the report as data."""

from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.functions.comparison_world import BARE_WEIGHT, SECOND_WEIGHT, WEIGHT, Desk

from jialiang.base.comparison_rounds import errors
from jialiang.base.comparison_rounds.facts import ArtefactFacts
from jialiang.base.comparison_rounds.selectors import comparison_round
from jialiang.functions import comparison_rounds as verbs
from jialiang.information.comparison_evaluation import evaluation_of
from jialiang.information.comparison_report import COLUMNS, report_of, report_table
from jialiang.kernel.text import Text
from jialiang.science.solving import ModelUnsuitable

pytestmark = pytest.mark.django_db
AMC_BRIEF_6 = ("4.5", "4.9", "5.6", "4.2", "6.2", "5.2", "9.9")


@pytest.fixture
def desk(in_tenant, now) -> Desk:
    return Desk(in_tenant.id, now)


def first_artefact(row):
    return evaluation_of(row)[0]["artefacts"][0]


def scores(row, place=0):
    return {each["name"]: float(each["score"]) for each in first_artefact(row)["rows"][place]["scores"]}


@pytest.mark.parametrize(
    ("value", "u", "reference", "u_ref", "en", "verdict"),
    [
        ("10.012", "0.01", "10.0", "0.006", 1.028991510855092, "unsatisfactory"),
        ("99.85", "0.08", "100.0", "0.05", -1.5899968200096002, "unsatisfactory"),
        ("-0.0171", "0.0012", "-0.016", "0.0009", -0.7333333333333336, "satisfactory"),
        ("1.00005", "2e-05", "1.0", "2e-05", 1.7677669529700992, "unsatisfactory"),
        ("50.0", "0.1", "50.0", "0.1", 0.0, "satisfactory"),
    ],
)
def test_e_n_and_zeta_against_a_reference_laboratory(desk, value, u, reference, u_ref, en, verdict):
    artefact = ArtefactFacts(name=WEIGHT.name, assigned_value=reference, expanded_uncertainty=u_ref)
    row = desk.measured([(value, u)], "reference", artefacts=[artefact])
    found = scores(row)
    assert found["en"] == pytest.approx(en, rel=1e-10, abs=1e-15)
    assert found["zeta"] == pytest.approx(2 * en, rel=1e-10, abs=1e-15)
    line = first_artefact(row)["rows"][0]
    assert line["scores"][0]["verdict"] == verdict
    assert float(line["difference"]) / float(line["difference_uncertainty"]) == pytest.approx(en, rel=1e-9)


def test_e_n_takes_each_u_as_stated_whatever_its_k(desk):
    artefact = ArtefactFacts(
        name=WEIGHT.name, assigned_value="10", expanded_uncertainty="4", coverage_factor="2.5"
    )
    row = desk.open("reference", [artefact])
    desk.enrol(row, "A")
    desk.enter(row, "A", "15", "3", "3")
    found = scores(row)
    assert found["en"] == pytest.approx(1.0)
    assert found["zeta"] == pytest.approx(5 / math.hypot(1.0, 1.6))


def test_the_robust_mean_is_that_of_amc_technical_brief_6(desk):
    row = desk.measured([(value, "") for value in AMC_BRIEF_6], "algorithm_a")
    found = first_artefact(row)
    assert float(found["assigned"]["value"]) == pytest.approx(5.386489230094951, rel=1e-8)
    assert float(found["robust_standard_deviation"]) == pytest.approx(1.145956920381033, rel=1e-8)
    assert float(found["assigned"]["standard_uncertainty"]) == pytest.approx(0.5414137543788675, rel=1e-8)
    assert [each["scores"] for each in found["rows"]] == [[]] * 7
    assert [each["difference_uncertainty"] for each in found["rows"]] == [""] * 7


def test_with_sigma_pt_z_is_scored_and_z_prime_where_the_assigned_value_is_uncertain(desk):
    wide = desk.measured(
        [(value, "") for value in AMC_BRIEF_6], "algorithm_a", standard_deviation_for_assessment="1"
    )
    found = scores(wide, 6)
    assert found["z"] == pytest.approx(9.9 - 5.386489230094951, rel=1e-8)
    assert found["zprime"] == pytest.approx((9.9 - 5.386489230094951) / math.hypot(1, 0.5414137543788675), rel=1e-8)
    verdicts = {each["name"]: each["verdict"] for each in first_artefact(wide)["rows"][6]["scores"]}
    assert verdicts == {"z": "unsatisfactory", "zprime": "unsatisfactory"}
    sharp = desk.measured([("10.012", "0.01")], "reference", standard_deviation_for_assessment="0.02")
    assert set(scores(sharp)) == {"en", "zeta", "z"}
    assert scores(sharp)["z"] == pytest.approx(0.6)


def test_the_weighted_mean_and_its_test_by_hand(desk):
    """x = 10, 12, 20 with u = 1, 1, 2: weights 4:4:1, mean 12, χ² = 4 + 0 + 16, ν = 2."""
    row = desk.measured([("10", "2"), ("12", "2"), ("20", "4")])
    found = first_artefact(row)
    assert float(found["assigned"]["value"]) == pytest.approx(12.0)
    assert float(found["assigned"]["standard_uncertainty"]) == pytest.approx(2 / 3)
    test = found["consistency"]
    assert float(test["chi_squared"]) == pytest.approx(20.0)
    assert test["degrees_of_freedom"] == 2
    assert float(test["probability"]) == pytest.approx(math.exp(-10.0))
    assert test["is_consistent"] is False
    assert [float(each["difference"]) for each in found["rows"]] == pytest.approx([-2.0, 0.0, 8.0])
    wide = [float(each["difference_uncertainty"]) for each in found["rows"]]
    assert wide == pytest.approx([2 * math.sqrt(5 / 9), 2 * math.sqrt(5 / 9), 2 * math.sqrt(32 / 9)])
    assert all(each["contributes"] for each in found["rows"])


def test_the_largest_consistent_subset_leaves_the_outlier_out_and_widens_its_degree(desk):
    row = desk.measured([("10", "2"), ("12", "2"), ("20", "4")], "largest_consistent_subset")
    found = first_artefact(row)
    assert float(found["assigned"]["value"]) == pytest.approx(11.0)
    assert [each["contributes"] for each in found["rows"]] == [True, True, False]
    assert found["consistency"]["is_consistent"] is True
    outsider = found["rows"][2]
    assert float(outsider["difference_uncertainty"]) == pytest.approx(2 * math.sqrt(4 + 0.5))
    assert scores(row, 2)["en"] == pytest.approx(9 / (2 * math.sqrt(4.5)))


def test_where_no_two_agree_there_is_no_subset_and_nothing_is_kept(desk):
    row = desk.measured([("10", "0.1"), ("12", "0.1"), ("20", "0.1")], "largest_consistent_subset")
    with pytest.raises(ModelUnsuitable):
        verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now)
    stored = comparison_round(row.id)
    assert (stored.state, stored.evaluation) == ("measuring", None)


def test_two_artefacts_are_evaluated_each_and_drawn_against_each_other(desk):
    row = desk.open("algorithm_a", [BARE_WEIGHT, SECOND_WEIGHT])
    for code, first, second in (("A", "1", "2"), ("B", "2", "3"), ("C", "3", "4"), ("D", "4", "")):
        desk.enrol(row, code)
        desk.enter(row, code, first)
        if second:
            desk.enter(row, code, second, artefact=2)
    document, _ = evaluation_of(row)
    assert [len(each["rows"]) for each in document["artefacts"]] == [4, 3]
    assert [each["position"] for each in document["artefacts"]] == [1, 2]
    plot = document["youden"]
    assert plot["codes"] == ["A", "B", "C"]
    assert (plot["first"], plot["second"]) == (["1", "2", "3"], ["2", "3", "4"])
    assert float(plot["sd_along"]) == pytest.approx(math.sqrt(2))
    assert float(plot["radius"]) == pytest.approx(0.0, abs=1e-12)


def test_a_youden_plot_needs_three_laboratories_with_both_artefacts(desk):
    row = desk.open("weighted_mean", [BARE_WEIGHT, SECOND_WEIGHT])
    for code in "AB":
        desk.enrol(row, code)
        for place in (1, 2):
            desk.enter(row, code, "1", "1", artefact=place)
    assert evaluation_of(row)[0]["youden"] is None
    assert evaluation_of(desk.measured())[0]["youden"] is None


def test_differences_carry_no_binary_noise(desk):
    row = desk.measured([("1.00005", "0.00002")], "reference", artefacts=[
        ArtefactFacts(name=WEIGHT.name, assigned_value="1.0", expanded_uncertainty="0.00002")
    ])  # fmt: skip
    assert first_artefact(row)["rows"][0]["difference"] in {"5e-05", "0.00005"}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 40)), min_size=2, max_size=5),
    shift=st.integers(-1000, 1000),
)
def test_moving_the_zero_moves_the_reference_value_and_nothing_else(desk, values, shift):
    def evaluated(by: int):
        row = desk.measured([(str(x + by), str(u)) for x, u in values])
        return first_artefact(row)

    here, there = evaluated(0), evaluated(shift)
    assert float(there["assigned"]["value"]) == pytest.approx(float(here["assigned"]["value"]) + shift, abs=1e-9)
    for one, other in zip(here["rows"], there["rows"], strict=True):
        assert float(one["difference"]) == pytest.approx(float(other["difference"]), abs=1e-9)
        assert float(one["difference_uncertainty"]) == pytest.approx(float(other["difference_uncertainty"]))
    weights = [1 / u**2 for _, u in values]
    total = sum(w * float(each["difference"]) for w, each in zip(weights, here["rows"], strict=True))
    assert total / sum(weights) == pytest.approx(0.0, abs=1e-9)


def test_the_report_holds_what_was_evaluated_and_who_reported_it(desk):
    row = desk.reported()
    found = report_of(row)
    assert (found["number"], found["state"]) == (row.number, "reported")
    assert found["reported_by_name"] == desk.manager.name.zh
    assert found["reported_at"] == desk.now.isoformat()
    assert found["evaluation"] == row.evaluation
    assert found["evaluation_digest"] == row.evaluation_digest
    seen = desk.evaluated()
    assert report_of(seen)["reported_at"] is None


def test_there_is_no_report_before_the_evaluation(desk):
    for row in (desk.open(), desk.measured()):
        with pytest.raises(errors.RoundStateForbids) as refused:
            report_of(row)
        assert refused.value.facts["allowed"].zh == "已评定、已报告"
        with pytest.raises(errors.RoundStateForbids):
            report_table(row)


def test_the_table_has_a_row_a_result_with_every_number_as_it_is_kept(desk):
    row = desk.reported([("10", "2"), ("12", "2"), ("20", "4")])
    lines = list(csv.DictReader(io.StringIO(report_table(row))))
    assert tuple(lines[0]) == COLUMNS
    assert [line["code"] for line in lines] == ["A", "B", "C"]
    third, kept = lines[2], row.evaluation["artefacts"][0]["rows"][2]
    assert third["measured_value"] == "20"
    assert third["difference"] == kept["difference"]
    assert third["en"] == kept["scores"][0]["score"]
    assert (third["z"], third["contributes"], third["unit"]) == ("", "yes", "\\milli\\gram")


def test_a_name_cannot_be_a_formula_of_a_spreadsheet(desk):
    row = desk.open("reference")
    facts = verbs.ParticipantFacts(name=Text("=HYPERLINK(1)", "+cmd"), code="@1")
    added = verbs.enrol(actor=desk.manager, round_id=row.id, facts=facts, now=desk.now)
    result = verbs.ResultFacts(measured_value="-1", expanded_uncertainty="1")
    verbs.enter_result(
        actor=desk.technician, participant_id=added.id, artefact=1, facts=result, now=desk.now
    )
    done = verbs.evaluate(actor=desk.technician, round_id=row.id, now=desk.now)
    (line,) = csv.DictReader(io.StringIO(report_table(done)))
    assert (line["participant_zh"], line["participant_en"], line["code"]) == ("'=HYPERLINK(1)", "'+cmd", "'@1")
    assert line["measured_value"] == "-1"
