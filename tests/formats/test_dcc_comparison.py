"""The difference of two certificates: E_n worked out by hand, units, points, and what else changed."""

import json
import math

import pytest
from tests.formats.dcc_samples import (
    SAMPLES,
    certificate_with,
    changed,
    expanded,
    expanded_list,
    quantity,
    real,
    real_list,
    sample_certificate,
)

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.comparison.comparing import LIMIT, compare, compare_adjustment, compare_quantities
from jialiang.formats.dcc.comparison.matching import matched_rows, paired
from jialiang.formats.dcc.migration.migrating import migrate

METRE = "\\metre"


def of(*quantities, **more):
    return Certificate.read(certificate_with("".join(quantities), **more))


def only_row(first, second):
    (difference,) = compare(first, second).quantities
    (row,) = difference.rows
    return row


@pytest.mark.parametrize("name", SAMPLES)
def test_a_certificate_does_not_differ_from_itself(oracles, name):
    certificate = sample_certificate(oracles, name)
    difference = compare(certificate, certificate)
    assert difference.is_same
    assert difference.relation == "same"
    assert difference.worst_e_n in (None, 0.0)
    assert len(difference.quantities) == len(certificate.quantities())
    assert all(each.kind == "compared" for each in difference.quantities)


@pytest.mark.parametrize("name", [n for n in SAMPLES if not n.startswith("v3.3.0")])
def test_no_value_differs_after_a_migration(oracles, name):
    certificate = sample_certificate(oracles, name)
    difference = compare(certificate, Certificate.of(migrate(certificate.tree).tree))
    # Texts of one language become one; so words may differ, numbers may not.
    changed_numbers = [q for q in difference.quantities if q.is_changed and any(row.unit for row in q.rows)]
    assert changed_numbers == []


def test_e_n_is_the_difference_over_both_uncertainties():
    """E_n = (10.05 − 10.00) / √(0.03² + 0.04²) = 0.05 / 0.05 = 1."""
    first = of(quantity(real("10.00", METRE, expanded("0.03"))))
    second = of(quantity(real("10.05", METRE, expanded("0.04"))), number="N-2")
    row = only_row(first, second)
    assert math.isclose(row.e_n, 1.0, rel_tol=1e-12)
    assert row.agrees is True
    assert row.difference == "0.05"
    assert (row.first, row.second, row.unit) == ("10.00", "10.05", METRE)
    assert (row.expanded_uncertainty_first, row.expanded_uncertainty_second) == ("0.03", "0.04")


def test_beyond_one_they_do_not_agree():
    row = only_row(
        of(quantity(real("1", METRE, expanded("0.1")))), of(quantity(real("0", METRE, expanded("0.1"))))
    )
    assert math.isclose(row.e_n, -1 / math.sqrt(0.02))
    assert row.agrees is False


def test_without_uncertainty_there_is_no_e_n():
    row = only_row(of(quantity(real("1", METRE))), of(quantity(real("2", METRE, expanded("0.1")))))
    assert (row.e_n, row.agrees, row.difference) == (None, None, "1")


def standard(u):
    return (
        "<si:measurementUncertaintyUnivariate><si:standardMU><si:valueStandardMU>"
        f"{u}</si:valueStandardMU></si:standardMU></si:measurementUncertaintyUnivariate>"
    )


def interval(low, high):
    return (
        f"<si:coverageInterval><si:standardUnc>9</si:standardUnc><si:intervalMin>{low}</si:intervalMin>"
        f"<si:intervalMax>{high}</si:intervalMax><si:coverageProbability>0.95</si:coverageProbability>"
        "</si:coverageInterval>"
    )


@pytest.mark.parametrize("uncertainty", [standard("0.015"), interval("9.97", "10.03")])
def test_other_forms_of_uncertainty_are_expanded_first(uncertainty):
    """2 × 0.015 and (10.03 − 9.97) / 2 are both 0.03."""
    row = only_row(
        of(quantity(real("10.00", METRE, uncertainty))), of(quantity(real("10.05", METRE, expanded("0.04"))))
    )
    assert math.isclose(row.e_n, 1.0, rel_tol=1e-12)


def test_units_are_converted_to_those_of_the_first():
    row = only_row(
        of(quantity(real("1.000", METRE, expanded("0.003")))),
        of(quantity(real("1005", "\\milli\\metre", expanded("4")))),
    )
    assert (row.second, row.difference, row.expanded_uncertainty_second) == ("1.005", "0.005", "0.004")
    assert math.isclose(row.e_n, 1.0, rel_tol=1e-12)


def test_celsius_and_kelvin_meet_at_the_ice_point():
    row = only_row(of(quantity(real("293.15", "\\kelvin"))), of(quantity(real("20.05", "\\degreecelsius"))))
    assert (row.second, row.difference) == ("293.2", "0.05")


def test_of_hybrids_the_writings_in_one_unit_are_compared():
    both = f"<si:hybrid>{real('293.15', chr(92) + 'kelvin')}{real('20.00', chr(92) + 'degreecelsius')}</si:hybrid>"
    row = only_row(of(quantity(both)), of(quantity(real("20.10", "\\degreecelsius"))))
    assert (row.unit, row.difference) == ("\\degreecelsius", "0.1")


def test_values_of_different_kinds_are_only_texts():
    row = only_row(of(quantity(real("1", METRE))), of(quantity(real("1", "\\second"))))
    assert (row.difference, row.e_n, row.unit) == ("", None, "")
    assert (
        not row.is_changed
    )  # the texts are the same; the unit is said in the administrative changes of neither


def test_words_are_compared_as_words():
    words = "<dcc:noQuantity><dcc:content>{}</dcc:content></dcc:noQuantity>"
    row = only_row(of(quantity(words.format("good"))), of(quantity(words.format("bad"))))
    assert (row.first, row.second, row.is_changed) == ("good", "bad", True)


def table(points, values, **more):
    return of(
        "<dcc:list>"
        + quantity(real_list(points, METRE), "Point", 'refType="basic_nominalValue"')
        + quantity(
            real_list(values, METRE, expanded_list("0.1")), "Error", 'refType="basic_measurementError"'
        )
        + "</dcc:list>",
        **more,
    )


def test_rows_are_matched_by_their_points():
    """This year's points come in another order, one is new, and one was left out."""
    difference = compare(table("10 20 30", "0.1 0.2 0.3"), table("30 10 40", "0.35 0.10 0.9", number="N-2"))
    errors = difference.quantities[1]
    assert [(row.label, row.first, row.second) for row in errors.rows] == [
        ("10", "0.1", "0.10"),
        ("20", "0.2", ""),
        ("30", "0.3", "0.35"),
        ("40", "", "0.9"),
    ]
    assert [(row.row_first, row.row_second) for row in errors.rows] == [(1, 2), (2, 0), (3, 1), (0, 3)]
    assert [row.is_changed for row in errors.rows] == [False, True, True, True]


def test_rows_without_points_follow_one_another():
    assert matched_rows(2, 3, ((), ())) == [(0, 0), (1, 1)]
    assert matched_rows(2, 2, (("1", "1"), ("1", "1"))) == [(0, 0), (1, 1)]
    assert matched_rows(2, 2, (("1", "2"), ("3", "4"))) == [(0, 0), (1, 1)]


def test_quantities_are_paired_by_ref_type_and_name():
    first = of(quantity(real("1", METRE), "A") + quantity(real("2", METRE), "B")).quantities()
    second = of(quantity(real("2", METRE), "B") + quantity(real("1", METRE), "A")).quantities()
    assert [(one.name[0][1], other.name[0][1]) for one, other in paired(first, second)] == [
        ("A", "A"),
        ("B", "B"),
    ]


def test_the_second_of_two_alike_goes_with_the_second():
    first = of(quantity(real("1", METRE), "A") + quantity(real("2", METRE), "A")).quantities()
    second = of(quantity(real("1", METRE), "A") + quantity(real("2.5", METRE), "A")).quantities()
    rows = [each.rows[0].difference for each in compare_quantities(first, second)]
    assert rows == ["0", "0.5"]


def test_a_renamed_quantity_is_found_at_its_place():
    first, second = of(quantity(real("1", METRE), "Old")), of(quantity(real("2", METRE), "New"))
    (difference,) = compare(first, second).quantities
    assert (difference.kind, difference.rows[0].difference) == ("compared", "1")


def test_what_came_and_went_is_said():
    first = of(quantity(real("1", METRE), "A") + quantity(real("2", METRE), "B"))
    second = of(quantity(real("1", METRE), "A"))
    assert [(q.kind, q.is_changed) for q in compare(first, second).quantities] == [
        ("compared", False),
        ("removed", True),
    ]
    back = compare(second, first).quantities
    assert [(q.kind, q.path_first != "") for q in back] == [("compared", True), ("added", False)]


def amended(number):
    text = certificate_with(number="N-2").decode()
    return Certificate.read(
        text.replace(
            "</dcc:coreData>",
            "<dcc:reportAmendedSubstituted><dcc:typeOfChange>amended</dcc:typeOfChange><dcc:replacedUniqueIdentifier>"
            f"{number}</dcc:replacedUniqueIdentifier></dcc:reportAmendedSubstituted></dcc:coreData>",
        ).encode()
    )


def test_the_relation_follows_from_numbers_and_items():
    base = Certificate.read(certificate_with())
    assert compare(base, amended("N-1")).relation == "amendment"
    assert compare(base, amended("N-0")).relation == "recalibration"
    assert compare(base, Certificate.read(certificate_with(end="2026-03-03"))).relation == "other_version"
    stranger = certificate_with(number="N-2").replace(b"S-1", b"S-9")
    assert compare(base, Certificate.read(stranger)).relation == "unrelated"


def test_administrative_changes_have_names_for_people(oracles):
    first = sample_certificate(oracles, "v3.3.0_gp_temperature_valid")
    second = sample_certificate(oracles, "v3.3.0_gp_temperature_xmldsig_tampered")
    (change,) = compare(first, second).administrative
    assert (change.first, change.second) == ("1234", "12345")
    assert (change.name.zh, change.name.en) == ("证书编号", "certificate number")


def test_changed_values_of_a_sample_are_found_one_by_one(oracles):
    first = sample_certificate(oracles, "v3.3.0_gp_temperature_valid")
    tree = changed(
        oracles, "v3.3.0_gp_temperature_valid", (">0.072 0.089 0.107 -0.009", ">0.072 0.089 0.307 -0.009")
    )
    difference = compare(first, Certificate.of(tree))
    (quantity_,) = [each for each in difference.quantities if each.is_changed]
    (row,) = [each for each in quantity_.rows if each.is_changed]
    assert (row.row_first, row.first, row.second, row.difference) == (3, "0.107", "0.307", "0.2")
    assert difference.administrative == ()
    # U = 0.061 in both: E_n = 0.2 / (0.061 √2).
    assert math.isclose(row.e_n, 0.2 / (0.061 * math.sqrt(2)))
    assert difference.worst_e_n == abs(row.e_n)
    assert difference.relation == "other_version"


def state(id_, status):
    return (
        f'<dcc:influenceCondition id="{id_}"><dcc:name><dcc:content>State</dcc:content></dcc:name>'
        f"<dcc:status>{status}</dcc:status><dcc:data><dcc:text><dcc:content>x</dcc:content></dcc:text></dcc:data>"
        "</dcc:influenceCondition>"
    )


def test_what_was_found_is_compared_with_what_was_left():
    certificate = of(
        quantity(real("1.50", METRE, expanded("0.3")), "Error", 'refId="b"')
        + quantity(real("0.10", METRE, expanded("0.4")), "Error", 'refId="a"'),
        conditions=state("b", "beforeAdjustment") + state("a", "afterAdjustment"),
    )
    difference = compare_adjustment(certificate)
    (row,) = difference.quantities[0].rows
    assert (difference.relation, row.difference) == ("as_left", "-1.4")
    assert math.isclose(row.e_n, -2.8)
    assert compare_adjustment(of(quantity(real("1", METRE)))) is None


def test_json_says_everything_in_plain_values():
    difference = compare(table("10 20", "0.1 0.2"), table("10 20", "0.1 0.4", number="N-2"))
    said = json.loads(json.dumps(difference.to_json("zh")))
    assert (said["first"], said["second"], said["same"]) == ("N-1", "N-2", False)
    row = said["quantities"][1]["rows"][1]
    assert (row["difference"], row["e_n"], row["agrees"]) == ("0.2", round(0.2 / math.sqrt(0.02), 4), False)
    assert said["administrative"] == [
        {"path": said["administrative"][0]["path"], "name": "证书编号", "first": "N-1", "second": "N-2"}
    ]


def test_another_certificate_gives_a_list_that_ends(oracles):
    first = sample_certificate(oracles, "v2.3.0_example_multi_item")
    second = sample_certificate(oracles, "v3.1.2_gp_humidity")
    assert len(compare(first, second).administrative) <= LIMIT


@pytest.mark.parametrize("texts", [("NaN", "1"), ("1", "NaN"), ("1,5", "1"), ("1e999999999", "1")])
def test_what_is_no_number_is_compared_as_text(texts):
    row = only_row(of(quantity(real(texts[0], METRE))), of(quantity(real(texts[1], METRE))))
    assert (row.first, row.second) == texts
    assert (row.difference, row.e_n, row.is_changed) == ("", None, True)
