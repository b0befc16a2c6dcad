"""Differences of two certificates worked out by hand: E_n, odd lists, units, languages, and what is not a value."""

import json
import math
from decimal import Decimal

import pytest
from tests.formats.dcc_samples import certificate_with, expanded, expanded_list, quantity, real, real_list

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.comparison.comparing import compare
from jialiang.formats.dcc.comparison.matching import matched_rows, paired, point_labels
from jialiang.formats.dcc.comparison.model import (
    CertificateDifference,
    QuantityDifference,
    RowDifference,
)

METRE, KELVIN, CELSIUS, PASCAL = "\\metre", "\\kelvin", "\\degreecelsius", "\\pascal"


def of(inside, **more):
    return Certificate.read(certificate_with(inside, **more))


def one(value, unit=METRE, uncertainty="", **more):
    return of(quantity(real(value, unit, uncertainty), **more))


def column(values, unit=METRE, after="", **more):
    return of(quantity(real_list(values, unit, after), **more))


def rows_of(first, second):
    """The rows of the only quantity that both have."""
    (difference,) = compare(first, second).quantities
    return difference.rows


def only(first, second):
    (row,) = rows_of(first, second)
    return row


# (y1, U1, y2, U2), the difference y2 - y1, and E_n = difference / √(U1² + U2²), with Pythagorean pairs of U.
E_N = {
    "half": (("10.0", "3", "12.5", "4"), "2.5", 0.5),
    "exactly one": (("0", "0.3", "0.5", "0.4"), "0.5", 1.0),
    "just above one": (("0", "3", "5.01", "4"), "5.01", 1.002),
    "below": (("1", "5", "-12", "12"), "-13", -1.0),
    "no difference": (("7", "5", "7.00", "12"), "0", 0.0),
    "one uncertainty is zero": (("2", "0", "3", "4"), "1", 0.25),
    "with exponents": (("1e3", "8e0", "1.017e3", "15"), "17", 1.0),
    "tiny": (("0", "3e-200", "5e-200", "4e-200"), None, 1.0),
    "huge": (("0", "3e200", "-5e200", "4e200"), None, -1.0),
    "many digits": (("0.1234567890123456789", "3", "5.1234567890123456789", "4"), "5", 1.0),
}


@pytest.mark.parametrize("case", E_N)
def test_e_n_by_hand(case):
    (y1, u1, y2, u2), difference, e_n = E_N[case]
    row = only(one(y1, METRE, expanded(u1)), one(y2, METRE, expanded(u2)))
    assert math.isclose(row.e_n, e_n, rel_tol=1e-12, abs_tol=0)
    assert row.agrees is (abs(e_n) <= 1)
    assert row.is_changed
    if difference is not None:
        assert row.difference == difference


def test_without_any_width_there_is_no_e_n():
    row = only(one("1", METRE, expanded("0")), one("2", METRE, expanded("0")))
    assert (row.e_n, row.agrees, row.difference) == (None, None, "1")


def test_an_e_n_beyond_all_numbers_stays_a_number_of_json():
    difference = compare(one("0", METRE, expanded("1e-300")), one("1e300", METRE, expanded("1e-300")))
    written = json.dumps(difference.to_json(), allow_nan=False)
    assert json.loads(written)["worst_e_n"] > 1e307


@pytest.mark.parametrize(
    ("first", "second", "changed"),
    [
        (("1.0", "0.1"), ("1.00", "0.10"), False),  # the same numbers, written another way
        (("1.0", "0.1"), ("1.0", "0.2"), True),
        (("1.0", "0.1"), ("1.1", "0.1"), True),
        (("1e-400", "1"), ("2e-400", "1"), True),  # a difference that floating point takes for none
        (("NaN", "0.1"), ("NaN", "0.1"), False),
        (("NaN", "0.1"), ("1", "0.1"), True),
    ],
)
def test_what_counts_as_a_change_of_a_value(first, second, changed):
    row = only(one(first[0], METRE, expanded(first[1])), one(second[0], METRE, expanded(second[1])))
    assert row.is_changed is changed


# --- units --------------------------------------------------------------------------------------------------------


# first (value, unit, U), second (value, unit, U), and by hand in the unit of the first: value, U, difference
UNITS = {
    "millimetres": (("1.000", METRE, "0.003"), ("1005", "\\milli\\metre", "4"), ("1.005", "0.004", "0.005")),
    "metres of millimetres": (("1000", "\\milli\\metre", "3"), ("1.005", METRE, "0.004"), ("1005", "4", "5")),
    "ice point": (("300.00", KELVIN, "0.03"), ("26.90", CELSIUS, "0.04"), ("300.05", "0.04", "0.05")),
    "back from the ice point": (("26.85", CELSIUS, "0.03"), ("300.05", KELVIN, "0.04"), ("26.9", "0.04", "0.05")),
    "kilopascal": (("100000", PASCAL, "30"), ("100.05", "\\kilo\\pascal", "0.04"), ("100050", "40", "50")),
    "percent": (("0.50", "\\one", "0.03"), ("55", "\\percent", "4"), ("0.55", "0.04", "0.05")),
    "hours": (("60", "\\minute", "3"), ("1", "\\hour", "0.05"), ("60", "3", "0")),
}  # fmt: skip


@pytest.mark.parametrize("case", UNITS)
def test_a_changed_unit_is_no_changed_value(case):
    (y1, unit, u1), (y2, other, u2), (shown, width, difference) = UNITS[case]
    row = only(one(y1, unit, expanded(u1)), one(y2, other, expanded(u2)))
    assert (row.first, row.second, row.unit) == (y1, shown, unit)
    assert (row.expanded_uncertainty_first, row.expanded_uncertainty_second) == (u1, width)
    assert row.difference == difference
    expected = float(Decimal(difference)) / math.hypot(float(u1), float(width))
    assert math.isclose(row.e_n, expected, rel_tol=1e-12, abs_tol=1e-15)


@pytest.mark.parametrize(
    "units", [(METRE, KELVIN), (METRE, "\\nothing"), ("|x", "|y"), ("\\decibel", "\\one\\one")]
)
def test_values_in_units_that_do_not_meet_are_compared_as_texts(units):
    row = only(one("1.5", units[0], expanded()), one("1.5", units[1], expanded()))
    assert (row.first, row.second, row.unit, row.difference, row.e_n) == ("1.5", "1.5", "", "", None)


def test_an_unknown_unit_on_both_sides_is_one_unit():
    row = only(one("1.5", "|x", expanded("3")), one("6.5", "|x", expanded("4")))
    assert (row.unit, row.difference, row.e_n) == ("|x", "5", 1.0)


def test_every_row_has_its_own_unit():
    first = column("1 2", "\\metre \\second")
    second = column("1 3", "\\metre \\second")
    assert [(row.unit, row.difference) for row in rows_of(first, second)] == [(METRE, "0"), ("\\second", "1")]


# --- rows ---------------------------------------------------------------------------------------------------------


def test_a_value_that_is_missing_at_the_end_is_a_difference():
    difference = compare(
        column("1 2 3", after=expanded_list("0.1 0.2 0.3")), column("1 2", after=expanded_list("0.1 0.2"))
    )
    assert not difference.is_same
    assert difference.relation == "other_version"
    last = difference.quantities[0].rows[-1]
    assert (last.row_first, last.row_second) == (3, 0)
    assert (last.first, last.second, last.unit, last.is_changed) == ("3", "", METRE, True)
    assert (last.expanded_uncertainty_first, last.expanded_uncertainty_second) == ("0.3", "")
    assert (last.difference, last.e_n) == ("", None)


def test_a_value_that_came_at_the_end_is_a_difference():
    last = rows_of(column("1"), column("1 2", after=expanded_list("0.5")))[-1]
    assert (last.row_first, last.row_second) == (0, 2)
    assert (last.first, last.second, last.expanded_uncertainty_second) == ("", "2", "0.5")


def table(points, values, ref_type="basic_nominalValue"):
    """A list of points and what was measured there."""
    at = quantity(real_list(points, METRE), "Point", f'refType="{ref_type}"')
    return of(f"<dcc:list>{at}{quantity(real_list(values, METRE), 'Found')}</dcc:list>")


def found(first, second):
    return [
        (row.row_first, row.row_second, row.label, row.difference)
        for row in compare(first, second).quantities[1].rows
    ]


# points and values of both certificates, and the rows (first, second, label, difference) of the values
POINTS = {
    "the same": (("10 20", "1 2"), ("10 20", "1 3"), [(1, 1, "10", "0"), (2, 2, "20", "1")]),
    "another order": (("10 20", "1 2"), ("20 10", "3 1"), [(1, 2, "10", "0"), (2, 1, "20", "1")]),
    "one missing": (
        ("10 20 30", "1 2 3"), ("10 30", "1 5"), [(1, 1, "10", "0"), (2, 0, "20", ""), (3, 2, "30", "2")],
    ),
    "one more": (
        ("10 30", "1 3"), ("10 20 30", "1 2 3"), [(1, 1, "10", "0"), (2, 3, "30", "0"), (0, 2, "20", "")],
    ),
    "no point shared": (("10 20", "1 2"), ("11 21", "1 2"), [(1, 1, "10", "0"), (2, 2, "20", "0")]),
    "a point twice": (("10 10", "1 2"), ("10 10", "1 3"), [(1, 1, "10", "0"), (2, 2, "10", "1")]),
    "fewer points than values": (("10", "1 2"), ("10", "1 3"), [(1, 1, "10", "0"), (2, 2, "", "1")]),
}  # fmt: skip


@pytest.mark.parametrize("case", POINTS)
def test_rows_are_told_by_their_points(case):
    first, second, expected = POINTS[case]
    assert found(table(*first), table(*second)) == expected


@pytest.mark.parametrize("ref_type", ["basic_nominalValue", "basic_calibrationValue", "basic_referenceValue"])
def test_points_are_nominal_before_calibration_before_reference_values(ref_type):
    labels = point_labels(table("10 20", "1 2", ref_type).quantities())
    assert list(labels.values()) == [("10", "20")]
    assert point_labels(table("10 20", "1 2", "basic_measuredValue").quantities()) == {}


def test_the_better_column_of_points_wins_wherever_it_stands():
    inside = "".join(
        quantity(real_list(values, METRE), name, f'refType="basic_{name}"')
        for name, values in (
            ("referenceValue", "9.9 19.9"),
            ("nominalValue", "10 20"),
            ("calibrationValue", "1 2"),
        )
    )
    assert list(point_labels(of(f"<dcc:list>{inside}</dcc:list>").quantities()).values()) == [("10", "20")]


@pytest.mark.parametrize(
    ("counts", "labels", "expected"),
    [
        ((0, 0), ((), ()), []),
        ((2, 3), ((), ()), [(0, 0), (1, 1)]),
        ((1, 1), (("a",), ("b",)), [(0, 0)]),
        ((2, 2), (("a", "b"), ("b", "c")), [(1, 0)]),
        ((2, 2), (("a", "b", "c"), ("b", "a")), [(0, 0), (1, 1)]),
    ],
)
def test_rows_without_points_of_their_own_follow_one_another(counts, labels, expected):
    assert matched_rows(*counts, labels) == expected


# --- which quantity is which --------------------------------------------------------------------------------------


def names_of(pairs):
    return [(a.name_in("en") if a else None, b.name_in("en") if b else None) for a, b in pairs]


def certificate_of(*named):
    """Quantities (name, refType)."""
    return of("".join(
        quantity(real("1", METRE), name, f'refType="{ref_type}"' if ref_type else "") for name, ref_type in named
    )).quantities()  # fmt: skip


PAIRS = {
    "another order": ([("A", ""), ("B", "")], [("B", ""), ("A", "")], [("A", "A"), ("B", "B")]),
    "another case": ([("Value", "")], [("VALUE", "")], [("Value", "VALUE")]),
    "another name at the same place": ([("A", "x")], [("B", "x")], [("A", "B")]),
    "another name and another refType": ([("A", "x")], [("B", "y")], [("A", None), (None, "B")]),
    "the same name of another refType": ([("A", "x")], [("A", "y")], [("A", None), (None, "A")]),
    "one of three gone": (
        [("A", ""), ("A", ""), ("B", "")], [("A", ""), ("B", "")], [("A", "A"), ("A", None), ("B", "B")],
    ),
    "nothing against something": ([], [("A", "")], [(None, "A")]),
}  # fmt: skip


@pytest.mark.parametrize("case", PAIRS)
def test_quantities_are_paired(case):
    first, second, expected = PAIRS[case]
    one_side = certificate_of(*first) if first else ()
    assert names_of(paired(one_side, certificate_of(*second))) == expected


def test_a_name_in_several_languages_is_the_same_in_another_order():
    zh, en = '<dcc:content lang="zh">值</dcc:content>', '<dcc:content lang="en">Value</dcc:content>'
    content = real("1", METRE)
    first = of(f"<dcc:quantity><dcc:name>{zh}{en}</dcc:name>{content}</dcc:quantity>")
    second = of(f"<dcc:quantity><dcc:name>{en}{zh}</dcc:name>{content}</dcc:quantity>")
    (difference,) = compare(first, second).quantities
    assert difference.kind == "compared"
    assert difference.name == (("zh", "值"), ("en", "Value"))
    assert compare(first, second).to_json("zh")["quantities"][0]["name"] == "值"
    assert compare(first, second).to_json("fr")["quantities"][0]["name"] == "值"


# --- words, conclusions and what else -----------------------------------------------------------------------------


def words(*texts):
    return of(quantity("<dcc:noQuantity>" + "".join(
        f'<dcc:content lang="{language}">{text}</dcc:content>' for language, text in texts
    ) + "</dcc:noQuantity>"))  # fmt: skip


def test_words_are_compared_language_by_language():
    rows = rows_of(words(("zh", "好"), ("en", "good")), words(("zh", "好"), ("en", "bad")))
    assert [(row.first, row.second, row.is_changed) for row in rows] == [
        ("好", "好", False),
        ("good", "bad", True),
    ]


def test_a_language_that_is_gone_is_a_change():
    rows = rows_of(words(("zh", "好"), ("en", "good")), words(("zh", "好")))
    assert [(row.first, row.second) for row in rows] == [("好", "好"), ("good", "")]
    assert rows[1].is_changed


def test_a_number_that_became_words_is_a_change():
    row = only(one("1"), words(("en", "one")))
    assert (row.first, row.second, row.unit, row.is_changed) == ("1", "one", "", True)


def test_administrative_changes_say_what_was_and_what_is():
    base = certificate_with()
    second = Certificate.read(base.replace(b">laboratory<", b">customer<"))
    (change,) = compare(Certificate.read(base), second).administrative
    assert (change.first, change.second) == ("laboratory", "customer")
    assert change.path.endswith("/performanceLocation[1]")
    (gone,) = compare(Certificate.read(base), Certificate.read(base.replace(
        b"<dcc:mainSigner>true</dcc:mainSigner>", b""))).administrative  # fmt: skip
    assert (gone.first, gone.second) == ("true", None)


@pytest.mark.parametrize(
    ("second", "relation"),
    [
        (certificate_with(), "same"),
        (certificate_with(end="2026-03-03"), "other_version"),
        (certificate_with(number="N-2"), "recalibration"),
        (certificate_with(number="N-2").replace(b">S-1<", b">S-2<"), "unrelated"),
        (
            certificate_with(number="N-2").replace(
                b"</dcc:coreData>",
                b"<dcc:reportAmendedSubstituted><dcc:typeOfChange>amended</dcc:typeOfChange>"
                b"<dcc:replacedUniqueIdentifier>N-1</dcc:replacedUniqueIdentifier></dcc:reportAmendedSubstituted>"
                b"</dcc:coreData>",
            ),
            "amendment",
        ),
    ],
)
def test_what_the_second_is_to_the_first(second, relation):
    assert compare(Certificate.read(certificate_with()), Certificate.read(second)).relation == relation


# --- the plain values ---------------------------------------------------------------------------------------------


def row(e_n=None, first="1", second="1", difference="0", **more):
    return RowDifference(1, 1, "", first, second, METRE, difference=difference, e_n=e_n, **more)


def test_the_worst_e_n_is_the_largest_without_its_sign():
    quantities = (
        QuantityDifference("compared", (), (), rows=(row(0.4), row(-0.9))),
        QuantityDifference("compared", (), (), rows=(row(None), row(0.8))),
    )
    difference = CertificateDifference("A", "B", "recalibration", quantities, ())
    assert difference.worst_e_n == 0.9
    assert difference.is_same
    assert CertificateDifference("A", "B", "unrelated", (), ()).worst_e_n is None


def test_json_of_a_difference_rounds_e_n_and_nothing_else():
    quantities = (
        QuantityDifference("compared", (("zh", "值"), ("en", "value")), ("basic_x",), "/a", "/b",
                           (row(0.123456, first="1.000", second="1.0001", difference="0.0001"),)),
        QuantityDifference("removed", (("", "gone"),), (), "/c"),
    )  # fmt: skip
    said = CertificateDifference("A", "B", "amendment", quantities, ()).to_json("zh")
    assert (said["first"], said["second"], said["relation"], said["same"]) == ("A", "B", "amendment", False)
    assert said["worst_e_n"] == 0.1235
    compared, removed = said["quantities"]
    assert (compared["name"], compared["ref_type"], compared["changed"]) == ("值", ["basic_x"], True)
    assert compared["rows"][0]["difference"] == "0.0001"
    assert compared["rows"][0]["agrees"] is True
    assert (removed["kind"], removed["name"], removed["path_second"], removed["rows"]) == (
        "removed",
        "gone",
        "",
        [],
    )


# What stands in a quantity and is neither its value nor its uncertainty: before, after.
BESIDE = {
    "coverage factor": (expanded("0.1", "2"), expanded("0.1", "3"), ("2", "3")),
    "probability": (expanded("0.1", "2", "0.95"), expanded("0.1", "2", "0.9545"), ("0.95", "0.9545")),
    "distribution": (
        expanded("0.1", distribution="normal"),
        expanded("0.1", distribution="t"),
        ("normal", "t"),
    ),
}


@pytest.mark.parametrize("case", BESIDE)
def test_what_stands_beside_a_value_is_a_change_too(case):
    before, after, texts = BESIDE[case]
    difference = compare(one("1", METRE, before), one("1", METRE, after))
    assert not difference.is_same
    (change,) = difference.administrative
    assert (change.first, change.second) == texts


def test_the_imaginary_part_is_no_change_that_is_lost():
    def of_complex(imaginary):
        return of(quantity(
            f"<si:complex><si:valueReal>1</si:valueReal><si:valueImag>{imaginary}</si:valueImag>"
            f"<si:unit>{METRE}</si:unit></si:complex>"
        ))  # fmt: skip

    assert compare(of_complex("2"), of_complex("2")).is_same
    (change,) = compare(of_complex("2"), of_complex("3")).administrative
    assert (change.first, change.second) == ("2", "3")
