"""Laws of decisions, rounding, charts and chains: units, order and copies change nothing, and doubt never helps."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.science.chain import ChainLink, ChainNode, Finding, examine_chain
from jialiang.science.charts.check_standard import baseline_of, beyond, check_standard_chart
from jialiang.science.decisions.statements import (
    Limits,
    conformance_probability,
    decide,
    nonconformance,
    worst,
)
from jialiang.science.errors import (
    LimitsInconsistent,
    ParameterNotAllowed,
    TooFewObservations,
)
from jialiang.science.rounding import MINUS_SIGN, reported, rounded_to_place, signed, typeset
from jialiang.science.units import convert

bounded = settings(max_examples=60, deadline=None)
# --- decisions -----------------------------------------------------------------------------------------------

PLACES = st.decimals(-100, 100, places=3)
OUTCOMES = ("pass", "conditionalPass", "conditionalFail", "fail")


@bounded
@given(PLACES, PLACES, st.decimals("0.001", 100, places=3), st.decimals(0, 10, places=3))
def test_moving_value_and_limits_alike_changes_no_decision(measured, lower, width, guard):
    for rule in ("simple", "guarded", "non_binary"):
        here = decide(measured, Limits(lower, lower + width), rule=rule, guard_band=guard)
        there = decide(measured + 7, Limits(lower + 7, lower + width + 7), rule=rule, guard_band=guard)
        assert here == there


@bounded
@given(
    PLACES,
    PLACES,
    st.decimals("0.001", 100, places=3),
    st.decimals(0, 10, places=3),
    st.sampled_from(["\\milli", ""]),
)
def test_a_decision_is_the_same_in_every_unit(measured, lower, width, guard, prefix):
    def to(number):
        return convert(number, source="\\metre", target=f"{prefix}\\metre")

    for rule in ("simple", "guarded", "non_binary"):
        here = decide(measured, Limits(lower, lower + width), rule=rule, guard_band=guard)
        there = decide(to(measured), Limits(to(lower), to(lower + width)), rule=rule, guard_band=to(guard))
        assert here.outcome == there.outcome


@bounded
@given(PLACES, st.decimals("0.001", 50, places=3), st.decimals(0, 10, places=3), st.decimals(0, 10, places=3))
def test_a_value_nearer_to_the_middle_is_never_judged_worse(measured, mpe, guard, nearer):
    limits = Limits.symmetric(mpe)
    closer = max(abs(measured) - nearer, Decimal(0)).copy_sign(measured)
    for rule in ("simple", "guarded", "non_binary"):
        far, near = (decide(m, limits, rule=rule, guard_band=guard).outcome for m in (measured, closer))
        assert OUTCOMES.index(near) <= OUTCOMES.index(far)


@bounded
@given(st.floats(-3, 3), st.floats(0.01, 2), st.floats(1, 3))
def test_wider_limits_conform_more_probably_and_one_limit_more_than_two(measured, u, more):
    narrow = conformance_probability(measured, u, Limits(Decimal(-1), Decimal(1)))
    wide = conformance_probability(measured, u, Limits(Decimal(-1) * Decimal(str(more)), Decimal(str(more))))
    single = conformance_probability(measured, u, Limits(upper=Decimal(1)))
    assert 0 <= narrow <= min(wide, single) + 1e-12
    below, above = nonconformance(measured, u, Limits(Decimal(-1), Decimal(1)))
    assert narrow == pytest.approx(1 - below - above, abs=1e-12)


@given(st.lists(st.sampled_from(OUTCOMES), min_size=1))
def test_the_worst_outcome_does_not_depend_on_order_or_repetition(outcomes):
    assert worst(tuple(outcomes)) == worst(tuple(reversed(outcomes))) == worst(tuple(set(outcomes)))
    assert worst((*outcomes, "fail")) == "fail"
    assert worst(tuple(outcomes)) in outcomes


def test_no_outcome_at_all_is_no_pass():
    with pytest.raises(LimitsInconsistent):
        worst(())


# --- rounding ------------------------------------------------------------------------------------------------


@given(PLACES, st.integers(-6, 3), st.sampled_from(["half_even", "half_up"]))
def test_rounding_a_negative_number_mirrors_rounding_its_opposite(number, place, rule):
    text, mirrored = (rounded_to_place(n, place, rule=rule) for n in (number, -number))
    assert Decimal(text) == -Decimal(mirrored)
    assert text.lstrip("-") == mirrored.lstrip("-")


@given(PLACES, PLACES, st.integers(-3, 2))
def test_rounding_keeps_the_order_of_numbers(one, other, place):
    low, high = sorted([one, other])
    assert Decimal(rounded_to_place(low, place)) <= Decimal(rounded_to_place(high, place))


@bounded
@given(PLACES, st.decimals("0.0001", 10, places=4), st.sampled_from([1, 2]))
def test_value_and_uncertainty_are_reported_to_one_place(value, uncertainty, digits):
    found = reported(value, uncertainty, digits=digits)
    places = [len(text.partition(".")[2]) for text in (found.value_text, found.uncertainty_text)]
    assert places[0] == places[1]
    assert abs(Decimal(found.value_text) - value) <= Decimal(found.uncertainty_text) / 2


@given(PLACES)
def test_signs_are_shown_for_people_and_taken_back(number):
    text = f"{number:f}"
    shown = typeset(signed(text))
    assert Decimal(shown.replace(MINUS_SIGN, "-")) == number
    assert (shown[0] in "+" + MINUS_SIGN) is (number != 0)
    assert "-" not in shown


# --- charts --------------------------------------------------------------------------------------------------


@bounded
@given(
    st.lists(st.integers(-1000, 1000), min_size=3, max_size=20).filter(lambda v: len(set(v)) > 1),
    st.integers(1, 9),
)
def test_a_chart_in_another_unit_points_at_the_same_observations(values, factor):
    baseline = baseline_of(values[: max(3, len(values) // 2)] + [min(values), max(values)])
    times = list(range(len(values)))
    here = check_standard_chart(times, values, baseline)
    other = replace(
        baseline, centre=baseline.centre * factor, standard_deviation=baseline.standard_deviation * factor
    )
    there = check_standard_chart(times, [v * factor for v in values], other)
    assert (there.outside, there.warned) == (here.outside, here.warned)
    assert there.drift_is_significant == here.drift_is_significant
    assert set(here.outside) == set(beyond(values, here.action_limits))
    assert set(here.warned) | set(here.outside) == set(beyond(values, here.warning_limits))


def test_distances_are_counted_in_standard_deviations_with_their_sign():
    baseline = baseline_of([9.0, 10.0, 11.0])
    assert (baseline.centre, baseline.standard_deviation) == (10.0, 1.0)
    assert [baseline.distance(x) for x in (7.0, 10.0, 12.5)] == [-3.0, 0.0, 2.5]
    assert baseline.limits(2.0) == (8.0, 12.0)
    with pytest.raises(ParameterNotAllowed):
        baseline.limits(0.0)
    with pytest.raises(TooFewObservations):
        baseline_of([1.0])


# --- chains --------------------------------------------------------------------------------------------------

TODAY = date(2026, 6, 16)
NAMES = st.sampled_from("abcdef")
LINKS = st.lists(st.builds(ChainLink, NAMES, NAMES), max_size=10)


def node(key, *, origin=False, u="0.1", until=None, number="C-1"):
    return ChainNode(
        key, Text(f"标准{key}", f"standard {key}"), certificate_number=number, valid_until=until,
        expanded_uncertainty=u, unit="\\kelvin", is_origin=origin,
    )  # fmt: skip


@bounded
@given(LINKS, st.randoms())
def test_the_order_of_nodes_and_links_changes_no_verdict(links, chance):
    nodes = [node(key, origin=key == "f") for key in "abcdef"]
    here = examine_chain(nodes, links, start="a", on=TODAY)
    chance.shuffle(nodes)
    shuffled = list(links)
    chance.shuffle(shuffled)
    there = examine_chain(nodes, shuffled, start="a", on=TODAY)
    assert there.is_unbroken == here.is_unbroken
    assert there.steps_up == here.steps_up
    assert {(f.kind, f.node) for f in there.findings if f.kind != "loop"} == {
        (f.kind, f.node) for f in here.findings if f.kind != "loop"
    }
    assert any(f.kind == "loop" for f in there.findings) == any(f.kind == "loop" for f in here.findings)


@bounded
@given(LINKS)
def test_a_chain_is_unbroken_exactly_if_every_way_up_ends_at_an_origin(links):
    nodes = [node(key, origin=key == "f") for key in "abcdef"]
    above = {key: {link.upper for link in links if link.lower == key} for key in "abcdef"}

    def ends_well(key, way):
        if key in way:
            return False
        if not above[key]:
            return key == "f"
        return all(ends_well(upper, {*way, key}) for upper in above[key])

    assert examine_chain(nodes, links, start="a", on=TODAY).is_unbroken is ends_well("a", set())


@bounded
@given(LINKS, st.sampled_from("bcdef"))
def test_what_is_not_on_the_way_up_does_not_matter(links, key):
    nodes = [node(k, origin=k == "f") for k in "abcdef"]
    here = examine_chain(nodes, links, start="a", on=TODAY)
    if key in here.steps_up:
        return
    without = examine_chain([n for n in nodes if n.key != key], links, start="a", on=TODAY)
    assert without == here


@pytest.mark.parametrize(("days", "unbroken"), [(-1, True), (0, True), (1, False)])
def test_one_expired_certificate_anywhere_breaks_the_chain_from_the_next_day_on(days, unbroken):
    for late in "bcd":
        nodes = [node(key, origin=key == "d", until=TODAY if key == late else None) for key in "abcd"]
        links = [ChainLink("a", "b"), ChainLink("b", "c"), ChainLink("c", "d")]
        found = examine_chain(nodes, links, start="a", on=TODAY + timedelta(days=days))
        assert found.is_unbroken is unbroken
        if not unbroken:
            (finding,) = found.findings
            assert (finding.kind, finding.node, finding.since) == ("expired", late, TODAY)
            assert TODAY.isoformat() in finding.text.zh
            assert TODAY.isoformat() in finding.text.en


@pytest.mark.parametrize(
    ("kind", "breaks"),
    [("unknown_link", True), ("gap", True), ("loop", True), ("no_certificate", True), ("not_yet_valid", True),
     ("expired", True), ("no_uncertainty", False), ("units_differ", False), ("gains_certainty", False)],
)  # fmt: skip
def test_only_doubts_about_uncertainty_leave_a_chain_standing(kind, breaks):
    assert Finding(kind, "a", Text()).breaks_chain is breaks


@given(st.decimals("0.001", 10, places=3), st.decimals("0.001", 10, places=3))
def test_certainty_is_gained_exactly_if_the_lower_claims_less(lower, upper):
    nodes = [node("a", u=str(lower)), node("b", u=str(upper), origin=True)]
    found = examine_chain(nodes, [ChainLink("a", "b")], start="a", on=TODAY)
    assert [f.kind for f in found.findings] == (["gains_certainty"] if upper > lower else [])
    assert found.is_unbroken
