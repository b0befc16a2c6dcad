"""What a round, its artefacts, participants and results may say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.functions.comparison_world import BARE_WEIGHT, MASS, SECOND_WEIGHT, WEIGHT

from jialiang.base.comparison_rounds import errors
from jialiang.base.comparison_rounds.facts import (
    ParticipantFacts,
    ResultFacts,
    artefact_columns,
    participant_columns,
    result_columns,
    round_columns,
)
from jialiang.kernel.text import Text


def test_all_that_a_round_lacks_is_named_at_once_in_both_languages():
    empty = replace(MASS, name=Text(), quantity=Text("", "mass"), unit=" ", assigned_by="")
    with pytest.raises(errors.RoundIncomplete) as refused:
        round_columns(empty)
    assert refused.value.facts["members"].zh == "名称、量、计量单位、指定值的来源"
    assert refused.value.facts["members"].en == "name, quantity, unit, source of the assigned value"


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"unit": "\\furlong"}, "计量单位"),
        ({"unit": "mg?"}, "计量单位"),
        ({"assigned_by": "vote"}, "指定值的来源"),
        ({"standard_deviation_for_assessment": "0"}, "能力评定标准差 σ_pt"),
        ({"standard_deviation_for_assessment": "-1"}, "能力评定标准差 σ_pt"),
        ({"standard_deviation_for_assessment": "much"}, "能力评定标准差 σ_pt"),
        ({"name": Text("名" * 101)}, "名称"),
        ({"note": "a\tb"}, "备注"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_member(changes, member):
    with pytest.raises(errors.RoundMember) as refused:
        round_columns(replace(MASS, **changes))
    assert refused.value.facts["member"].zh == member


def test_numbers_keep_every_digit_as_entered():
    written = round_columns(replace(MASS, standard_deviation_for_assessment=" 0.500 "))
    assert written["standard_deviation_for_assessment"] == "0.500"
    (artefact,) = artefact_columns([replace(WEIGHT, assigned_value="+10.000")], "reference")
    assert (artefact["assigned_value"], artefact["expanded_uncertainty"]) == ("10.000", "0.006")
    result = result_columns(ResultFacts(measured_value="−0.0171", expanded_uncertainty="0.00120"), "reference")
    assert (result["measured_value"], result["expanded_uncertainty"]) == ("-0.0171", "0.00120")


def test_a_round_has_one_or_two_artefacts():
    assert len(artefact_columns([BARE_WEIGHT, SECOND_WEIGHT], "weighted_mean")) == 2
    with pytest.raises(errors.RoundIncomplete):
        artefact_columns([], "weighted_mean")
    with pytest.raises(errors.RoundMember) as refused:
        artefact_columns([BARE_WEIGHT] * 3, "weighted_mean")
    assert refused.value.facts["given"] == "3"


def test_a_reference_laboratory_states_value_and_u_and_k_is_two_unless_stated():
    for lacking in ("assigned_value", "expanded_uncertainty"):
        with pytest.raises(errors.RoundIncomplete):
            artefact_columns([replace(WEIGHT, **{lacking: ""})], "reference")
    (written,) = artefact_columns([replace(WEIGHT, coverage_factor="")], "reference")
    assert written["coverage_factor"] == "2"
    (written,) = artefact_columns([replace(WEIGHT, coverage_factor="2.13")], "reference")
    assert written["coverage_factor"] == "2.13"


@pytest.mark.parametrize("assigned_by", ["weighted_mean", "largest_consistent_subset", "algorithm_a"])
def test_a_value_from_the_participants_is_not_stated_beforehand(assigned_by):
    for member in ("assigned_value", "expanded_uncertainty", "coverage_factor"):
        with pytest.raises(errors.RoundMember) as refused:
            artefact_columns([replace(BARE_WEIGHT, **{member: "2"})], assigned_by)
        assert "参加者" in refused.value.facts["reason"].zh


@pytest.mark.parametrize("assigned_by", ["reference", "weighted_mean", "largest_consistent_subset"])
def test_every_result_states_its_u_where_the_evaluation_needs_it(assigned_by):
    with pytest.raises(errors.UncertaintyMissing) as refused:
        result_columns(ResultFacts(measured_value="1"), assigned_by)
    assert refused.value.facts["member"].en == "expanded uncertainty U"
    written = result_columns(ResultFacts(measured_value="1"), "algorithm_a")
    assert (written["expanded_uncertainty"], written["coverage_factor"]) == ("", "")


@pytest.mark.parametrize(
    "facts",
    [
        ResultFacts(measured_value="1,5", expanded_uncertainty="1"),
        ResultFacts(measured_value="ten", expanded_uncertainty="1"),
        ResultFacts(measured_value="1", expanded_uncertainty="0"),
        ResultFacts(measured_value="1", expanded_uncertainty="-0.1"),
        ResultFacts(measured_value="1", expanded_uncertainty="1", coverage_factor="0"),
        ResultFacts(measured_value="1", coverage_factor="2"),
        ResultFacts(measured_value="1" * 61, expanded_uncertainty="1"),
    ],
)
def test_a_result_that_is_no_result_is_refused(facts):
    with pytest.raises(errors.RoundMember):
        result_columns(facts, "algorithm_a")


def test_a_result_needs_its_value():
    with pytest.raises(errors.RoundIncomplete) as refused:
        result_columns(ResultFacts(measured_value=" ", expanded_uncertainty="1"), "reference")
    assert refused.value.facts["members"].en == "measured value"


def test_a_participant_has_a_name_and_the_code_given_or_the_next():
    facts = ParticipantFacts(name=Text("某院", "Some institute"))
    assert participant_columns(facts, "L07")["code"] == "L07"
    assert participant_columns(replace(facts, code=" X "), "L07")["code"] == "X"
    with pytest.raises(errors.RoundMember):
        participant_columns(replace(facts, code="X" * 21), "L07")
    with pytest.raises(errors.RoundIncomplete):
        participant_columns(ParticipantFacts(code="X"), "L07")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**6), max_value=10**6))
def test_any_decimal_is_kept_exactly(number):
    text = format(number, "f")
    written = result_columns(ResultFacts(measured_value=text, expanded_uncertainty="0.1"), "reference")
    assert written["measured_value"] == text


def test_every_refusal_has_words_in_both_languages():
    attempts = (
        lambda: round_columns(replace(MASS, unit="")),
        lambda: round_columns(replace(MASS, unit="\\furlong")),
        lambda: result_columns(ResultFacts(measured_value="1"), "reference"),
    )
    for attempt in attempts:
        with pytest.raises(errors.InvalidInput) as refused:
            attempt()
        error = refused.value
        for words in (error.what, error.rule, error.way_out):
            assert words.zh
            assert words.en
            assert "{" not in words.zh + words.en
