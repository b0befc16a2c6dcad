"""Each rule for the content of an element, with what it lets pass and what it refuses, and how it is told."""

import pytest

from jialiang.formats.codes.content_rules import _RULES, fault_of

RIGHT = [
    ("check_digit", "09506000134352"),
    ("check_digit", "9506000134352"),
    ("check_digit", "00"),
    ("check_pair", "1987654Ad4X4bL5ttr2310c2K"),
    ("prefix_first", "6901ABC"),
    ("prefix_first", "6901"),
    ("prefix_second", "X6901"),
    ("prefix_second", "06901"),
    ("zero", "0"),
    ("day_may_be_00", "261100"),
    ("day_may_be_00", "000229"),
    ("day_may_be_00", "991231"),
    ("day_may_be_00", "240229"),
    ("date", "260131"),
    ("date", "240229"),
    ("full_date", "20240229"),
    ("full_date", "19991231"),
    ("hour_minute", "0000"),
    ("hour_minute", "2359"),
    ("hour", "23"),
    ("minute", "59"),
    ("second", "00"),
    ("not_zero", "0010"),
    ("no_leading_zero", "0"),
    ("no_leading_zero", "10"),
    ("not_digits_only", "1a"),
    ("winding", "0"),
    ("winding", "1"),
    ("winding", "9"),
    ("yes_or_no", "0"),
    ("yes_or_no", "1"),
    ("sex", "0"),
    ("sex", "1"),
    ("sex", "2"),
    ("sex", "9"),
    ("minus", "-"),
    ("importer_index", "-"),
    ("importer_index", "0"),
    ("importer_index", "Z"),
    ("importer_index", "_"),
    ("importer_index", "a"),
    ("piece_of_total", "0101"),
    ("piece_of_total", "0299"),
    ("piece_of_total", "9999"),
    ("place_of_many", "1/1"),
    ("place_of_many", "1/9"),
    ("place_of_many", "9/9"),
    ("percent_encoding", "a%20b"),
    ("percent_encoding", "ab"),
    ("percent_encoding", "%E5%8E%8B"),
    ("latitude", "0000000000"),
    ("latitude", "1800000000"),
    ("longitude", "3600000000"),
    ("longitude", "0000000000"),
    ("bank_account", "GB82WEST12345698765432"),
    ("bank_account", "DE89370400440532013000"),
    ("listed:iso3166", "999"),
    ("listed:couponcode", "whatever"),
]
WRONG = [
    ("check_digit", "09506000134353", "check_digit", "2"),
    ("check_digit", "01", "check_digit", "0"),
    ("check_pair", "1987654Ad4X4bL5ttr2310c2L", "check_pair", "2K"),
    ("check_pair", "2", "too_short", ""),
    ("prefix_first", "690A", "prefix", ""),
    ("prefix_first", "690", "prefix", ""),
    ("prefix_second", "0690", "prefix", ""),
    ("prefix_second", "06９01", "prefix", ""),
    ("zero", "1", "leading_zero", ""),
    ("day_may_be_00", "261301", "date", ""),
    ("day_may_be_00", "260001", "date", ""),
    ("day_may_be_00", "260230", "date", ""),
    ("day_may_be_00", "250229", "date", ""),
    ("date", "260100", "date", ""),
    ("date", "260431", "date", ""),
    ("full_date", "20230229", "date", ""),
    ("full_date", "00000101", "date", ""),
    ("full_date", "20241301", "date", ""),
    ("full_date", "20240100", "date", ""),
    ("hour_minute", "2400", "time", ""),
    ("hour_minute", "2360", "time", ""),
    ("hour", "24", "number", ""),
    ("minute", "60", "number", ""),
    ("second", "60", "number", ""),
    ("not_zero", "0000", "not_zero", ""),
    ("no_leading_zero", "01", "no_leading_zero", ""),
    ("not_digits_only", "123", "not_digits_only", ""),
    ("winding", "2", "one_of", ""),
    ("yes_or_no", "2", "one_of", ""),
    ("sex", "3", "one_of", ""),
    ("minus", "+", "one_of", ""),
    ("importer_index", "=", "one_of", ""),
    ("importer_index", "+", "one_of", ""),
    ("piece_of_total", "0201", "piece_of_total", ""),
    ("piece_of_total", "0001", "piece_of_total", ""),
    ("piece_of_total", "0000", "piece_of_total", ""),
    ("piece_of_total", "1009", "piece_of_total", ""),
    ("place_of_many", "0/1", "place_of_many", ""),
    ("place_of_many", "2/1", "place_of_many", ""),
    ("place_of_many", "1-2", "place_of_many", ""),
    ("place_of_many", "1/0", "place_of_many", ""),
    ("percent_encoding", "a%2", "percent", ""),
    ("percent_encoding", "50%", "percent", ""),
    ("percent_encoding", "%ZZ", "percent", ""),
    ("latitude", "1800000001", "number", ""),
    ("longitude", "3600000001", "number", ""),
    ("bank_account", "GB82WEST12345698765433", "bank_account", ""),
    ("bank_account", "gb82", "bank_account", ""),
    ("bank_account", "82GBWEST", "bank_account", ""),
]


@pytest.mark.parametrize(("rule", "text"), RIGHT)
def test_what_keeps_a_rule_passes(rule, text):
    assert fault_of(rule, text) is None


@pytest.mark.parametrize(("rule", "text", "reason", "expected"), WRONG)
def test_what_breaks_a_rule_is_told_with_its_reason(rule, text, reason, expected):
    fault = fault_of(rule, text)
    assert (fault.reason, fault.expected, fault.severity) == (reason, expected, "error")
    for words in (fault.what, fault.hint):
        assert words.zh
        assert words.en
        assert "{" not in words.zh + words.en


def test_every_rule_has_something_that_passes_and_something_that_does_not():
    assert {rule for rule, _ in RIGHT if not rule.startswith("listed:")} == set(_RULES)
    assert {rule for rule, *_ in WRONG} == set(_RULES)


def test_a_rule_that_is_not_known_is_a_fault_of_the_table():
    with pytest.raises(KeyError):
        fault_of("no_such_rule", "1")
