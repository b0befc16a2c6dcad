"""Single elements: lengths, characters, optional components, named parts; and which elements go together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.codes.application_identifiers import identifiers
from jialiang.formats.codes.check_characters import CHARACTER_SETS
from jialiang.formats.codes.elements import check_element, check_together
from jialiang.formats.codes.verdicts import CodeRefused

RIGHT = [
    ("01", "09506000134352", {"gtin": "09506000134352"}),
    ("00", "106141411234567897", {"sscc": "106141411234567897"}),
    ("10", "A", {}),
    ("10", "A" * 20, {}),
    ("21", "!\"%&'()*+,-./:;<=>?", {}),
    ("253", "9506000134352", {"document_type": "9506000134352"}),
    ("253", "9506000134352DOC-1", {"document_type": "9506000134352", "serial": "DOC-1"}),
    ("255", "9506000134352123456789012", {"coupon": "9506000134352", "serial": "123456789012"}),
    ("8003", "09506000134352", {"asset_type": "9506000134352"}),
    ("8003", "09506000134352" + "S" * 16, {"asset_type": "9506000134352", "serial": "S" * 16}),
    ("8004", "9506000/INS-7", {}),
    ("8006", "095060001343520102", {"gtin": "09506000134352", "piece": "0102"}),
    ("8010", "9506000AB-1/#", {}),
    ("8011", "123456789012", {}),
    ("8013", "1987654Ad4X4bL5ttr2310c2K", {}),
    ("11", "261100", {}),
    ("17", "261130", {}),
    ("3103", "000123", {}),
    ("3922", "123456789012345", {}),
    ("423", "156", {}),
    ("423", "156276840", {}),
    ("7003", "2611302359", {}),
    ("7007", "261130", {}),
    ("7007", "261130261231", {}),
    ("8008", "26113023", {}),
    ("8008", "261130235959", {}),
    ("8001", "00010000100190", {}),
    ("7040", "1ABC", {}),
    ("4330", "000100", {}),
    ("4330", "000100-", {}),
    ("4309", "02790858483015297971", {}),
    ("8030", "Az-_09", {}),
    ("7258", "1/3", {}),
    ("99", "x" * 90, {}),
    ("8110", "106141416543213150110120", {}),
]
WRONG = [
    ("01", "", "empty"),
    ("10", "", "empty"),
    ("01", "0950600013435", "length"),
    ("01", "095060001343521", "length"),
    ("01", "0950600013435X", "non_digit"),
    ("01", "09506000134353", "check_digit"),
    ("10", "A" * 21, "length"),
    ("10", "A B", "character"),
    ("10", "压力", "character"),
    ("21", "a^b", "character"),
    ("253", "950600013435", "length"),
    ("253", "9506000134352" + "D" * 18, "length"),
    ("253", "9506000134353DOC", "check_digit"),
    ("255", "9506000134352ABC", "non_digit"),
    ("8003", "19506000134352", "leading_zero"),
    ("8003", "09506000134353", "check_digit"),
    ("8003", "09506000134352" + "S" * 17, "length"),
    ("8004", "95A6000", "prefix"),
    ("8004", "950", "prefix"),
    ("8006", "095060001343520201", "piece_of_total"),
    ("8006", "0950600013435201", "length"),
    ("8010", "9506000ab", "character"),
    ("8011", "0123", "no_leading_zero"),
    ("8013", "1987654Ad4X4bL5ttr2310c2L", "check_pair"),
    ("8014", "123456789", "check_pair"),
    ("11", "261301", "date"),
    ("17", "26113", "length"),
    ("3103", "12345", "length"),
    ("423", "15", "length"),
    ("423", "15627", "length"),
    ("7003", "2611302460", "time"),
    ("7007", "261130261", "length"),
    ("7007", "261130261331", "date"),
    ("7040", "1AB", "length"),
    ("7040", "XABC", "non_digit"),
    ("7040", "1AB=", "one_of"),
    ("4330", "000100+", "one_of"),
    ("4309", "18000000010000000000", "number"),
    ("8030", "Az+/", "character"),
    ("7258", "3/1", "place_of_many"),
    ("8007", "GB82WEST12345698765433", "bank_account"),
    ("4321", "2", "one_of"),
    ("7252", "5", "one_of"),
    ("8019", "12345678901", "length"),
    ("402", "95060001343520004", "check_digit"),
]


@pytest.mark.parametrize(("ai", "value", "parts"), RIGHT)
def test_right_elements_give_their_named_parts(ai, value, parts):
    assert check_element(ai, value) == parts


@pytest.mark.parametrize(("ai", "value", "reason"), WRONG)
def test_wrong_elements_are_refused_with_their_reason(ai, value, reason):
    with pytest.raises(CodeRefused) as refused:
        check_element(ai, value)
    assert refused.value.finding.reason == reason
    assert refused.value.http_status == 422
    assert refused.value.what.zh
    assert refused.value.finding.hint.en in refused.value.way_out.en


def test_an_unknown_identifier_is_a_fault_of_the_caller():
    with pytest.raises(KeyError):
        check_element("04", "1")


@given(st.sampled_from(sorted(identifiers())), st.text(max_size=40))
def test_any_text_is_taken_or_refused_and_nothing_else(ai, text):
    try:
        check_element(ai, text)
    except CodeRefused as refused:
        assert refused.finding.what.zh
        assert refused.finding.hint.en


@given(st.sampled_from(["10", "21", "22", "235", "240", "250", "400", "91"]), st.data())
def test_every_text_of_the_set_that_fits_is_taken(ai, data):
    most = identifiers()[ai].components[0].most
    value = data.draw(st.text(CHARACTER_SETS["x"], min_size=1, max_size=most))
    assert check_element(ai, value) == {}


TOGETHER = [
    ({"01": "1", "21": "1"}, []),
    ({"01": "1"}, []),
    ({"21": "1"}, ["21"]),
    ({"8004": "1"}, []),
    ({"10": "1"}, ["10"]),
    ({"01": "1", "10": "1", "17": "1"}, []),
    ({"250": "1", "01": "1"}, ["250"]),
    ({"250": "1", "01": "1", "21": "1"}, []),
    ({"01": "1", "3103": "1"}, []),
    ({"3103": "1"}, ["3103"]),
    ({"01": "1", "3922": "1"}, ["3922"]),
    ({"01": "1", "30": "1", "3922": "1"}, []),
    ({"01": "1", "3103": "1", "3922": "1"}, []),
    ({"415": "1"}, ["415"]),
    ({"415": "1", "8020": "1"}, []),
    ({"254": "1", "414": "1"}, []),
    ({"254": "1", "417": "1"}, ["254"]),
    ({"00": "1", "02": "1", "37": "1"}, []),
    ({"7021": "1", "7022": "1", "8006": "1"}, []),
]
APART = [
    {"01": "1", "255": "1"},
    {"01": "1", "37": "1"},
    {"01": "1", "8006": "1"},
    {"21": "1", "235": "1", "01": "1"},
    {"3102": "1", "3103": "1", "01": "1"},
    {"8017": "1", "8018": "1"},
    {"422": "1", "426": "1"},
    {"420": "1", "421": "1"},
    {"3920": "1", "3930": "1", "01": "1", "30": "1"},
    {"02": "1", "01": "1"},
    {"7250": "1", "7251": "1", "8018": "1"},
]


@pytest.mark.parametrize(("elements", "lonely"), TOGETHER)
def test_an_element_that_needs_another_one_is_a_warning(elements, lonely):
    found = check_together(elements)
    assert [each.severity for each in found] == ["warning"] * len(lonely)
    assert [ai for each in found for ai in lonely if ai in each.what.en] == lonely


@pytest.mark.parametrize("elements", APART, ids="+".join)
def test_elements_that_exclude_each_other_are_refused_in_either_order(elements):
    for order in (elements, dict(reversed(elements.items()))):
        with pytest.raises(CodeRefused) as refused:
            check_together(order)
        assert refused.value.finding.reason == "excludes"
