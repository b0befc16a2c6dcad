"""Laws of comparing: turned round everything changes its sign, E_n is that of exact fractions, nothing is left over."""

import math
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jialiang.formats.dcc.comparison.comparing import compare_quantities
from jialiang.formats.dcc.comparison.matching import matched_rows, paired
from jialiang.formats.dcc.quantities.model import MeasurementResult, Uncertainty, Writing

FACTORS = {"\\metre": Fraction(1), "\\milli\\metre": Fraction(1, 1000), "\\kilo\\metre": Fraction(1000)}
LENGTHS = st.sampled_from(list(FACTORS))
DECIMALS = st.from_regex(r"-?[0-9]{1,7}(\.[0-9]{1,7})?(e-?[0-9])?", fullmatch=True)
WIDTHS = st.from_regex(r"[0-9]{1,3}\.[0-9]{1,3}[1-9](e-?[0-9])?", fullmatch=True)


def result(*writings, name="value", place=1, ref_type=("basic_measuredValue",), role="result", table=""):
    return MeasurementResult(
        path=f"/q[{place}]", line=place, element="quantity", role=role, kind="realListXMLList",
        name=(("en", name),), ref_type=ref_type, writings=writings, table=table,
    )  # fmt: skip


def column(values, unit="\\metre", widths=()):
    uncertainty = Uncertainty("expanded", expanded_uncertainty=tuple(widths))
    return Writing("realListXMLList", tuple(values), (unit,), uncertainty=uncertainty)


def rows(first, second):
    (difference,) = compare_quantities([first], [second])
    return difference.rows


COLUMNS = st.lists(st.tuples(DECIMALS, WIDTHS), min_size=1, max_size=4)


def of(entries, unit="\\metre"):
    return result(column([v for v, _ in entries], unit, [u for _, u in entries]))


@given(COLUMNS, COLUMNS)
def test_turned_round_every_difference_and_e_n_changes_its_sign(first, second):
    there, back = rows(of(first), of(second)), rows(of(second), of(first))
    key = {(row.row_first, row.row_second): row for row in there}
    assert len(there) == len(back) == max(len(first), len(second))
    for row in back:
        other = key[row.row_second, row.row_first]
        assert (row.first, row.second) == (other.second, other.first)
        assert row.expanded_uncertainty_first == other.expanded_uncertainty_second
        assert row.is_changed == other.is_changed
        assert row.agrees == other.agrees
        if row.row_first and row.row_second:
            assert Fraction(row.difference) == -Fraction(other.difference)
            assert row.e_n == -other.e_n


@given(st.tuples(DECIMALS, WIDTHS), LENGTHS, st.tuples(DECIMALS, WIDTHS), LENGTHS)
def test_e_n_squared_is_the_quotient_of_exact_squares(first, unit, second, other_unit):
    (row,) = rows(of([first], unit), of([second], other_unit))
    scale = FACTORS[other_unit] / FACTORS[unit]
    difference = Fraction(second[0]) * scale - Fraction(first[0])
    square = difference**2 / (Fraction(first[1]) ** 2 + (Fraction(second[1]) * scale) ** 2)
    assert math.isclose(Fraction(row.e_n) ** 2, square, rel_tol=1e-12)
    assert (row.e_n < 0) == (difference < 0)
    assert row.agrees == (abs(row.e_n) <= 1)
    assert math.isclose(Fraction(row.difference), difference, rel_tol=1e-30)
    assert row.unit == unit
    assert Fraction(row.second) == Fraction(second[0]) * scale


@given(COLUMNS, LENGTHS, LENGTHS)
def test_the_unit_in_which_one_compares_does_not_matter_to_e_n(entries, unit, other_unit):
    moved = [(f"{Fraction(v) + 1!s}", u) for v, u in entries if Fraction(v).denominator == 1]
    kept = [(v, u) for v, u in entries if Fraction(v).denominator == 1]
    assume(kept)
    there, back = rows(of(kept, unit), of(moved, other_unit)), rows(of(moved, other_unit), of(kept, unit))
    for row, other in zip(there, back, strict=True):
        assert math.isclose(row.e_n, -other.e_n, rel_tol=1e-9, abs_tol=1e-300)
        assert row.agrees == other.agrees or math.isclose(abs(row.e_n), 1)


@given(COLUMNS, LENGTHS)
def test_nothing_differs_from_itself(entries, unit):
    for row in rows(of(entries, unit), of(entries, unit)):
        assert (row.difference, row.e_n, row.is_changed) == ("0", 0.0, False)


@given(DECIMALS, st.integers(0, 3))
def test_zeros_at_the_end_are_no_change(text, zeros):
    assume("e" not in text)
    longer = text + ("" if "." in text else ".") + "0" * (zeros + 1)
    (row,) = rows(of([(text, "1")]), of([(longer, "1.0")]))
    assert not row.is_changed
    assert (row.first, row.second) == (text, longer)


@given(WIDTHS, st.sampled_from(["standard", "interval"]))
def test_u_twice_and_half_an_interval_are_the_same_width(width, form):
    exact = Fraction(width)
    stated = {
        "standard": Uncertainty("standard", standard_uncertainty=(width,)),
        "interval": Uncertainty("coverage_interval", interval_min=(f"-{width}",), interval_max=(width,)),
    }[form]
    other = result(Writing("real", ("1",), ("\\metre",), uncertainty=stated))
    (row,) = rows(of([("0", width)]), other)
    expected = exact * (2 if form == "standard" else 1)
    assert Fraction(row.expanded_uncertainty_second) == expected
    assert math.isclose(Fraction(row.e_n) ** 2, 1 / (exact**2 + expected**2), rel_tol=1e-12)


# --- pairs ----------------------------------------------------------------------------------------------------------

KINDS = st.tuples(
    st.sampled_from("AaBC"), st.sampled_from(["x", "y", ""]), st.sampled_from(["result", "condition"])
)


def quantities(kinds):
    return [
        result(column(["1"]), name=name, place=place, ref_type=tuple(ref.split()), role=role)
        for place, (name, ref, role) in enumerate(kinds, start=1)
    ]


@given(st.lists(KINDS, max_size=6), st.lists(KINDS, max_size=6))
def test_every_quantity_is_in_one_pair_and_pairs_turn_round(first, second):
    ones, others = quantities(first), quantities(second)
    pairs = paired(ones, others)
    assert Counter(a.path for a, _ in pairs if a) == Counter(each.path for each in ones)
    assert Counter(b.path for _, b in pairs if b) == Counter(each.path for each in others)
    assert all(a or b for a, b in pairs)

    def places(found):
        return Counter((a and a.path, b and b.path) for a, b in found)

    assert places(pairs) == places((b, a) for a, b in paired(others, ones))


@given(st.lists(KINDS, max_size=6), st.lists(KINDS, max_size=6))
def test_pairs_keep_role_and_ref_type_and_the_order_of_the_first(first, second):
    pairs = paired(quantities(first), quantities(second))
    for a, b in pairs:
        if a is not None and b is not None:
            assert (a.ref_type, a.name[0][1].casefold() == b.name[0][1].casefold() or a.path == b.path) == (
                b.ref_type, True,
            )  # fmt: skip
    lines = [a.line for a, _ in pairs if a]
    assert lines == sorted(lines)
    assert [a is None for a, _ in pairs] == sorted(a is None for a, _ in pairs)


@given(st.lists(KINDS, max_size=6), st.lists(KINDS, max_size=6))
def test_what_came_and_went_is_what_has_no_partner(first, second):
    differences = compare_quantities(quantities(first), quantities(second))
    kinds = Counter(difference.kind for difference in differences)
    assert kinds["compared"] + kinds["removed"] == len(first)
    assert kinds["compared"] + kinds["added"] == len(second)
    for difference in differences:
        assert bool(difference.path_first) is (difference.kind != "added")
        assert bool(difference.path_second) is (difference.kind != "removed")
        assert bool(difference.rows) is (difference.kind == "compared")


POINTS = st.lists(st.sampled_from("abcd"), max_size=4).map(tuple)


@given(st.integers(0, 5), st.integers(0, 5), POINTS, POINTS)
def test_rows_are_matched_one_to_one_and_turn_round(first, second, points, others):
    pairs = matched_rows(first, second, (points, others))
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
    assert all(a < first and b < second for a, b in pairs)
    assert {(b, a) for a, b in pairs} == set(matched_rows(second, first, (others, points)))


@settings(max_examples=50)
@given(st.permutations(list("abcd")), st.permutations(list("abcd")))
def test_rows_that_were_only_put_in_another_order_do_not_differ(one, other):
    def table(points):
        at = result(
            column([str(ord(p)) for p in points]),
            place=1,
            name="at",
            ref_type=("basic_nominalValue",),
            table="t",
        )
        found = result(column([str(ord(p) * 2) for p in points]), place=2, name="found", table="t")
        return [at, found]

    _, found = compare_quantities(table(one), table(other))
    assert not found.is_changed
    assert [row.label for row in found.rows] == [str(ord(p)) for p in one]


# Both writings of two hybrids, the unit that is compared, and the difference.
HYBRIDS = {
    "the same two": (("\\kelvin", "\\degreecelsius"), ("\\kelvin", "\\degreecelsius"), "\\kelvin", "0.5"),
    "in another order": (("\\kelvin", "\\degreecelsius"), ("\\degreecelsius", "\\kelvin"), "\\kelvin", "0.5"),
    "one of them gone": (("\\kelvin", "\\degreecelsius"), ("\\degreecelsius",), "\\degreecelsius", "0.5"),
    "only the other": (("\\kelvin",), ("\\degreecelsius",), "\\kelvin", "0.5"),
    "a foreign unit beside": (("|x", "\\kelvin"), ("|y", "\\kelvin"), "\\kelvin", "0.5"),
}
VALUES = {
    "\\kelvin": ("293.15", "293.65"),
    "\\degreecelsius": ("20.00", "20.50"),
    "|x": ("1", "9"),
    "|y": ("1", "9"),
}


@pytest.mark.parametrize("case", HYBRIDS)
def test_the_unit_that_both_have_is_compared(case):
    first, second, unit, difference = HYBRIDS[case]
    one = result(*(column([VALUES[u][0]], u) for u in first))
    other = result(*(column([VALUES[u][1]], u) for u in second))
    (row,) = rows(one, other)
    assert (row.unit, row.difference) == (unit, difference)
