"""Numbers, units and budgets that nobody measures but somebody sends: an answer or an error of ours, and soon."""

import math
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, InputQuantity, budget_from_plain, budget_to_plain
from jialiang.science.chain import ChainLink, ChainNode, examine_chain
from jialiang.science.decimal_text import MAX_DIGITS, MAX_EXPONENT, read_decimal
from jialiang.science.distributions import Normal
from jialiang.science.errors import (
    DecimalComma,
    NotANumber,
    NumberOutOfBounds,
    ParameterNotAllowed,
    UnitSyntax,
)
from jialiang.science.evaluation import evaluate
from jialiang.science.propagation import propagate
from jialiang.science.rounding import as_decimal, reported, rounded_to_place, signed
from jialiang.science.units import convert, known_units, parse_unit

ABSURD = [
    "1e331",
    "-1e331",
    "1e-331",
    "1e99999999",
    "-1e-99999999",
    "0e99999999",
    "0e-99999999",
    "0e331",
    "0e-331",
]


@pytest.mark.parametrize("text", ABSURD)
def test_numbers_of_absurd_size_are_refused_at_once_also_where_they_are_zero(text):
    for use in (as_decimal, signed, lambda t: rounded_to_place(t, -2), lambda t: reported(t, "0.1")):
        start = time.perf_counter()
        with pytest.raises(NumberOutOfBounds):
            use(text)
        assert time.perf_counter() - start < 0.5
    with pytest.raises(NumberOutOfBounds):
        convert(text, source="\\metre", target="\\kilo\\metre")


@pytest.mark.parametrize("text", ["1e330", "9e330", "1e-330", "-1e330", "0e330", "0e-330", "0.000", "0"])
def test_the_largest_and_the_smallest_exponents_are_still_numbers(text):
    assert as_decimal(text) == Decimal(text)


@pytest.mark.parametrize("junk", ["", "abc", "NaN", "sNaN", "inf", "-Infinity", "1,5", "1 2", "--1"])
def test_what_is_no_number_is_not_converted(junk):
    with pytest.raises(NotANumber):
        convert(junk, source="\\metre", target="\\kilo\\metre")


@pytest.mark.parametrize("difference", [True, False])
def test_a_float_is_converted_by_the_text_that_people_read(difference):
    assert convert(0.1, source="\\metre", target="\\milli\\metre", difference=difference) == Decimal(100)


@pytest.mark.parametrize(
    ("unit", "token"),
    [
        ("\\yotta\\metre\\tothe{99.5}", "\\tothe{99.5}"),
        ("\\yocto\\metre\\tothe{99.5}", "\\tothe{99.5}"),
        ("\\per\\yocto\\metre\\tothe{99.5}", "\\tothe{99.5}"),
        ("\\metre\\tothe{0}", "\\tothe{0}"),
        ("\\metre\\tothe{-0.0}", "\\tothe{-0.0}"),
    ],
)
def test_powers_that_no_float_holds_are_refused_with_their_place(unit, token):
    with pytest.raises(UnitSyntax) as refused:
        parse_unit(unit)
    assert refused.value.facts == {"unit": unit, "token": token}


WHOLE_POWERS = st.integers(-12, 12).filter(bool)
FRACTIONS = st.sampled_from(["0.5", "1.5", "-0.5", "2.25", "99.5", "-99.5", "0.001", "999.999"])
PREFIXES = st.sampled_from(["", "\\yotta", "\\yocto", "\\kilo", "\\milli"])


@given(
    PREFIXES,
    st.sampled_from(["\\metre", "\\gram", "\\day", "\\electronvolt"]),
    WHOLE_POWERS.map(str) | FRACTIONS,
)
def test_any_power_of_any_prefix_has_a_factor_above_zero_or_is_refused(prefix, unit, power):
    try:
        found = parse_unit(f"{prefix}{unit}\\tothe{{{power}}}")
    except UnitSyntax:
        return
    assert found.factor > 0
    assert convert(1, source=found.dsi, target=found.dsi) == 1


@given(PREFIXES, PREFIXES, WHOLE_POWERS)
def test_prefixes_to_a_power_are_powers_of_ten(one, other, power):
    exponents = {"": 0, "\\yotta": 24, "\\yocto": -24, "\\kilo": 3, "\\milli": -3}
    shift = (exponents[one] - exponents[other]) * power
    source, target = (f"{prefix}\\metre\\tothe{{{power}}}" for prefix in (one, other))
    assert convert(1, source=source, target=target) == Decimal(1).scaleb(shift)


@given(st.sampled_from(known_units()), st.sampled_from(known_units()), st.decimals(-1000, 1000, places=4))
def test_units_convert_there_and_back_or_not_at_all(source, target, number):
    if parse_unit(source).dimension != parse_unit(target).dimension:
        return
    for difference in (True, False):
        there = convert(number, source=source, target=target, difference=difference)
        back = convert(there, source=target, target=source, difference=difference)
        assert abs(back - number) <= Decimal("1e-35") * max(1, abs(number))


@pytest.mark.parametrize("uncertainty", ["1e99999999", "about 0.1", "NaN", "0.1 K"])
def test_a_chain_with_a_claim_that_is_no_number_ends_in_an_error_of_ours(uncertainty):
    nodes = [
        ChainNode("low", Text(en="low"), expanded_uncertainty="0.1", unit="\\kelvin", is_origin=False),
        ChainNode("high", Text(en="high"), expanded_uncertainty=uncertainty, unit="\\kelvin", is_origin=True),
    ]
    with pytest.raises(JialiangError):
        examine_chain(nodes, [ChainLink("low", "high")], start="low", on=date(2026, 6, 16))


# --- typed numbers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("digits", "allowed"), [(MAX_DIGITS, True), (MAX_DIGITS + 1, False)])
@pytest.mark.parametrize("point", [0, 1, 20])
def test_forty_digits_may_be_typed_and_not_one_more(digits, allowed, point):
    text = "1" * (digits - point) + ("." + "2" * point if point else "")
    if allowed:
        assert read_decimal(text).text == text
    else:
        with pytest.raises(NumberOutOfBounds):
            read_decimal(text)


@pytest.mark.parametrize("sign", ["", "+", "-"])
def test_exponents_reach_to_fifty_either_way(sign):
    exponent = f"{sign}{MAX_EXPONENT}"
    assert read_decimal(f"1e{exponent}").number == Decimal(f"1e{exponent}")
    with pytest.raises(NumberOutOfBounds):
        read_decimal(f"1e{sign}{MAX_EXPONENT + 1}")


@pytest.mark.parametrize(
    ("typed", "places"),
    [("10.000", 3), ("10", 0), ("1E3", -3), ("1.5E3", -2), ("1.5E-3", 4), ("-0.0", 1), (".5", 1)],
)
def test_decimal_places_are_those_that_were_given(typed, places):
    assert read_decimal(typed).decimal_places == places


@pytest.mark.parametrize("letter", list(",\uff0c\u3001\u066b\u066c"))
def test_every_kind_of_comma_is_refused_and_answered_with_a_point(letter):
    with pytest.raises(DecimalComma) as refused:
        read_decimal(f" 0{letter}171 ")
    assert refused.value.facts == {"typed": f"0{letter}171", "suggestion": "0.171"}


def test_two_commas_leave_no_number_to_suggest_but_an_example():
    with pytest.raises(DecimalComma) as refused:
        read_decimal("1,234,567")
    assert refused.value.facts["suggestion"] == "0.171"


# --- budgets -------------------------------------------------------------------------------------------------


def plain_budget(**changes):
    item = InputQuantity("x", Text(en="x"), "\\one", 1.0, Normal(0.1), sensitivity=1.0)
    plain = budget_to_plain(Budget("y", Text(en="y"), "\\one", (item,), estimate=1.0))
    plain["inputs"][0] |= changes
    return plain


@pytest.mark.parametrize("nu", ["0", "-1", "nan", "-inf", 0, "0.0"])
def test_degrees_of_freedom_that_cannot_be_are_refused_when_the_budget_is_read(nu):
    with pytest.raises(ParameterNotAllowed) as refused:
        budget_from_plain(plain_budget(degrees_of_freedom=nu))
    assert refused.value.facts["parameter"] == "ν"


@pytest.mark.parametrize("nu", ["1", "0.5", "inf", "1e300"])
def test_degrees_of_freedom_above_zero_are_taken_as_stated(nu):
    found = propagate(budget_from_plain(plain_budget(degrees_of_freedom=nu)))
    assert found.degrees_of_freedom == pytest.approx(float(nu))


ODD = st.sampled_from(
    ["nan", "inf", "-inf", "0", "-1", "1e308", "1e-308", "5e-324", "x", "", None, True, [], {}]
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["estimate", "sensitivity", "degrees_of_freedom"]), ODD, ODD)
def test_an_odd_number_in_a_stored_budget_gives_a_report_or_an_error_of_ours(member, odd, u):
    changes = {member: odd, "distribution": {"kind": "normal", "u": u}}
    try:
        found = evaluate(budget_from_plain(plain_budget(**changes)))
    except JialiangError as problem:
        assert problem.what.zh
        assert problem.what.en
    else:
        assert math.isfinite(float(found.reported.uncertainty_text))
        assert float(found.reported.uncertainty_text) > 0
